"""Money a bank told us of that nothing has taken: the machine of an item in suspense, as a table and as steps. Pure.

suspense ─→ allocated       an officer says what it is for, and that takes it in the same commit
    ├─────→ returned        it came in: owed back to its remitter, by an officer or when its time is up
    ├─────→ claimed_back    it went out: the bank owes it to us, by an officer or when its time is up
    ├─────→ taken_back      it came in, and the bank took all of it back
    └─────→ reversed        an officer found that it is another notice of a transfer that was booked: the booking is undone

The item is the bank event itself. Everything in the account `suspense` is `of` one, and leaves it by one of these moves.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from chalicelib.banks.rules.inbox import MOST_PARTS, BankEvent, Movement, Status, Target, next_version
from chalicelib.ledger.rules.chart import BANK_CLEARING, REFUNDS_PAYABLE, RETURNED_RECEIVABLE, SUSPENSE
from chalicelib.shared.journal import Event, Instruct, Posting, transfer
from chalicelib.shared.refusal import Conflict, Refusal, Unfit

Actor = Literal["officer", "clock", "bank"]
REUSED: Final = "reference_reused"
"""Why money lies in suspense whose reference its bank has used before."""
ENDS: Final[frozenset[Status]] = frozenset({"allocated", "returned", "claimed_back", "taken_back", "reversed"})


class NotSuspended(Conflict):
    code = "not_in_suspense"
    title = "The event's money is not in suspense."
    fix = "Read the event again and choose one of its allowed actions."


class ReferenceReused(Conflict):
    code = REUSED
    title = "The bank has used that reference for other money."
    fix = (
        "Ask the bank: allocate it where it is money of its own, reverse it where the same transfer was told of twice."
    )


class NotForThat(Unfit):
    code = "not_for_that"
    title = "Money that went out cannot be allocated there."
    fix = "Allocate what a bank took back to the order or the deposit it was paid for, or claim it back: return."


class Move(msgspec.Struct, frozen=True):
    """`incoming`: which way the money must have moved, where that matters; `reason`: why it must lie there."""

    name: str
    source: Status
    actor: Actor
    to: Status
    incoming: bool | None = None
    reason: str = ""

    def fits(self, event: BankEvent) -> bool:
        money = event.movement
        return (
            money is not None
            and event.status == self.source
            and self.incoming in (None, money.incoming)
            and self.reason in ("", event.reason)
        )


MOVES: Final[tuple[Move, ...]] = (
    Move("allocate", "suspense", "officer", "allocated"),
    Move("return", "suspense", "officer", "returned", incoming=True),
    Move("return", "suspense", "officer", "claimed_back", incoming=False),
    Move("reverse", "suspense", "officer", "reversed", reason=REUSED),
    Move("default", "suspense", "clock", "returned", incoming=True),
    Move("default", "suspense", "clock", "claimed_back", incoming=False),
    Move("taken_back", "suspense", "bank", "suspense", incoming=True),
    Move("taken_back", "suspense", "bank", "taken_back", incoming=True),
    Move("taken_back", "returned", "bank", "returned", incoming=True),
)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """The event in its next version and what is told of it; `at` is when it took effect."""

    event: BankEvent
    told: Event
    at: datetime


def suspended(event: BankEvent, money: Movement, why: Refusal, bank_ref: str, wait: timedelta, now: datetime) -> Step:
    """Nothing takes the money: from now on it is an officer's, until its time is up."""
    after = next_version(
        event,
        "suspense",
        now,
        movement=money,
        bank_ref=bank_ref,
        reason=why.code,
        detail=why.detail[:300],
        suspended_at=now,
        due_at=now + wait,
    )
    facts = {"reason": why.code, "owner": "officer", "due_at": after.due_at, "bank_ref": bank_ref}
    told = Event("bank_event.suspended", facts, money.suspend(event.id, event.bank_id))
    return Step(event=after, told=told, at=now)


def allocated(event: BankEvent, target: Target, now: datetime) -> Step:
    """It leaves suspense for what an officer named; the legs go into the entry of whatever takes it."""
    money = must_be_allowed(event, "allocate", now)
    after = _ended(event, "allocated", now, target=target)
    told = Event("bank_event.allocated", msgspec.to_builtins(target), money.free(event.id, event.bank_id))
    return Step(event=after, told=told, at=now)


def returned(event: BankEvent, now: datetime) -> Step:
    """An officer gives it back to whoever sent it, or claims it back of the bank that took it."""
    return _given_back(event, must_be_allowed(event, "return", now), now, by_default=False)


def defaulted(event: BankEvent) -> Step:
    """Its time is up: the same, as of the moment it was due."""
    money = event.waiting
    assert money is not None, "only money in suspense has a time"
    assert event.due_at is not None, "only money in suspense has a time"
    return _given_back(event, money, event.due_at, by_default=True)


