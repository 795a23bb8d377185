"""What buyers, suppliers, acquirers and the clock do to a payment. Pure."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.acquiring.rules import settlement as settlements
from chalicelib.acquiring.rules.events import Authorised, Cancelled, Captured, Failed
from chalicelib.acquiring.rules.payment import (
    ENDS,
    MOST_CAPTURES,
    AcquirerPayment,
    Capture,
    Context,
    Status,
    TooManyCaptures,
    Why,
)
from chalicelib.acquiring.rules.transitions import TABLE, PaymentChange
from chalicelib.banks.rules.effects import TakeReference
from chalicelib.ledger.rules.chart import ACQUIRING_COSTS, BANK_CLEARING, REFUNDS_PAYABLE, RETURNED_RECEIVABLE
from chalicelib.orders.rules import acquired
from chalicelib.orders.rules.acquired import NotThatMuchRefundable
from chalicelib.orders.rules.claims import OrderPart
from chalicelib.orders.rules.order import Order, Payment
from chalicelib.orders.rules.payments import OrderClosed, WrongCurrency
from chalicelib.quotes.rules.amounts import WHOLE_BP
from chalicelib.shared import bounds, money
from chalicelib.shared.errors import Conflict, DomainError
from chalicelib.shared.journal import Event, PaymentOrder, Posting, transfer
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.ranges import believed
from chalicelib.shared.texts import say, term
from chalicelib.shared.uses import Use


class RefundWindowOver(Conflict):
    code = "refund_window_over"
    title = "So long after a payment nothing goes back the way it came."
    fix = "Refund it by bank transfer: a case for an officer with the duty `payments`."


def requested(payment: AcquirerPayment) -> PaymentChange:
    """The first version: the buyer is sent to the acquirer, which is told what to ask for."""
    facts = TABLE.payload(payment, payment)
    payload = {**facts, "from": "", "amount_minor": payment.amount_minor, "authorise_by": payment.authorise_by}
    event = Event("acquirer_payment.requested", payload, policy=payment.policy)
    return PaymentChange(state=payment, event=event, at=payment.created_at)


def authorised(
    was: AcquirerPayment, context: Context, event: Authorised, bank_id: str, now: datetime
) -> PaymentChange | None:
    """In time: the order waits for the capture as long as the authorisation lives. Too late: it is cancelled at the acquirer."""
    minor = minor_of(was, event.money, "data.money")
    if was.status in ENDS:
        return _to_be_cancelled(was, "authorise", now, event="authorised_late", why=was.why or "order_closed")
    if event.occurred_at >= was.authorise_by or not context.takes_money(now):
        why: Why = "too_late" if event.occurred_at >= was.authorise_by else "order_closed"
        return _to_be_cancelled(was, "authorise", now, event="authorised_late", why=why, status="cancelled")
    TABLE.require("authorise", was, "bank", context, now)
    until = event.occurred_at + context.method_of(was).authorisation_life
    order = context.order
    waiting = order.status in ("agreed", "part_funded")
    return TABLE.change(
        was,
        "authorise",
        now,
        to="authorised",
        authorised_minor=minor,
        expires_at=until,
        payload={"amount_minor": minor, "expires_at": until},
        also=(acquired.await_capture(order, until, now),) if waiting else (),
    )


def captured(was: AcquirerPayment, context: Context, event: Captured, bank_id: str, now: datetime) -> PaymentChange:
    """What was taken of the buyer is held for the order. What the order does not take is set aside, to go back whole the way it came.

    It is settled, and can be refunded, so long after the acquirer took it, however late we hear of it.
    """
    minor = minor_of(was, event.money, "data.money")
    bounds.must_have_room(len(was.captures), MOST_CAPTURES, TooManyCaptures)
    captured_at = max(was.created_at, min(event.occurred_at, now))
    capture = Capture(bank_ref=event.bank_ref, amount_minor=minor, at=captured_at)
    try:
        part = _funded(was, context, event, minor, captured_at, now)
    except (OrderClosed, acquired.NothingDue, bounds.NoRoom) as why:
        return _aside(was, replace(capture, is_aside=True), why, now)
    due_at = settlements.due_at(captured_at, context.policy.settlement_days, context.calendar)
    first = () if was.settlement_id else (settlements.due(context.order, was.id, was.bank_id, due_at, now),)
    return with_order(
        was,
        "capture",
        part,
        now,
        event="captured",
        captures=(*was.captures, capture),
        settlement_id=was.settlement_id or settlements.id_of(was.id),
        payload={"bank_ref": event.bank_ref, "amount_minor": minor, "captured_at": captured_at.isoformat()},
        postings=_cost(was, context, minor),
        effects=(_reference(was, event.bank_ref, minor, now),),
        also=first,
    )


def failed(was: AcquirerPayment, context: Context, event: Failed, bank_id: str, now: datetime) -> PaymentChange:
    """Nothing was taken: the buyer may try again, another way too. PaymentNotInThisStatus where something was: a late word moves nothing back."""
    TABLE.require("fail", was, "bank", context, now)
    payload = {"why": "declined", "reason": event.reason}
    return _ended(was, "fail", "failed", "declined", now, payload=payload)


def cancelled(was: AcquirerPayment, context: Context, event: Cancelled, bank_id: str, now: datetime) -> PaymentChange:
    TABLE.require("cancel", was, "bank", context, now)
    payload = {"why": "cancelled", "reason": event.reason}
    return _ended(was, "cancel", "cancelled", "cancelled", now, payload=payload)


def cancel(was: AcquirerPayment, now: datetime) -> PaymentChange:
    """The buyer thinks better of it. The acquirer is told to let it go."""
    return _to_be_cancelled(was, "cancel", now, event="let_go", why="cancelled", status="cancelled")


def order_ended(was: AcquirerPayment, now: datetime) -> PaymentChange | None:
    """The order takes no money any more: what is not captured is let go."""
    if was.status not in ("requested", "authorised"):
        return None
    return _to_be_cancelled(was, "cancel", now, event="let_go", why="order_closed", status="cancelled")


def expire(was: AcquirerPayment, context: Context, at: datetime) -> PaymentChange:
    """No word of an authorisation came in time; or nothing was captured as long as it lived, and the acquirer is told to let it go."""
    if was.status == "authorised":
        return _to_be_cancelled(was, "expire", at, event="let_go", why="not_captured", status="expired")
    return _ended(was, "expire", "expired", "not_authorised", at, payload={"why": "not_authorised"})


def refund(was: AcquirerPayment, context: Context, minor: int | None, by: str, now: datetime) -> PaymentChange:
    """The supplier, or an officer, gives money back before the order's end: all that can be, or so much. NotThatMuchRefundable, RefundWindowOver."""
    most = min(was.refundable_minor, acquired.most_refundable(context.order, was.bank_id, was.refs))
    minor = most if minor is None else minor
    if not 0 < minor <= most:
        raise NotThatMuchRefundable(most, was.currency)
    method = context.method_of(was)
    if was.captured_at and now >= was.captured_at + method.refund_window:
        raise RefundWindowOver(say("It was captured more than {days} days ago.", days=method.refund_days))
    is_disputed = any(dispute.status == "open" for dispute in was.disputes)
    part = acquired.refund(context.order, was.bank_id, was.refs, minor, now, more_may_come=is_disputed)
    return with_order(
        was,
        "refund",
        part,
        now,
        event="refund_asked",
        refunding_minor=was.refunding_minor + going_back(was, part),
        payload={"amount_minor": minor, "by": by},
    )


