"""What a buyer's bank disputes: its part is taken out when it is opened, and comes back where it is won. Pure.

An acquirer takes the money of us when a dispute is opened. It is taken in this order:

    the order      what counted for it: neither refunded nor released while the dispute is open
    aside          what the order did not take, and goes back anyhow: the return is stopped, so that it does not go back twice
    beyond         more than was captured, by another rate than ours: the exchange's
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.acquiring.rules.events import Decided, Opened
from chalicelib.acquiring.rules.handling import going_back, minor_of, owed_again, with_order
from chalicelib.acquiring.rules.payment import (
    MOST_DISPUTES,
    AcquirerPayment,
    Capture,
    Context,
    Dispute,
    TooManyDisputes,
)
from chalicelib.acquiring.rules.transitions import TABLE, NothingDisputed, PaymentChange
from chalicelib.ledger.rules import chart
from chalicelib.orders.rules import acquired
from chalicelib.orders.rules.claims import OrderPart
from chalicelib.orders.rules.order import Order
from chalicelib.orders.rules.payments import TakenBack, held_back
from chalicelib.shared import bounds
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import PaymentOrder, Posting, transfer
from chalicelib.shared.money import ReportedMoney
from chalicelib.shared.texts import say


class ChargebackTooLate(Conflict):
    code = "chargeback_too_late"
    title = "So long after a payment no buyer's bank takes it back."
    fix = "Give the money back. It waits in suspense, from where an officer claims it."


Advances = tuple[Mapping[str, Any], ...]


def disputed(was: AcquirerPayment, context: Context, event: Opened, bank_id: str, now: datetime) -> PaymentChange:
    """A buyer's bank asks for a payment back, and the acquirer has taken it."""
    TABLE.require("dispute", was, "bank", context, now)
    minor = minor_of(was, event.money, "data.money")
    if was.dispute(event.chargeback_ref):
        raise NothingDisputed(
            say("{ref!r:.60} was opened before.", ref=event.chargeback_ref), param="data.chargeback_ref"
        )
    bounds.must_have_room(len(was.disputes), MOST_DISPUTES, TooManyDisputes)
    _must_be_in_time(was, context, event, now)
    counted = min(minor, max(0, was.counted_minor - was.taken_minor))
    part, taken = OrderPart(order=context.order), TakenBack()
    if counted:
        part, taken = acquired.take_back(context.order, bank_id, was.refs, counted, context.terms, now)
    asides = [*_taken_of(was.captures, minor - counted)]
    stopped = [(capture, _on_its_way(capture, each)) for capture, each in asides]
    aside = sum(each for _, each in asides)
    beyond = minor - counted - aside
    dispute = Dispute(
        ref=event.chargeback_ref,
        amount_minor=minor,
        taken=taken,
        aside_minor=aside,
        beyond_minor=beyond,
        opened_at=now,
    )
    return with_order(
        was,
        "dispute",
        part,
        now,
        event="chargeback_opened",
        captures=_disputed(was, asides),
        refunding_minor=max(0, was.refunding_minor - sum(minor for _, minor in stopped)),
        disputes=(*was.disputes, dispute),
        payload={"chargeback_ref": event.chargeback_ref, "amount_minor": minor, "reason": event.reason}
        | _owed_by_supplier(_advance_of_fee(was, context, event)),
        postings=(
            *(leg for capture, each in asides for leg in _owed_to_us(was, capture, each)),
            *_beyond(was, beyond),
            *_fee(was, context, event.fee),
        ),
        payment_orders=(
            *_stops(was, context.order, taken.twice_minor),
            *(_instruction(was, capture, "stop", minor) for capture, minor in stopped if minor),
        ),
    )


def won(was: AcquirerPayment, context: Context, event: Decided, bank_id: str, now: datetime) -> PaymentChange:
    """For us: what was booked when it was opened is booked the other way round, and not worked out anew.

    What was aside goes back to the buyer after all, unless it had gone before the return could be stopped. So do refunds of the order that
    were held back, for the buyer had them through the bank.
    """
    dispute = _open(was, context, event, now)
    part = OrderPart(order=context.order)
    if dispute.taken.total_minor:
        part = acquired.give_again(context.order, bank_id, was.refs, dispute.taken, now)
    decided = replace(dispute, status="won", decided_at=now)
    after = replace(was, disputes=_with(was, decided))
    owed = owed_again(after, context.order, was.stopped_minor - after.twice_minor)
    asides = [*_given_again(was.captures, dispute.aside_minor)]
    again = [(capture, minor - _less_twice(capture, minor)) for capture, minor in asides]
    before = context.order.released_minor
    released = part.order.released_minor - before
    return _decided(
        was,
        part,
        decided,
        context,
        event,
        now,
        captures=_disputed(replace(was, captures=owed["captures"]), [(capture, -minor) for capture, minor in asides]),
        refunding_minor=owed["refunding_minor"] + going_back(was, part) + sum(minor for _, minor in again),
        postings=(
            *owed["postings"],
            *(leg for capture, minor in asides for leg in _back(was, capture, minor)),
            *_turned(_beyond(was, dispute.beyond_minor)),
        ),
        payment_orders=(
            *owed["payment_orders"],
            *(_instruction(was, capture, "refund", minor) for capture, minor in again if minor),
        ),
        payload={"released_minor": released, "released_before_minor": before, "of_payments": {was.id: released}}
        if released
        else {},
    )