def reversed_(event: BankEvent, now: datetime) -> Step:
    """It was booked a second time: the bank told of one transfer twice."""
    money = must_be_allowed(event, "reverse", now)
    told = Event("bank_event.reversed", {"bank_ref": event.bank_ref}, money.free(event.id, event.bank_id))
    return Step(event=_ended(event, "reversed", now), told=told, at=now)


def may_be_taken_back(event: BankEvent, money: Movement) -> bool:
    """Whether the bank can take so much of an item back: it waits still, or its refund may be on its way."""
    there = event.waiting
    return (
        there is not None
        and any(move.name == "taken_back" and move.fits(event) for move in MOVES)
        and money.currency == there.currency
        and money.amount_minor <= there.amount_minor
        and len(event.taken_back) < MOST_PARTS
    )


def taken_back(event: BankEvent, money: Movement, now: datetime) -> Step:
    """The bank takes (part of) an item back. What had been given back already is owed to us, unless its refund can be stopped."""
    there = event.waiting
    assert there is not None, "asked before"
    assert may_be_taken_back(event, money), "asked before"
    minor, bank = money.amount_minor, (BANK_CLEARING, event.bank_id)
    left_minor, parts = there.amount_minor - minor, (*event.taken_back, (now, minor))
    facts = {"amount_minor": minor, "currency": money.currency, "left_minor": left_minor}
    if event.status == "returned":
        legs = transfer(minor, money.currency, debit_to=(RETURNED_RECEIVABLE, event.id), credit_to=bank)
        stop = _instruct(event, "stop", money)
        after = next_version(event, "returned", now, taken_back=parts)
        return Step(event=after, told=Event("bank_event.taken_back", facts, legs, instructs=(stop,)), at=now)
    legs = transfer(minor, money.currency, debit_to=(SUSPENSE, event.id), credit_to=bank)
    if left_minor:
        after = next_version(event, "suspense", now, taken_back=parts)
    else:
        after = _ended(event, "taken_back", now, taken_back=parts)
    return Step(event=after, told=Event("bank_event.taken_back", facts, legs), at=now)


def allowed(event: BankEvent, now: datetime) -> list[str]:
    """What an officer may do about it now."""
    if event.status == "suspense" and event.is_due(now):
        return []
    return [move.name for move in MOVES if move.actor == "officer" and move.fits(event)]


def must_be_allowed(event: BankEvent, action: str, now: datetime) -> Movement:
    """The money an officer decides about, or NotSuspended."""
    money = event.waiting
    if money is None or action not in allowed(event, now):
        raise NotSuspended(
            f"The event is {event.status}; {action} is not drawn from there.",
            status=event.status,
            version=event.version,
            allowed_actions=allowed(event, now),
        )
    return money


def default_of(event: BankEvent) -> Status | None:
    """What becomes of it when its time is up."""
    return next((move.to for move in MOVES if move.actor == "clock" and move.fits(event)), None)


def in_suspense_minor(event: BankEvent, end: datetime) -> int:
    """What of an event lay in suspense just before `end`: above zero what is owed, below what is owed to us."""
    if event.movement is None or event.suspended_at is None or event.suspended_at >= end:
        return 0
    if event.status in ENDS and event.since < end:
        return 0
    minor = event.movement.amount_minor - sum(part for at, part in event.taken_back if at < end)
    return minor if event.movement.incoming else -minor


def _given_back(event: BankEvent, money: Movement, at: datetime, *, by_default: bool) -> Step:
    facts = {"default": by_default, "amount_minor": money.amount_minor, "currency": money.currency}
    if not money.incoming:
        after, bank = _ended(event, "claimed_back", at), (RETURNED_RECEIVABLE, event.id)
        legs = transfer(money.amount_minor, money.currency, debit_to=bank, credit_to=(SUSPENSE, event.id))
        return Step(event=after, told=Event("bank_event.claimed_back", facts, legs), at=at)
    told = Event("bank_event.returned", facts, _owed_back(event, money), instructs=(_instruct(event, "refund", money),))
    return Step(event=_ended(event, "returned", at), told=told, at=at)


def _owed_back(event: BankEvent, money: Movement) -> tuple[Posting, ...]:
    """What lies in suspense becomes a debt to whoever sent it."""
    return transfer(
        money.amount_minor, money.currency, debit_to=(SUSPENSE, event.id), credit_to=(REFUNDS_PAYABLE, event.id)
    )


def _instruct(event: BankEvent, kind: Literal["refund", "stop"], money: Movement) -> Instruct:
    """What the bank is told: no member gets the money, as far as we know."""
    return Instruct(
        kind=kind,
        bank_id=event.bank_id,
        of=event.id,
        currency=money.currency,
        amount_minor=money.amount_minor,
        party="",
        bank_ref=event.bank_ref,
    )


def _ended(event: BankEvent, status: Status, at: datetime, **changes: object) -> BankEvent:
    return next_version(event, status, at, due_at=None, **changes)
