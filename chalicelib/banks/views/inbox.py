"""What banks send, and what officers see of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from chalicelib.banks.rules import inbox
from chalicelib.banks.rules.event_timers import MACHINE
from chalicelib.banks.rules.inbox import OPEN, BankEvent, Movement, Status, Taker
from chalicelib.shared import ids
from chalicelib.shared.money import Money
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A bank's message. `data` depends on the type. Fields that are not known are ignored, and kept with the message."""

    type: str
    """One of `x-bank-events` in this document, by which `data` is formed; others are kept and shown as refused."""
    timestamp: Annotated[datetime, msgspec.Meta(tz=True)]
    """When the bank says it: RFC 3339 with its offset."""
    data: dict[str, Any] = {}
    """What it says, in the form of the type."""


class BankEventAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """The event is kept; its effect follows."""

    id: str
    status: Status


class BankEventsQuery(Waiting, frozen=True, kw_only=True):
    status: Literal[
        "parked", "refused", "suspense", "allocated", "returned", "claimed_back", "charged_back", "reversed"
    ]
    """Only those in this status."""
    bank_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """Only those of this bank."""


class TargetView(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer said suspended money is for: `part` is the policy of a deposit that its insurer paid for."""

    kind: Taker
    id: str
    part: str | None


class BankEventView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: Status
    bank_id: str
    webhook_id: str
    reason: str | None
    detail: str | None
    ended_by: Literal["officer", "clock", "bank"] | None
    """Whose doing it was that the money left suspense; `clock`: nobody decided in time."""
    owner: str | None
    overdue: bool
    type: str | None
    aggregate_id: str | None
    """What it was applied to, or waits for earlier events of: an order, a review, a line, a loan."""
    order_id: str | None
    instruction_id: str | None
    seq: int | None
    bank_ref: str | None
    money: Money | None
    """What came into suspense."""
    charged_back: Money | None
    """What of it the bank has charged back."""
    allocated_to: TargetView | None
    payload: str
    """The message as the bank signed it."""
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]


def view(event: BankEvent, raw: bytes, actor: str, now: datetime) -> BankEventView:
    return view_of(
        BankEventView,
        event,
        owner="officer" if event.status in OPEN else None,
        overdue=event.is_due(now),
        type=inbox.type_of(raw) or None,
        order_id=event.aggregate_id if ids.is_id(event.aggregate_id, "ord") else None,
        instruction_id=event.aggregate_id if ids.is_id(event.aggregate_id, "ins") else None,
        seq=event.number or None,
        money=_money(event.movement),
        charged_back=_charged_back(event),
        allocated_to=view_of(TargetView, event.target) if event.target else None,
        payload=raw.decode("utf-8", "replace"),
        created_at=event.received_at,
        allowed_actions=MACHINE.table.allowed(event, actor, raw, now),
        deadlines=MACHINE.deadlines(event, raw),
    )


def _money(movement: Movement | None) -> Money | None:
    return Money.of(movement.amount_minor, movement.currency) if movement else None


def _charged_back(event: BankEvent) -> Money | None:
    minor = sum(part for _, part in event.charged_back)
    return Money.of(minor, event.movement.currency) if event.movement and minor else None