def lost(was: AcquirerPayment, context: Context, event: Decided, bank_id: str, now: datetime) -> PaymentChange:
    """For the buyer. What its supplier has had already it owes, at most what was captured; what is more is the exchange's."""
    dispute = _open(was, context, event, now)
    owed = dispute.taken.gone_minor
    recovered = transfer(
        owed,
        was.currency,
        debit_to=(chart.ADVANCES_RECEIVABLE, was.supplier_id),
        credit_to=(chart.RETURNED_RECEIVABLE, was.supplier_id),
    )
    return _decided(
        was,
        OrderPart(order=context.order),
        replace(dispute, status="lost", decided_at=now),
        context,
        event,
        now,
        postings=recovered,
        payload={},
        advances=_advance(was, dispute.ref, owed, was.currency),
    )


def _must_be_in_time(was: AcquirerPayment, context: Context, event: Opened, now: datetime) -> None:
    """Counted from the last capture to the day on which the bank opened it, however late we hear of that."""
    method = context.method_of(was)
    if was.captured_at and min(event.occurred_at, now) >= was.captured_at + method.chargeback_window:
        raise ChargebackTooLate(say("It was captured more than {days} days before.", days=method.chargeback_days))


def _decided(
    was: AcquirerPayment,
    part: OrderPart,
    dispute: Dispute,
    context: Context,
    event: Decided,
    now: datetime,
    *,
    postings: tuple[Posting, ...],
    payload: dict[str, Any],
    advances: Advances = (),
    **fields: Any,
) -> PaymentChange:
    owed = _owed_by_supplier((*advances, *_advance_of_fee(was, context, event)))
    return with_order(
        was,
        "decide_dispute",
        part,
        now,
        event=f"chargeback_{dispute.status}",
        disputes=_with(was, dispute),
        payload={"chargeback_ref": dispute.ref, "amount_minor": dispute.amount_minor, **payload, **owed},
        postings=(*postings, *_fee(was, context, event.fee)),
        **fields,
    )


def _with(was: AcquirerPayment, changed: Dispute) -> tuple[Dispute, ...]:
    return tuple(changed if each.ref == changed.ref else each for each in was.disputes)


def _open(was: AcquirerPayment, context: Context, event: Decided, now: datetime) -> Dispute:
    TABLE.require("decide_dispute", was, "bank", context, now)
    dispute = was.dispute(event.chargeback_ref)
    if dispute is None or dispute.status != "open":
        raise NothingDisputed(say("{ref!r:.60} is not open.", ref=event.chargeback_ref), param="data.chargeback_ref")
    return dispute


Part = tuple[Capture, int]
"""A capture that lies aside, and what of it."""


def _taken_of(captures: Iterable[Capture], minor: int) -> Iterator[Part]:
    """What of a dispute is of captures that lie aside, the first first."""
    for capture in captures:
        part = min(minor, capture.amount_minor - capture.disputed_minor) if capture.is_aside else 0
        if part:
            yield capture, part
            minor -= part


def _given_again(captures: tuple[Capture, ...], minor: int) -> Iterator[Part]:
    """The same the other way round: of the last one first."""
    for capture in reversed(captures):
        if part := min(minor, capture.disputed_minor):
            yield capture, part
            minor -= part


def _disputed(was: AcquirerPayment, parts: Iterable[Part]) -> tuple[Capture, ...]:
    """The captures of a payment with so much more of some of them disputed."""
    return was.with_captures(
        *(replace(capture, disputed_minor=capture.disputed_minor + minor) for capture, minor in parts)
    )


def _on_its_way(capture: Capture, minor: int) -> int:
    """What of a part has not gone back yet, and is stopped."""
    return min(minor, max(0, capture.amount_minor - capture.refunded_minor - capture.disputed_minor))


