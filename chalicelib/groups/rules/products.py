"""The products of banks whose loans members of a group guarantee for each other, as the policy `credit-products` has them. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from chalicelib.groups.rules.joint_liability import LiabilityMode
from chalicelib.shared import policies
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.texts import say

POLICY: Final = "credit-products"


class NotGuaranteed(RuleViolation):
    code = "product_not_for_groups"
    title = "No bank offers that product to groups."
    fix = "Choose one with `guaranteed`: GET /v1/credit-products."


class GroupProduct(msgspec.Struct, frozen=True, kw_only=True):
    """What a group has to know of a product; credit knows the rest.

    The bank lends it to groups with one of `liability_modes`, whose members answer for `guarantee_months` at least.
    """

    id: str
    bank_id: str
    guaranteed: bool = False
    liability_modes: tuple[LiabilityMode, ...] = ()
    guarantee_months: int = 0


def offered(on: date) -> dict[str, GroupProduct]:
    """The products that are offered to groups on a day, by id."""
    known = msgspec.convert(policies.in_force(POLICY, on).values["products"], list[GroupProduct])
    return {each.id: each for each in known if each.guaranteed}


def for_groups(product_id: str, on: date) -> GroupProduct:
    """A product that is offered to groups on a day. NotGuaranteed."""
    known = offered(on)
    if product_id not in known:
        raise NotGuaranteed(
            say("{product_id!r:.60} is not offered to groups.", product_id=product_id),
            param="product_id",
            products=[*known],
        )
    return known[product_id]
