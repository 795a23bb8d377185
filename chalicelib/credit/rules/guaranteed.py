"""Credit that a group stands for: which application fits which group. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from chalicelib.credit.rules.products import Product
from chalicelib.groups.rules.drawing import CANNOT_DRAW
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.groups.rules.position import DrawingSeat
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.money import text
from chalicelib.shared.texts import say


class GroupNeeded(RuleViolation):
    code = "group_needed"
    title = "That product is lent to members of a group that stand for each other."
    fix = "Name your group as `group_id`, or choose a product that is not `guaranteed`."


class GroupForOneProduct(RuleViolation):
    code = "group_for_one_product"
    title = "A group stands for loans of one product."
    fix = "Apply for the group's product alone, or leave `group_id` out."


class LiabilityModeNotLent(RuleViolation):
    code = "liability_mode_not_lent"
    title = "The bank does not lend the product to a group with such a rule sheet."
    fix = "Agree a sheet with one of `modes` and with `guarantee_months` at least."


class OwnLimitExceeded(RuleViolation):
    code = "own_limit_exceeded"
    title = "The group's rule sheet gives the firm a lower limit."
    fix = "Apply for `maximum` at most, or agree another rule sheet."


class GroupChanged(Conflict):
    code = "group_changed"
    title = "The group has another rule sheet or other members than the agreement names."
    fix = "Let the agreement lapse, and apply again under the rule sheet in force."


DOES_NOT_FIT: Final = (GroupNeeded, GroupForOneProduct, LiabilityModeNotLent, OwnLimitExceeded, *CANNOT_DRAW)
"""Why an application and a group do not fit: for the endpoints that ask."""


def require_fit(chosen: Sequence[Product], drawing: DrawingSeat | None, amount_minor: int) -> Guarantee | None:
    """The guarantee that an application is made with; none where no chosen product needs one."""
    if drawing is None:
        if needing := next((each for each in chosen if each.guaranteed), None):
            raise GroupNeeded(say("{id} needs a group.", id=needing.id), param="group_id", product_id=needing.id)
        return None
    if [each.id for each in chosen] != [drawing.product_id]:
        raise GroupForOneProduct(
            say("The group stands for {product_id}.", product_id=drawing.product_id),
            param="product_ids",
            product_id=drawing.product_id,
        )
    [product], guarantee = chosen, drawing.guarantee
    if guarantee.mode not in product.liability_modes or guarantee.until_months < product.guarantee_months:
        raise LiabilityModeNotLent(
            say(
                "The sheet has {mode}, for {until_months} months.",
                mode=guarantee.mode,
                until_months=guarantee.until_months,
            ),
            param="group_id",
            modes=list(product.liability_modes),
            guarantee_months=product.guarantee_months,
        )
    if amount_minor > drawing.seat_limit_minor:
        maximum = text(drawing.seat_limit_minor, product.currency)
        raise OwnLimitExceeded(
            say("The seat's own limit is {maximum}.", maximum=maximum), param="amount", maximum=maximum
        )
    return guarantee


def require_same(agreed: Guarantee | None, drawing: DrawingSeat | None) -> None:
    """GroupChanged where the group is not the one that the agreement was made with."""
    if agreed and (drawing is None or drawing.guarantee != agreed):
        raise GroupChanged(
            say("The agreement names version {sheet_version} of the rule sheet.", sheet_version=agreed.sheet_version)
        )


def facts_of(guarantee: Guarantee | None) -> dict[str, Any]:
    """What an entry, and with it the bank, is told of the group: no more than who it is and which sheet its members have signed."""
    if guarantee is None:
        return {}
    return {
        "group_id": guarantee.group_id,
        "seat": guarantee.seat,
        "sheet_version": guarantee.sheet_version,
        "sheet_sha256": guarantee.sheet_sha256,
        "liability_mode": guarantee.mode,
    }
