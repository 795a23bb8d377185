"""Every deadline of an order, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`. While a claim is open the clock does nothing; when the last one closes, each timer goes on with the
time it had left (`claims.py`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from chalicelib.orders.rules.delivery import close_shipment, complete, receive
from chalicelib.orders.rules.ending import end
from chalicelib.orders.rules.order import Order, Policy, other, pay_due_at, ship_by_at
from chalicelib.orders.rules.transitions import TABLE, OrderChange
from chalicelib.shared.state_machine import StateMachine, Timer


def _balance_due(order: Order, policy: Policy) -> datetime | None:
    """Where shipment waits for the balance, the buyer has `pay_days` from funding, or from other terms agreed since, to pay it, and at
    least until the day the contract names; where a bank took a payment back, so long as it has to pay again."""
    if ship_by_at(order, policy) is not None:
        return None
    start = max(order.funded_at or order.updated_at, order.terms_changed_at or order.created_at)
    due = pay_due_at(order.terms.instalments[-1], order.terms, policy, _held(order, start))
    return max(due, order.pay_due_at) if order.was_charged_back and order.pay_due_at else due


def _shipment_given_up(order: Order, policy: Policy) -> datetime | None:
    """`late_claim_days` after the day to ship by."""
    due = ship_by_at(order, policy)
    return _held(order, due) + timedelta(days=policy.late_claim_days) if due else None


def _held(order: Order, start: datetime) -> datetime:
    """A start moved by as long as open claims have held the order."""
    return start + timedelta(milliseconds=order.paused_ms)


def _not_paid(order: Order, policy: Policy, at: datetime) -> OrderChange:
    if order.status == "agreed":
        return end(order, "lapse", "expired", at, why=_unpaid(order, "not_paid"))
    return end(order, "give-up", "cancelled", at, why=_unpaid(order, "deposit_not_completed"))


def _balance_not_paid(order: Order, policy: Policy, at: datetime) -> OrderChange:
    return end(order, "give-up", "refunded", at, why=_unpaid(order, "balance_not_paid"))


def _not_shipped(order: Order, policy: Policy, at: datetime) -> OrderChange:
    """The money goes back; where a part has been shipped, the order goes on with that part."""
    if order.shipments:
        return close_shipment(order, policy, at)
    return end(order, "give-up", "refunded", at, why="not_shipped")


def _unpaid(order: Order, why: str) -> str:
    """What ended an order that lacks money: the buyer did not pay, or a bank took back what had been paid."""
    return "payment_charged_back" if order.was_charged_back else why


_DRAFT: Final = frozenset({"draft"})
_PROPOSED: Final = frozenset({"proposed"})
_WITHOUT_DEPOSIT: Final = frozenset({"agreed", "part_funded"})
_FUNDED: Final = frozenset({"funded"})
_UNDER_WAY: Final = frozenset({"shipped", "delivered"})
_RECEIVED: Final = frozenset({"received"})

MACHINE: Final = StateMachine[Order, Policy](
    table=TABLE,
    is_paused=lambda order: order.holds > 0,
    timers=(
        Timer(
            "draft",
            _DRAFT,
            lambda order, policy: order.asked_at + timedelta(days=policy.draft_days),
            lambda order: order.created_by,
            "expired",
            lambda order, policy, at: end(order, "lapse", "expired", at, why="draft_not_proposed"),
        ),
        Timer(
            "confirmation",
            _PROPOSED,
            lambda order, policy: order.asked_at + timedelta(days=policy.confirm_days),
            lambda order: other(order.proposed_by or order.created_by),
            "expired",
            lambda order, policy, at: end(order, "lapse", "expired", at, why="not_confirmed"),
        ),
        Timer(
            "payment",
            _WITHOUT_DEPOSIT,
            lambda order, policy: order.pay_due_at,
            "buyer",
            lambda order: "expired" if order.status == "agreed" else "cancelled",
            _not_paid,
        ),
        Timer("balance", _FUNDED, _balance_due, "buyer", "refunded", _balance_not_paid),
        Timer("ship_by", _FUNDED, ship_by_at, "supplier", "late_shipment_claim"),
        Timer(
            "unshipped",
            _FUNDED,
            _shipment_given_up,
            "supplier",
            lambda order: "shipped" if order.shipments else "refunded",
            _not_shipped,
        ),
        Timer(
            "receipt",
            _UNDER_WAY,
            lambda order, policy: order.receipt_due_at,
            "buyer",
            "received",
            partial(receive, automatic=True),
        ),
        Timer("claim_window", _RECEIVED, lambda order, policy: order.window_ends_at, "buyer", "completed", complete),
    ),
)
