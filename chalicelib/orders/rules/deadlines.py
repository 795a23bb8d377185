"""Every deadline of an order, whose it is, and what happens by itself when it passes.

A deadline is met iff `now < due_at`. What fell due is applied before every read and write, with the instant it fell due, so a
late sweep changes nothing but the moment it becomes visible. Open claims stop the clock's moves; when the last one closes, each
goes on with the time it had left (`claims.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from chalicelib.orders.rules import delivery
from chalicelib.orders.rules.order import Order, Policy, balance_due_at, other, ship_by_at
from chalicelib.orders.rules.step import Step, end
from chalicelib.shared.state_machine import Deadline


def deadlines(order: Order, policy: Policy) -> list[Deadline]:
    """All that run now, the earliest first."""
    found = [deadline for deadline in _of(order, policy) if order.holds == 0 or not deadline.by_clock]
    return sorted(found, key=lambda deadline: deadline.due_at)


def next_due(order: Order, policy: Policy) -> datetime | None:
    """The instant at which something happens to this order by itself, or None."""
    return next((deadline.due_at for deadline in deadlines(order, policy) if deadline.by_clock), None)


def fallen_due(order: Order, policy: Policy, now: datetime) -> Iterator[Step]:
    """The steps the clock takes until `now`, in order, each with the instant it took effect."""
    while (deadline := _first_by_clock(order, policy)) and deadline.due_at <= now:
        step = _TAKES[deadline.name](order, policy, deadline.due_at)
        yield step
        order = step.order


def _first_by_clock(order: Order, policy: Policy) -> Deadline | None:
    return next((deadline for deadline in deadlines(order, policy) if deadline.by_clock), None)


def _of(order: Order, policy: Policy) -> Iterator[Deadline]:
    match order.status:
        case "draft":
            yield _deadline("draft", order.asked_at, policy.draft_days, order.created_by, "expired")
        case "proposed":
            yield _deadline(
                "confirmation",
                order.asked_at,
                policy.confirm_days,
                other(order.proposed_by or order.created_by),
                "expired",
            )
        case "agreed" | "part_funded" if order.pay_due_at:
            outcome = "expired" if order.status == "agreed" else "cancelled"
            yield Deadline(name="payment", due_at=order.pay_due_at, owner="buyer", default_outcome=outcome)
        case "funded":
            yield from _while_funded(order, policy)
        case "shipped" | "delivered" if order.receipt_due_at:
            yield Deadline(name="receipt", due_at=order.receipt_due_at, owner="buyer", default_outcome="received")
        case "received" if order.window_ends_at:
            yield Deadline(name="claim_window", due_at=order.window_ends_at, owner="buyer", default_outcome="completed")


def _while_funded(order: Order, policy: Policy) -> Iterator[Deadline]:
    """A funded order is shipped in time, or its money goes back `late_claim_days` after the day to ship by; where a part has
    been shipped, the order goes on with that part.

    Where shipment waits for the balance, the buyer has `pay_days` from funding, or from other terms agreed since, to pay it, and
    at least until the day the contract names.
    """
    due = ship_by_at(order, policy)
    if due is None:
        start = max(order.funded_at or order.updated_at, order.terms_changed_at or order.created_at)
        until = balance_due_at(order, policy, _held(order, start))
        yield Deadline(name="balance", due_at=until, owner="buyer", default_outcome="refunded")
        return
    yield Deadline(name="ship_by", due_at=due, owner="supplier", default_outcome="late_shipment_claim", by_clock=False)
    outcome = "shipped" if order.shipments else "refunded"
    yield _deadline("unshipped", _held(order, due), policy.late_claim_days, "supplier", outcome)


def _held(order: Order, start: datetime) -> datetime:
    """A start moved by as long as open claims have held the order."""
    return start + timedelta(milliseconds=order.held_ms)


def _deadline(name: str, start: datetime, days: int, owner: str, outcome: str) -> Deadline:
    return Deadline(name=name, due_at=start + timedelta(days=days), owner=owner, default_outcome=outcome)


def _unpaid(order: Order, why: str) -> str:
    """What ended an order that lacks money: the buyer did not pay, or a bank took back what had been paid."""
    return "payment_taken_back" if order.was_taken_back else why


_TAKES: Final[dict[str, Callable[[Order, Policy, datetime], Step]]] = {
    "draft": lambda order, policy, at: end(order, "expired", "expired", at, why="draft_not_proposed"),
    "confirmation": lambda order, policy, at: end(order, "expired", "expired", at, why="not_confirmed"),
    "payment": lambda order, policy, at: (
        end(order, "expired", "expired", at, why=_unpaid(order, "not_paid"))
        if order.status == "agreed"
        else end(order, "cancelled", "cancelled", at, why=_unpaid(order, "deposit_not_completed"))
    ),
    "balance": lambda order, policy, at: end(order, "refunded", "refunded", at, why=_unpaid(order, "balance_not_paid")),
    "unshipped": lambda order, policy, at: (
        delivery.close_shipment(order, policy, at)
        if order.shipments
        else end(order, "refunded", "refunded", at, why="not_shipped")
    ),
    "receipt": lambda order, policy, at: delivery.receive(order, policy, at, automatic=True),
    "claim_window": lambda order, policy, at: delivery.complete(order, at),
}
