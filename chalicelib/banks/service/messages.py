"""What a slice declares of banks' messages about its aggregates, in its `bank_messages.py`: those that come in, those that go out.

INBOUND = (Inbound(type=APPROVED, aggregate=REVIEWS, decide=deciding.approved), …)
OUTBOUND = (Outbound(name="application.submitted", kind="review.sent", data=lambda entry: {...}), …)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from chalicelib.banks.rules.protocol import BankMessage, InboundType, Numbered
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.journal import Entry
from chalicelib.shared.state_machine import Change

S = TypeVar("S", bound=Numbered)
C = TypeVar("C")
F = TypeVar("F", bound=BankMessage)


@dataclass(frozen=True, kw_only=True)
class Inbound(Generic[S, C, F]):
    """What an event of a type does to its aggregate.

    `decide` is pure. It says what changes, None where nothing does, and raises the DomainError for which the event is refused; it never
    looks at numbers: by then it is this event's turn, at this bank. `now` is when it counts, `event.occurred_at` when the bank says it happened.
    `begin` makes the aggregate where a bank's first event does; its `decide` needs no context. `funded`: what its sources hold is read first. `in_suspense` has a state remember the item
    as which money it sets aside lies in suspense.
    """

    type: InboundType[F]
    aggregate: Aggregate[S, C, Any]
    decide: Callable[[S, C, F, str, datetime], Change[S] | None]
    begin: Callable[[F, str, datetime], Change[S]] | None = None
    funded: bool = False
    in_suspense: Callable[[S, str], S] = lambda state, event_id: state


@dataclass(frozen=True, kw_only=True)
class Outbound:
    """A message to banks that an entry of the journal becomes: `kind` is the entry's event, `name` the type of the message.

    `data` is thin: ids, moments, amounts; personal data never. The banks it is for stand in the entry's payload, `bank_id` or `bank_ids`; where
    the slice it comes from knows of no banks, `banks` says who hears of it when it is told.
    """

    name: str
    kind: str
    data: Callable[[Entry], Mapping[str, Any]]
    banks: Callable[[Entry, datetime], Iterable[str]] | None = None
