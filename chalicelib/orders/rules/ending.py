"""How an order ends without delivery, and what goes back to the buyer. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.ledger.rules.chart import HELD, REFUNDS_PAYABLE, UNALLOCATED
from chalicelib.orders.rules.order import Order, Payment, Status
from chalicelib.orders.rules.transitions import TABLE, OrderChange
from chalicelib.shared.journal import PaymentOrder, Posting, transfer


def end(was: Order, name: str, status: Status, at: datetime, *, event: str = "", **payload: Any) -> OrderChange:
    """An end without delivery: what is held or was paid too much is owed back to the buyer, the cover is released.

    `event` is its name where that is not the status. `why` of the payload says what ended the order, where that is more than the event's name.
    """
    owed = was.held_minor + was.unallocated_minor
    payments, refunds = give_back(was, owed)
    postings = transfer(
        was.held_minor, was.terms.currency, debit_to=(HELD, was.id), credit_to=(REFUNDS_PAYABLE, was.id)
    )
    return TABLE.change(
        was,
        name,
        at,
        event=event or status,
        payments=payments,
        refunded_minor=was.refunded_minor + was.held_minor,
        postings=postings + unallocated_back(was),
        payment_orders=refunds,
        payload=payload | ({"refund_due_minor": owed} if owed else {}),
        **ended(was, status, str(payload.get("why", event or status)), at),
    )


def ended(was: Order, status: Status, why: str, at: datetime) -> dict[str, Any]:
    """What every end leaves behind: the cover is free again, and nobody waits for an answer or for what was paid too much."""
    return {
        "status": status,
        "ended_at": at,
        "why": why,
        "unallocated_minor": 0,
        "cover": was.cover and replace(was.cover, state="released", remaining_usd_minor=0),
        "ship_by_change_request": None,
        "terms_change_request": None,
    }


def give_back(order: Order, minor: int) -> tuple[tuple[Payment, ...], tuple[PaymentOrder, ...]]:
    """Spread a refund over the order's payments, the first first: each goes back the way it came, and never more than came."""
    payments, refunds, left = [], [], minor
    for paid in order.payments:
        part = min(left, paid.refundable_minor) if paid.status == "counted" else 0
        left -= part
        payments.append(replace(paid, refunded_minor=paid.refunded_minor + part) if part else paid)
        if part:
            refunds.append(refund_of(order, paid, part))
    if left:
        raise AssertionError(f"{order.id} owes {left} more than its payments brought")
    return tuple(payments), tuple(refunds)


def refund_of(order: Order, paid: Payment, minor: int) -> PaymentOrder:
    """So much of a payment goes back to the buyer, the way it came."""
    return PaymentOrder(
        kind="refund",
        bank_id=paid.bank_id,
        bank_ref=paid.bank_ref,
        aggregate_id=order.id,
        currency=paid.currency,
        amount_minor=minor,
        party=order.buyer_id,
        until=order.channel.refundable_until if order.channel and paid.payment_id else None,
    )


def unallocated_back(was: Order) -> tuple[Posting, ...]:
    """What was paid above the total is owed back to the buyer."""
    return transfer(
        was.unallocated_minor, was.terms.currency, debit_to=(UNALLOCATED, was.id), credit_to=(REFUNDS_PAYABLE, was.id)
    )
