"""The deadlines of a bank event, and what comes of them. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.event_transitions import TABLE
from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.shared.state_machine import Deadline, StateMachine, Timer


def _gap(event: BankEvent, raw: bytes) -> list[Deadline]:
    """The sweep sets it aside: what that books is read from the message and from references, so it is no timer's."""
    if event.due_at is None:
        return []
    return [Deadline(name="gap", due_at=event.due_at, owner="officer", default_outcome="suspense")]


def _replay(event: BankEvent, raw: bytes) -> datetime | None:
    return event.replay_at


def _alert(event: BankEvent, raw: bytes) -> datetime | None:
    return event.alert_at


def _resolution(event: BankEvent, raw: bytes) -> datetime | None:
    return event.due_at


_PARKED: Final = frozenset({"parked"})

MACHINE: Final = StateMachine[BankEvent, bytes](
    table=TABLE,
    timers=(
        Timer("replay", _PARKED, _replay, "bank", "asked_again", suspense.replay_requested),
        Timer("alert", _PARKED, _alert, "bank", "alerted", suspense.alerted),
        Timer("gap", _PARKED, _gap, "officer", "suspense"),
        Timer("resolution", frozenset({"suspense"}), _resolution, "officer", suspense.default_of, suspense.defaulted),
    ),
)
"""Its context is the message, as the bank signed it."""