def going_back(was: AcquirerPayment, part: OrderPart) -> int:
    """What of the refunds that its order gives is of this payment: the entry reserves it. What is of another payment follows from the entry."""
    return sum(each.amount_minor for each in part.payment_orders if each.kind == "refund" and each.bank_ref in was.refs)


def refund_ordered(was: AcquirerPayment, minor: int, now: datetime) -> PaymentChange:
    """A claim, or the order's end, gives so much back: it is reserved from now on."""
    return _followed(was, "refund_ordered", minor, now, refunding_minor=was.refunding_minor + minor)


def refund_settled(
    was: AcquirerPayment, bank_ref: str, minor: int, now: datetime, value_date: date | None = None
) -> PaymentChange | None:
    """The buyer has so much of a capture back, since the day its bank names. `is_aside`: of one that its order did not take."""
    capture = was.capture(bank_ref)
    if capture is None:
        return None
    refunded = was.refunded_minor + minor
    status: Status = "refunded" if refunded >= was.captured_minor else "partly_refunded"
    left = max(0, was.refunding_minor - minor)
    on = max(business_date(was.created_at), min(value_date or business_date(now), business_date(now)))
    payload = {"refunded_on": on.isoformat()} | ({"is_aside": True} if capture.is_aside else {})
    return _followed(
        was,
        "refunded",
        minor,
        now,
        captures=was.with_captures(replace(capture, refunded_minor=capture.refunded_minor + minor)),
        refunding_minor=left,
        refunded_minor=refunded,
        status=status,
        payload=payload,
    )


