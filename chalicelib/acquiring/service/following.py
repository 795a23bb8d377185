"""What entries of the journal bring about for payments and settlements. Each may be told twice, late and in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from chalicelib.acquiring import records
from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS, SETTLEMENTS
from chalicelib.acquiring.rules import handling
from chalicelib.acquiring.rules import settlement as settlement_rules
from chalicelib.acquiring.rules.payment import PREFIX as PAYMENT
from chalicelib.acquiring.rules.payment import AcquirerPayment, Context
from chalicelib.acquiring.rules.settlement import PREFIX as SETTLEMENT
from chalicelib.acquiring.rules.settlement import Settlement
from chalicelib.banks.aggregate import INSTRUCTIONS
from chalicelib.banks.rules.instruction import INSTRUCTION, Instruction
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.order import ENDS, Order
from chalicelib.shared import ids
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.state_machine import Change

_OF_REFUNDS: Final = frozenset({"instruction.settled", "instruction.stopped", "instruction.manual"})


def follow(entry: Entry, now: datetime) -> None:
    """The effects of one journal entry, or none."""
    if ids.is_id(entry.aggregate_id, INSTRUCTION):
        _follow_instruction(entry, now)
        return
    _follow_refunds(entry, now)
    for order_id in _orders_of(entry):
        order = ORDERS.repository.load(order_id)
        if order is not None and order.channel is not None and order.status in ENDS:
            _follow_end(order, entry, now)


def _orders_of(entry: Entry) -> list[str]:
    """Orders that an entry may have ended: its own, or one that a claim or a payment changed with it. None of a channel is ever a draft."""
    payload = entry.event.payload
    if ids.is_id(entry.aggregate_id, "ord"):
        ends = payload.get("to") in ENDS and payload.get("from") not in ("draft", "proposed")
        return [entry.aggregate_id] if ends else []
    return [also.aggregate for also in entry.also if ids.is_id(also.aggregate, "ord")]


def _follow_refunds(entry: Entry, now: datetime) -> None:
    """Refunds that claims, ends of orders and other payments of an order give: the payment they go back by reserves them."""
    for number, refund in enumerate(entry.event.payment_orders):
        if refund.kind == "refund" and banks_inbox.policy(now).acquirer(refund.bank_id):
            use = banks_references.find_reference(refund.bank_id, refund.bank_ref)
            if use and ids.is_id(use.by, PAYMENT) and use.by != entry.aggregate_id:
                _apply(use.by, entry, f"refund:{number}", now, partial(_reserve, minor=refund.amount_minor, now=now))


def _reserve(was: AcquirerPayment, context: Context, *, minor: int, now: datetime) -> Change[AcquirerPayment]:
    return handling.refund_ordered(was, minor, now)


def _follow_instruction(entry: Entry, now: datetime) -> None:
    """What came of a refund, or of what an exporter gets."""
    payload = entry.event.payload
    if ids.is_id(str(payload.get("aggregate_id")), SETTLEMENT):
        _follow_payout(str(payload["aggregate_id"]), entry, now)
    elif payload.get("kind") == "refund" and entry.event.kind in _OF_REFUNDS:
        instruction = INSTRUCTIONS.repository.load(entry.aggregate_id)
        if instruction is not None and banks_inbox.policy(now).acquirer(instruction.bank_id):
            _follow_refund(instruction, entry, now)


def _follow_refund(instruction: Instruction, entry: Entry, now: datetime) -> None:
    use = banks_references.find_reference(instruction.bank_id, instruction.bank_ref)
    names = (use.by, *use.named) if use else ()
    payment_id = next((name for name in names if ids.is_id(name, PAYMENT)), None)
    if payment_id is None:
        return
    if entry.event.kind == "instruction.settled":
        settle = partial(
            handling.refund_settled,
            bank_ref=instruction.bank_ref,
            minor=instruction.amount_minor,
            now=now,
            value_date=_value_date_of(entry),
        )
        _apply(payment_id, entry, "settled", now, lambda was, _: settle(was))
    elif entry.event.kind == "instruction.stopped":
        if ids.is_id(instruction.aggregate_id, "ord"):
            stop = partial(
                handling.refund_stopped,
                bank_ref=instruction.bank_ref,
                minor=int(entry.event.payload["stopped_minor"]),
                now=now,
            )
            _apply(payment_id, entry, "stopped", now, lambda was, context: stop(was, context.order))
    elif not instruction.unresolved and instruction.remaining_minor:
        fail = partial(
            handling.refund_failed,
            bank_ref=instruction.bank_ref,
            minor=instruction.remaining_minor,
            reason=str(entry.event.payload.get("reason", "")),
            now=now,
        )
        _apply(payment_id, entry, "failed", now, lambda was, _: fail(was))


def _value_date_of(entry: Entry) -> date | None:
    """The day on which the money moved, where the bank names it."""
    named = entry.event.payload.get("value_date")
    return date.fromisoformat(named) if named else None


def _follow_payout(settlement_id: str, entry: Entry, now: datetime) -> None:
    def decide(was: Settlement, context: Any) -> Change[Settlement] | None:
        if entry.event.kind == "instruction.settled" and was.status in ("instructed", "failed"):
            return settlement_rules.settled(was, now)
        has_failed = entry.event.kind in ("instruction.failed", "instruction.manual")
        if has_failed and was.status in ("instructed", "settled"):
            return settlement_rules.failed(was, str(entry.event.payload.get("reason", "")), now)
        return None

    _settle(settlement_id, entry, "payout", now, decide)


def _follow_end(order: Order, entry: Entry, now: datetime) -> None:
    """Payments that wait are let go; what was released with the completion or after it is settled, to each payment what came by it.

    Where nothing is, nothing is due.
    """
    payload, is_completed = entry.event.payload, order.status == "completed"
    parts: dict[str, int] = payload.get("of_payments", {}) if is_completed else {}
    before = int(payload.get("released_before_minor", 0))
    end = before + sum(parts.values())
    # What claims cost in fees is taken once: of the completion, or of what comes later where nothing was released before.
    is_whole = entry.event.kind == "order.completed" or not before
    for payment_id in dict.fromkeys((*parts, *records.payments_of(order.id))):
        _apply(payment_id, entry, "ended", now, lambda was, _: handling.order_ended(was, now))
        payment = records.PAYMENTS.load(payment_id)
        minor = parts.get(payment_id, 0)
        if payment is None or not payment.settlement_id:
            continue
        if minor:
            is_last = is_whole and before + minor == end
            release = partial(
                settlement_rules.rest, before_minor=before, minor=minor, by=entry.entry_id, at=now, is_last=is_last
            )
            _follow_release(payment.settlement_id, order, release, entry, now)
            before += minor
        elif not is_completed or entry.event.kind == "order.completed":
            _settle(
                payment.settlement_id,
                entry,
                "release",
                now,
                lambda was, context: (
                    settlement_rules.void(was, now) if was.status == "due" and not was.released_by else None
                ),
            )


def _follow_release(
    settlement_id: str,
    order: Order,
    release: Callable[[Settlement, settlement_rules.Context], Change[Settlement]],
    entry: Entry,
    now: datetime,
) -> None:
    """The first settlement takes it where that is due still, else one of its own; an entry that is told again releases nothing more."""
    first = records.SETTLEMENTS.load(settlement_id)
    if first is None or first.released_by == entry.entry_id:
        return
    name = settlement_id
    if first.status != "due" or first.released_by:
        name = settlement_rules.id_of_rest(entry.entry_id, first.payment_id)
        if records.SETTLEMENTS.load(name) is None:
            begun = settlement_rules.begun_for_rest(first, entry.entry_id, now)
            SETTLEMENTS.create(begun, settlement_rules.Context(order=order), RequestContext.of_clock(name, 1, now))
    _settle(
        name,
        entry,
        "release",
        now,
        lambda was, context: release(was, context) if was.status == "due" and not was.released_by else None,
    )


@retry_on_conflict
def _apply(
    payment_id: str,
    entry: Entry,
    purpose: str,
    now: datetime,
    decide: Callable[[AcquirerPayment, Context], Change[AcquirerPayment] | None],
) -> None:
    ACQUIRER_PAYMENTS.apply(payment_id, _request(entry, f"{purpose}:{payment_id}", now), decide)


@retry_on_conflict
def _settle(
    settlement_id: str,
    entry: Entry,
    purpose: str,
    now: datetime,
    decide: Callable[[Settlement, Any], Change[Settlement] | None],
) -> None:
    request = _request(entry, f"{purpose}:{settlement_id}", now)
    SETTLEMENTS.apply(settlement_id, request, decide, funded=True)


def _request(entry: Entry, purpose: str, now: datetime) -> RequestContext:
    """Once for each entry, however often it is told."""
    request = RequestContext(caller=CLOCK, now=now, request_id=entry.entry_id)
    return request.derived("acquiring", f"{entry.entry_id}:{purpose}", "followed")
