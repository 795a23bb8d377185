"""The ceiling of an order, shared among its claims: each has a reserve of its own, which no other claim's end can spend. Pure.

    reserved for all open claims <= claimable        after every change of the order, of its money or of a claim on it

Claims are served in the order in which they were filed. Where less can be claimed than before, because a bank took money back, the last
one filed gives first; where more can be, the first one that got less than it asked for is topped up first.
"""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.orders.rules.order import Claimed, Order


def shared_out(order: Order) -> Order:
    """The order with the reserves that its money and its claims, as they now are, leave for each of them."""
    return _topped_up(_cut_back(order))


def with_claim(order: Order, changed: Claimed) -> tuple[Claimed, ...]:
    """The order's claims with one of them changed."""
    return tuple(changed if claimed.claim_id == changed.claim_id else claimed for claimed in order.claims)


def reserved_for_others(order: Order, claim_id: str) -> int:
    """What belongs to other open claims than this one."""
    return sum(claimed.reserved_minor for claimed in order.claims if claimed.claim_id != claim_id)


def _cut_back(order: Order) -> Order:
    for claimed in reversed(order.open_claims):
        less = min(claimed.reserved_minor, order.reserved_minor - order.claimable_minor)
        if less > 0:
            order = _reserving(order, claimed, claimed.reserved_minor - less)
    return order


def _topped_up(order: Order) -> Order:
    for claimed in order.open_claims:
        if (more := min(claimed.lacking_minor, order.ceiling_left_minor)) > 0:
            order = _reserving(order, claimed, claimed.reserved_minor + more)
    return order


def _reserving(order: Order, claimed: Claimed, minor: int) -> Order:
    return replace(order, claims=with_claim(order, replace(claimed, reserved_minor=minor)))