def refund_failed(was: AcquirerPayment, bank_ref: str, minor: int, reason: str, now: datetime) -> PaymentChange | None:
    """The acquirer could not give it back: it is owed still, and an officer pays it by bank transfer."""
    if was.capture(bank_ref) is None:
        return None
    left = max(0, was.refunding_minor - minor)
    return _followed(was, "refund_failed", minor, now, refunding_minor=left, payload={"reason": reason})


def refund_stopped(
    was: AcquirerPayment, order: Order, bank_ref: str, minor: int, now: datetime
) -> PaymentChange | None:
    """So much of a refund of its order is held back, for the buyer has it through a bank. Where no dispute takes it any more, it is owed once more."""
    capture = was.capture(bank_ref)
    if capture is None:
        return None
    held = was.with_captures(replace(capture, stopped_minor=capture.stopped_minor + minor))
    stopped = replace(was, captures=held, refunding_minor=max(0, was.refunding_minor - minor))
    owed = owed_again(stopped, order, stopped.stopped_minor - stopped.twice_minor)
    return _followed(was, "refund_stopped", minor, now, **owed)


def owed_again(was: AcquirerPayment, order: Order, minor: int) -> dict[str, Any]:
    """For a change: so much of what was held back of refunds is owed to the buyer once more, the way it came."""
    parts, left = [], minor
    for capture in was.captures:
        if (part := min(left, capture.stopped_minor)) > 0:
            parts.append((capture, part))
            left -= part
    owed = sum(part for _, part in parts)
    return {
        "captures": was.with_captures(
            *(replace(capture, stopped_minor=capture.stopped_minor - part) for capture, part in parts)
        ),
        "refunding_minor": was.refunding_minor + owed,
        "postings": transfer(
            owed, was.currency, debit_to=(RETURNED_RECEIVABLE, order.id), credit_to=(REFUNDS_PAYABLE, order.id)
        ),
        "payment_orders": tuple(
            acquired.refund_again(order, was.bank_id, capture.bank_ref, part) for capture, part in parts
        ),
    }


def minor_of(was: AcquirerPayment, amount: Money, param: str) -> int:
    """WrongCurrency where it is another currency than the payment's."""
    minor = amount.minor(param=f"{param}.amount", least=1)
    if amount.currency != was.currency:
        raise WrongCurrency(
            say("The payment is in {currency}.", currency=was.currency),
            currency=was.currency,
            param=f"{param}.currency",
        )
    return minor


def _funded(
    was: AcquirerPayment, context: Context, event: Captured, minor: int, captured_at: datetime, now: datetime
) -> OrderPart:
    if not context.takes_money(now):
        raise OrderClosed(say("The order takes no money any more."), order_status=context.order.status)
    if was.status in ENDS or (was.status == "requested" and event.occurred_at >= was.authorise_by):
        raise OrderClosed(
            say("The payment is {status}: it was not authorised in time.", status=term("status", was.status)),
            payment_status=was.status,
        )
    payment = Payment(
        bank_id=was.bank_id,
        bank_ref=event.bank_ref,
        amount_minor=minor,
        currency=was.currency,
        value_date=max(business_date(was.created_at), believed(event.business_date, business_date(now))),
        at=now,
        status="counted",
        payment_id=was.id,
    )
    return acquired.fund(context.order, payment, captured_at + context.method_of(was).refund_window, now)