def _less_twice(capture: Capture, minor: int) -> int:
    """What of a part the buyer had back both ways, and has not any more: a stop has ended long before a dispute is decided."""
    return capture.twice_minor - replace(capture, disputed_minor=capture.disputed_minor - minor).twice_minor


def _stops(was: AcquirerPayment, order: Order, minor: int) -> Iterator[PaymentOrder]:
    """What the buyer has had refunded as well must not leave, where it has not left: by whichever of the captures it goes back."""
    for capture in was.captures:
        if not capture.is_aside:
            gone = capture.refunded_minor + capture.stopped_minor
            part = max(0, min(minor, acquired.refunded_of(order, was.bank_id, capture.bank_ref) - gone))
            yield from held_back(order, was.bank_id, capture.bank_ref, part)
            minor -= part


def _owed_to_us(was: AcquirerPayment, capture: Capture, minor: int) -> tuple[Posting, ...]:
    """The acquirer has it; the stop clears it where the return has not left, else the buyer owes it."""
    return transfer(
        minor,
        was.currency,
        debit_to=(chart.RETURNED_RECEIVABLE, capture.event_id),
        credit_to=(chart.BANK_CLEARING, was.bank_id),
    )


def _back(was: AcquirerPayment, capture: Capture, minor: int) -> tuple[Posting, ...]:
    """The acquirer gives it back: it is the buyer's once more, or no longer owed by the buyer."""
    twice, bank = _less_twice(capture, minor), (chart.BANK_CLEARING, was.bank_id)
    return (
        *transfer(twice, was.currency, debit_to=bank, credit_to=(chart.RETURNED_RECEIVABLE, capture.event_id)),
        *transfer(minor - twice, was.currency, debit_to=bank, credit_to=(chart.REFUNDS_PAYABLE, capture.event_id)),
    )


def _instruction(was: AcquirerPayment, capture: Capture, kind: Any, minor: int) -> PaymentOrder:
    """For the item in whose name the capture goes back."""
    return PaymentOrder(
        kind=kind,
        bank_id=was.bank_id,
        bank_ref=capture.bank_ref,
        aggregate_id=capture.event_id,
        currency=was.currency,
        amount_minor=minor,
        party="",
    )


def _beyond(was: AcquirerPayment, minor: int) -> tuple[Posting, ...]:
    """What a buyer's bank asks for beyond what was captured, by another rate than ours."""
    return transfer(
        minor, was.currency, debit_to=(chart.FX_DIFFERENCE, was.bank_id), credit_to=(chart.BANK_CLEARING, was.bank_id)
    )


def _turned(legs: Iterable[Posting]) -> tuple[Posting, ...]:
    return tuple(Posting(leg.account, leg.owner_id, leg.currency, leg.credit_minor, leg.debit_minor) for leg in legs)


def _fee(was: AcquirerPayment, context: Context, fee: ReportedMoney | None) -> tuple[Posting, ...]:
    """What the acquirer asks for a dispute, in its own currency and by that currency's digits; borne as the method says."""
    if fee is None:
        return ()
    minor = fee.minor(param="data.fee.amount")
    borne_by = (
        (chart.ADVANCES_RECEIVABLE, was.supplier_id)
        if _is_suppliers(was, context)
        else (chart.ACQUIRING_COSTS, was.bank_id)
    )
    return transfer(minor, fee.currency, debit_to=borne_by, credit_to=(chart.BANK_CLEARING, was.bank_id))


def _is_suppliers(was: AcquirerPayment, context: Context) -> bool:
    return context.method_of(was).chargeback_fee_borne_by == "supplier"


def _advance_of_fee(was: AcquirerPayment, context: Context, event: Opened | Decided) -> Advances:
    if event.fee is None or not _is_suppliers(was, context):
        return ()
    name = f"{event.chargeback_ref}:fee:{was.version + 1}"
    return _advance(was, name, event.fee.minor(param="data.fee.amount"), event.fee.currency)


def _advance(was: AcquirerPayment, purpose: str, minor: int, currency: str) -> Advances:
    """What the supplier owes the platform, and a recovery asks for."""
    advance = {
        "supplier_id": was.supplier_id,
        "order_id": was.order_id,
        "claim_id": was.id,
        "purpose": purpose,
        "amount_minor": minor,
        "currency": currency,
        "usd_minor": 0,
    }
    return (advance,) if minor else ()


def _owed_by_supplier(advances: Advances) -> dict[str, Any]:
    return {"advance": [*advances]} if advances else {}
