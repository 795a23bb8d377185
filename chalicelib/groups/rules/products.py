"""The products of banks whose loans members of a group guarantee for each other, as the policy `credit-products` has them. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from chalicelib.shared import policies
from chalicelib.shared.errors import RuleViolation

POLICY: Final = "credit-products"


class NotGuaranteed(RuleViolation):
    code = "product_not_for_groups"
    title = "No bank offers that product to groups."
    fix = "Choose one with `guaranteed`: GET /v1/credit-products."


class GroupProduct(msgspec.Struct, frozen=True, kw_only=True):
    """What a group has to know of a product; credit knows the rest."""

    id: str
    bank_id: str
    guaranteed: bool = False


def for_groups(product_id: str, on: date) -> GroupProduct:
    """A product that is offered to groups on a day. NotGuaranteed."""
    known = msgspec.convert(policies.in_force(POLICY, on).values["products"], list[GroupProduct])
    product = next((each for each in known if each.id == product_id and each.guaranteed), None)
    if product is None:
        offered = [each.id for each in known if each.guaranteed]
        raise NotGuaranteed(f"{product_id!r:.60} is not offered to groups.", param="product_id", products=offered)
    return product
