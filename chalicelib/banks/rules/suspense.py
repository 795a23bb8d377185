"""What is decided about a bank event: that it waits, is refused or applied; that its money lies in suspense, and how it leaves. Pure.

suspense ─→ allocated       an officer says what it is for, and that takes it in the same commit
    ├─────→ returned        it came in: owed back to its remitter, by an officer or when its time is up
    ├─────→ claimed_back    it went out: the bank owes it to us, by an officer or when its time is up
    ├─────→ charged_back    it came in, and the bank took all of it back
    └─────→ reversed        an officer found that it is another notice of a transfer that was booked: the booking is undone

The item is the bank event itself. Everything in the account `suspense` is owned by one, and leaves it by one of these ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from chalicelib.banks.rules.event_transitions import REUSED, TABLE, EventChange, change
from chalicelib.banks.rules.inbox import MOST_PARTS, BankEvent, Movement, Status, Target
from chalicelib.ledger.rules.chart import BANK_CLEARING, REFUNDS_PAYABLE, RETURNED_RECEIVABLE, SUSPENSE
from chalicelib.shared.errors import Conflict, DomainError, RuleViolation
from chalicelib.shared.journal import PaymentOrder, Posting, transfer
from chalicelib.shared.state_machine import Effect

NO_DEADLINE: Final[dict[str, Any]] = {"due_at": None, "replay_at": None, "alert_at": None}
ENDS: Final[frozenset[Status]] = frozenset({"allocated", "returned", "claimed_back", "charged_back", "reversed"})


class ReferenceReused(Conflict):
    code = REUSED
    title = "The bank has used that reference for other money."
    fix = (
        "Ask the bank: allocate it where it is money of its own, reverse it where the same transfer was told of twice."
    )


class NotForThat(RuleViolation):
    code = "not_for_that"
    title = "Money that went out cannot be allocated there."
    fix = "Allocate what a bank took back to the order or the deposit it was paid for, or claim it back: return."


def parked(
    event: BankEvent,
    aggregate_id: str,
    number: int,
    *,
    expected: int,
    wait: timedelta,
    now: datetime,
    **deadlines: datetime,
) -> EventChange:
    """It waits for the events before it, counted from its arrival. `deadlines`: when the bank is asked for them, and somebody alerted."""
    detail = f"It is number {number} of its sequence; number {expected} has not arrived."
    return _waits(event, aggregate_id, number, now, reason="too_early", detail=detail, wait=wait, **deadlines)


def parked_for(
    event: BankEvent, aggregate_id: str, number: int, why: DomainError, *, wait: timedelta, now: datetime
) -> EventChange:
    """It waits for what it is about, which is not known yet."""
    return _waits(event, aggregate_id, number, now, reason=why.code, detail=why.detail[:300], wait=wait)


def replay_requested(event: BankEvent, raw: bytes, at: datetime) -> EventChange:
    """The bank is asked for what it has not told us."""
    payload = {"bank_id": event.bank_id, "aggregate_id": event.aggregate_id, "until_seq": event.number - 1}
    return change(event, "ask-replay", "parked", at, event="replay_requested", payload=payload, replay_at=None)


def alerted(event: BankEvent, raw: bytes, at: datetime) -> EventChange:
    """It did not, and somebody has to call."""
    payload = {"bank_id": event.bank_id, "aggregate_id": event.aggregate_id}
    return change(event, "alert", "parked", at, event="gap_alerted", payload=payload, alert_at=None)


def applied(event: BankEvent, now: datetime, **payload: Any) -> EventChange:
    """Its effect is made; `payload` is what the event tells besides."""
    return change(event, "apply", "applied", now, reason="", detail="", **NO_DEADLINE, **payload)


def refused(
    event: BankEvent, why: DomainError, now: datetime, *, about: Mapping[str, str] | None = None
) -> EventChange:
    """Nothing can be done with it; `about` says of what it was."""
    detail = _named(why)[:300]
    payload = {"reason": why.code, "detail": detail, "bank_id": event.bank_id, **(about or {})}
    return change(event, "refuse", "refused", now, payload=payload, reason=why.code, detail=detail, **NO_DEADLINE)


def retried(event: BankEvent, wait: timedelta, now: datetime) -> EventChange:
    """An officer has it looked at once more, as if it had just come."""
    return change(event, "retry", "parked", now, event="retried", reason="", detail="", due_at=now + wait)


def suspended(
    event: BankEvent,
    money: Movement,
    why: DomainError,
    bank_ref: str,
    wait: timedelta,
    now: datetime,
    *,
    effects: tuple[Effect, ...] = (),
) -> EventChange:
    """Nothing takes the money: from now on it is an officer's, until its time is up."""
    due_at = now + wait
    return change(
        event,
        "suspend",
        "suspense",
        now,
        event="suspended",
        payload={"reason": why.code, "owner": "officer", "due_at": due_at, "bank_ref": bank_ref},
        postings=money.suspend(event.id, event.bank_id),
        effects=effects,
        movement=money,
        bank_ref=bank_ref,
        reason=why.code,
        detail=why.detail[:300],
        suspended_at=now,
        due_at=due_at,
    )


