"""How banks tell of aggregates of ours, each in a sequence of its own: reviews, lines, loans. Pure.

A bank numbers what it tells of an aggregate 1, 2, 3 …; the aggregate keeps the last number that counted, `bank_seq`, beside the `bank_id`
it belongs to. What comes early waits, what comes twice counts once, what contradicts is refused by name and its number counts all the same,
so that nothing behind it waits. A slice writes only what an event means: `decide(state, context, event, bank_id, now)`.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Generic, Literal, Protocol, TypeVar

import msgspec

from chalicelib.banks.rules.references import BankRef
from chalicelib.shared.errors import Conflict
from chalicelib.shared.money import MOST_MINOR
from chalicelib.shared.state_machine import State
from chalicelib.shared.texts import say

Seq = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Minor = Annotated[int, msgspec.Meta(ge=1, lt=MOST_MINOR)]
"""An amount as banks tell it of credit: whole minor units of the event's `currency`."""
MinorOrNone = Annotated[int, msgspec.Meta(ge=0, lt=MOST_MINOR)]
"""The same for a part or a balance, which may be nothing."""
AnyMoment = Annotated[datetime, msgspec.Meta(tz=True)]


class BankMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What `data` of every event in a sequence holds besides its own fields. What banks add is ignored, and kept with the message.

    `bank_ref` is the bank's own name for what happened, used once for each type and aggregate. The value date of money is `business_date`.
    """

    bank_ref: BankRef
    seq: Seq
    occurred_at: AnyMoment
    business_date: date
    schema: Literal[1] = 1


F = TypeVar("F", bound=BankMessage)


@dataclass(frozen=True)
class InboundType(Generic[F]):
    """One type of event, declared once, by the slice it is for.

    `kind` is the sort of aggregate in whose sequence it is, for documents; `named` says which one.
    """

    name: str
    form: type[F]
    kind: str
    named: Callable[[F], str]


class Numbered(State, Protocol):
    """An aggregate of which one bank tells: fields of its state."""

    @property
    def bank_id(self) -> str: ...
    @property
    def bank_seq(self) -> int: ...


class TooEarly(Conflict):
    code = "bank_event_too_early"
    title = "An earlier event of the same sequence has not come yet."

    def __init__(self, expected: int, seq: int) -> None:
        super().__init__(
            say("Event {seq} came before event {expected}.", seq=seq, expected=expected), expected=expected
        )
        self.expected = expected


class SeqSpent(Conflict):
    code = "bank_event_seq_spent"
    title = "Another event of the same sequence had that number."
    fix = "Send it under the next number, if it never counted."


class TargetUnknown(Conflict):
    code = "bank_event_target_unknown"
    title = "The event is about something that is not known of this bank."
    fix = "Correct the id it names and send it under a new webhook-id."


class ToldOtherwise(Conflict):
    code = "bank_event_contradicts"
    title = "The bank has told of that under the same bank_ref, with another content."
    fix = "Send another happening under a bank_ref of its own, and a correction as the event that reverses."


class ToldBefore(Conflict):
    """Never an answer: the very same happening was told of before, so this notice of it has no effect."""

    code = "bank_event_told_before"
    title = "That was told of before."


REFUSED: Final = "bank_event_refused"
"""The event of an aggregate by which a bank's number counts, and nothing else changes: what the bank said cannot be."""
NOTED: Final = "bank_event_noted"
"""The same where there was nothing to do."""


def require_next(state: Numbered, bank_id: str, seq: int) -> None:
    """TargetUnknown for another bank's aggregate; TooEarly and SeqSpent where it is not the next number's turn."""
    if state.bank_id != bank_id:
        raise TargetUnknown(say("There is no {id!r:.60} here.", id=state.id))
    expected = state.bank_seq + 1
    if seq > expected:
        raise TooEarly(expected, seq)
    if seq < expected:
        raise SeqSpent(
            say("Number {seq} is spent; the next is {expected}.", seq=seq, expected=expected), expected=expected
        )


def second_key(bank_id: str, event_type: str, bank_ref: str, aggregate_id: str) -> str:
    """What counts once for ever, under whatever webhook-id it is told: one happening of one aggregate."""
    return f"told#{bank_id}#{event_type}#{bank_ref.casefold()}#{aggregate_id}"


def content_of(event: BankMessage) -> str:
    """A digest of what an event says, whenever and under whichever number it says it."""
    fields = {
        name: value for name, value in msgspec.structs.asdict(event).items() if name not in ("seq", "occurred_at")
    }
    digest = hashlib.sha256(msgspec.json.encode(fields, order="sorted")).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()
