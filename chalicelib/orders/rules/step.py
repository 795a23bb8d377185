"""One step of an order: the order as it then is, what happened, and what it does to the supplier's protection amount."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from chalicelib.ledger.rules.chart import HELD, REFUNDS_PAYABLE, UNALLOCATED
from chalicelib.orders.rules.order import Cover, Order, Payment, Status
from chalicelib.shared.journal import Event, Instruct, Posting, transfer
from chalicelib.shared.refusal import Refusal
from chalicelib.suppliers.rules import coverage as suppliers_coverage


class Step(Struct, frozen=True, kw_only=True):
    """`reserve_usd_minor` and `release_usd_minor` are what the same commit takes from and gives back to `available`.

    `aside` says why the money a bank told of is not the order's: the same commit has to book it in suspense.
    """

    order: Order
    event: Event
    at: datetime
    reserve_usd_minor: int = 0
    release_usd_minor: int = 0
    aside: Refusal | None = None


def step(
    was: Order,
    name: str,
    now: datetime,
    *,
    postings: tuple[Posting, ...] = (),
    instructs: tuple[Instruct, ...] = (),
    facts: dict[str, Any] | None = None,
    **changes: Any,
) -> Step:
    """The next version of an order, with the event that tells of it. What its cover takes or gives back is posted here."""
    order = replace(was, version=was.version + 1, seq=was.seq + 1, updated_at=now, **changes)
    more = _remaining(order.cover) - _remaining(was.cover)
    reserved, released = max(0, more), max(0, -more)
    cover_postings = suppliers_coverage.reserve_postings(
        order.supplier_id, reserved
    ) + suppliers_coverage.release_postings(order.supplier_id, released)
    told = {"from": was.status, "to": order.status} | (facts or {})
    event = Event(f"order.{name}", told, postings + cover_postings, policy=order.policy, instructs=instructs)
    return Step(order=order, event=event, at=now, reserve_usd_minor=reserved, release_usd_minor=released)


def end(was: Order, name: str, status: Status, now: datetime, **facts: Any) -> Step:
    """An end without delivery: what is held or was paid too much is owed back to the buyer, the cover is released.

    `why` of the facts says what ended it, where that is more than the step's name.
    """
    owed = was.held_minor + was.unallocated_minor
    payments, instructs = give_back(was, owed)
    postings = transfer(
        was.held_minor, was.terms.currency, debit_to=(HELD, was.id), credit_to=(REFUNDS_PAYABLE, was.id)
    )
    return step(
        was,
        name,
        now,
        status=status,
        ended_at=now,
        why=str(facts.get("why", name)),
        payments=payments,
        refunded_minor=was.refunded_minor + was.held_minor,
        unallocated_minor=0,
        cover=released(was.cover),
        ship_by_asked=None,
        terms_wanted=None,
        postings=postings + unallocated_back(was),
        instructs=instructs,
        facts=facts | ({"refund_due_minor": owed} if owed else {}),
    )


def give_back(order: Order, minor: int) -> tuple[tuple[Payment, ...], tuple[Instruct, ...]]:
    """Spread a refund over the order's payments, the first first: each goes back the way it came, and never more than came."""
    payments, instructs, left = [], [], minor
    for paid in order.payments:
        part = min(left, paid.refundable_minor) if paid.status == "counted" else 0
        left -= part
        payments.append(replace(paid, refunded_minor=paid.refunded_minor + part) if part else paid)
        if part:
            told = Instruct(
                kind="refund",
                bank_id=paid.bank_id,
                bank_ref=paid.bank_ref,
                of=order.id,
                currency=paid.currency,
                amount_minor=part,
                party=order.buyer_id,
            )
            instructs.append(told)
    if left:
        raise AssertionError(f"{order.id} owes {left} more than its payments brought")
    return tuple(payments), tuple(instructs)


def unallocated_back(was: Order) -> tuple[Posting, ...]:
    """What was paid above the total is owed back to the buyer."""
    return transfer(
        was.unallocated_minor, was.terms.currency, debit_to=(UNALLOCATED, was.id), credit_to=(REFUNDS_PAYABLE, was.id)
    )


def released(cover: Cover | None) -> Cover | None:
    return replace(cover, state="released", remaining_usd_minor=0) if cover else None


def _remaining(cover: Cover | None) -> int:
    return cover.remaining_usd_minor if cover else 0