def allocated(event: BankEvent, target: Target, now: datetime) -> EventChange:
    """It leaves suspense for what an officer named; the legs go into the entry of whatever takes it."""
    freed = _money_of(event).free(event.id, event.bank_id)
    return change(event, "allocate", "allocated", now, postings=freed, target=target, due_at=None)


def returned(event: BankEvent, now: datetime) -> EventChange:
    """An officer gives it back to whoever sent it, or claims it back of the bank that took it."""
    return _given_back(event, "return", now)


def defaulted(event: BankEvent, raw: bytes, at: datetime) -> EventChange:
    """Its time is up: the same, as of the moment it was due."""
    return _given_back(event, "default", at)


def reversed_(event: BankEvent, now: datetime) -> EventChange:
    """It was booked a second time: the bank told of one transfer twice."""
    freed, payload = _money_of(event).free(event.id, event.bank_id), {"bank_ref": event.bank_ref}
    return change(event, "reverse", "reversed", now, payload=payload, postings=freed, due_at=None)


def may_be_charged_back(event: BankEvent, money: Movement, now: datetime) -> bool:
    """Whether the bank can take so much of an item back: it waits still, or its refund may be on its way."""
    there = event.waiting
    return (
        there is not None
        and "charged_back" in TABLE.allowed(event, "bank", b"", now)
        and money.currency == there.currency
        and money.amount_minor <= there.amount_minor
        and len(event.charged_back) < MOST_PARTS
    )


def charged_back(event: BankEvent, money: Movement, now: datetime) -> EventChange:
    """The bank takes (part of) an item back. What had been given back already is owed to us, unless its refund can be stopped."""
    minor, bank = money.amount_minor, (BANK_CLEARING, event.bank_id)
    remaining_minor = _money_of(event).amount_minor - minor
    was_returned = event.status == "returned"
    return change(
        event,
        "charged_back",
        event.status if was_returned or remaining_minor else "charged_back",
        now,
        payload={"amount_minor": minor, "currency": money.currency, "remaining_minor": remaining_minor},
        postings=transfer(
            minor,
            money.currency,
            debit_to=(RETURNED_RECEIVABLE if was_returned else SUSPENSE, event.id),
            credit_to=bank,
        ),
        payment_orders=(_instruct(event, "stop", money),) if was_returned else (),
        charged_back=(*event.charged_back, (now, minor)),
        due_at=event.due_at if remaining_minor else None,
    )


def default_of(event: BankEvent) -> Status:
    """What becomes of an item when its time is up."""
    return "returned" if _money_of(event).incoming else "claimed_back"


def in_suspense_minor(event: BankEvent, end: datetime) -> int:
    """What of an event lay in suspense just before `end`: above zero what is owed, below what is owed to us."""
    if event.movement is None or event.suspended_at is None or event.suspended_at >= end:
        return 0
    if event.status in ENDS and event.since < end:
        return 0
    minor = event.movement.amount_minor - sum(part for at, part in event.charged_back if at < end)
    return minor if event.movement.incoming else -minor


def _waits(
    event: BankEvent, aggregate_id: str, number: int, now: datetime, *, wait: timedelta, **fields: Any
) -> EventChange:
    return change(
        event,
        "park",
        "parked",
        now,
        payload={"aggregate_id": aggregate_id, "seq": number},
        aggregate_id=aggregate_id,
        number=number,
        due_at=event.received_at + wait,
        **fields,
    )


def _named(why: DomainError) -> str:
    """What is wrong, and with which field."""
    return f"{why.param}: {why.detail}" if why.param else why.detail


def _money_of(event: BankEvent) -> Movement:
    """What is left of an item's money."""
    money = event.waiting
    assert money is not None, "only money lies in suspense"
    return money


def _given_back(event: BankEvent, transition: str, at: datetime) -> EventChange:
    money, is_default = _money_of(event), transition == "default"
    owed_to_us = transfer(
        money.amount_minor,
        money.currency,
        debit_to=(RETURNED_RECEIVABLE, event.id),
        credit_to=(SUSPENSE, event.id),
    )
    return change(
        event,
        transition,
        default_of(event),
        at,
        payload={"default": is_default, "amount_minor": money.amount_minor, "currency": money.currency},
        postings=_owed_back(event, money) if money.incoming else owed_to_us,
        payment_orders=(_instruct(event, "refund", money),) if money.incoming else (),
        due_at=None,
    )


def _owed_back(event: BankEvent, money: Movement) -> tuple[Posting, ...]:
    """What lies in suspense becomes a debt to whoever sent it."""
    return transfer(
        money.amount_minor, money.currency, debit_to=(SUSPENSE, event.id), credit_to=(REFUNDS_PAYABLE, event.id)
    )


def _instruct(event: BankEvent, kind: Literal["refund", "stop"], money: Movement) -> PaymentOrder:
    """What the bank is told: no member gets the money, as far as we know."""
    return PaymentOrder(
        kind=kind,
        bank_id=event.bank_id,
        aggregate_id=event.id,
        currency=money.currency,
        amount_minor=money.amount_minor,
        party="",
        bank_ref=event.bank_ref,
    )