def _cost(was: AcquirerPayment, context: Context, minor: int) -> tuple[Posting, ...]:
    """What the acquirer keeps for itself of a capture that counts, as was agreed for the method: the house's cost."""
    kept = money.divide(minor * context.method_of(was).fee_bp, WHOLE_BP)
    return transfer(kept, was.currency, debit_to=(ACQUIRING_COSTS, was.bank_id), credit_to=(BANK_CLEARING, was.bank_id))


def _aside(was: AcquirerPayment, capture: Capture, why: DomainError, now: datetime) -> PaymentChange:
    """The inbox books it in suspense in the same commit, from where it goes back at once; the item says why."""
    return TABLE.change(
        was,
        "capture",
        now,
        event="captured_aside",
        status=was.status if was.status not in (*ENDS, "requested", "authorised") else "captured",
        captures=(*was.captures, capture),
        refunding_minor=was.refunding_minor + capture.amount_minor,
        expires_at=None,
        payload={"bank_ref": capture.bank_ref, "amount_minor": capture.amount_minor, "reason": why.code},
        aside=why,
    )


def in_suspense(payment: AcquirerPayment, event_id: str) -> AcquirerPayment:
    """It remembers as which item the capture it has just set aside lies in suspense."""
    *before, last = payment.captures
    return replace(payment, captures=(*before, replace(last, event_id=event_id)))


def with_order(
    was: AcquirerPayment,
    name: str,
    part: OrderPart,
    now: datetime,
    *,
    event: str,
    payload: dict[str, Any],
    postings: tuple[Posting, ...] = (),
    payment_orders: tuple[PaymentOrder, ...] = (),
    effects: tuple[Any, ...] = (),
    also: tuple[Any, ...] = (),
    **fields: Any,
) -> PaymentChange:
    """A change that its order takes part in."""
    is_capture = name == "capture"
    status: Status = was.status if not is_capture or was.status in ("partly_refunded",) else "captured"
    more: dict[str, Any] = {"expires_at": None} if is_capture else {}
    change = TABLE.change(
        was,
        name,
        now,
        event=event,
        status=status,
        payload=payload,
        postings=(*part.postings, *postings),
        payment_orders=(*part.payment_orders, *payment_orders),
        also=(*_order_of(was, part), *also),
        **fields,
        **more,
    )
    return replace(change, effects=(*part.effects, *effects))


def _order_of(was: AcquirerPayment, part: OrderPart) -> tuple[Order, ...]:
    return (part.order,) if part.postings else ()


def _followed(was: AcquirerPayment, event: str, minor: int, now: datetime, **fields: Any) -> PaymentChange:
    payload = {"amount_minor": minor, **fields.pop("payload", {})}
    return TABLE.change(was, "follow_refund", now, event=event, payload=payload, **fields)


def _ended(
    was: AcquirerPayment, name: str, status: Status, why: Why, now: datetime, *, payload: dict[str, Any]
) -> PaymentChange:
    return TABLE.change(was, name, now, to=status, why=why, expires_at=None, payload=payload)


def _to_be_cancelled(
    was: AcquirerPayment, name: str, now: datetime, *, event: str, why: Why, status: Status | None = None
) -> PaymentChange:
    """Its entry tells the acquirer to let go of what it holds."""
    return TABLE.change(
        was,
        name,
        now,
        event=event,
        status=status or was.status,
        why=why,
        expires_at=None,
        payload={"why": why},
    )


def _reference(was: AcquirerPayment, bank_ref: str, minor: int, now: datetime) -> TakeReference:
    use = Use(by=was.id, at=now, named=(was.order_id,), amount_minor=minor, currency=was.currency)
    return TakeReference(bank_id=was.bank_id, bank_ref=bank_ref, use=use)
