"""What is decided about a bank event, from where, by whom, to where. Pure. What its taker writes counts as the bank's."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.banks.rules.inbox import BankEvent, Status
from chalicelib.banks.rules.protocol import TargetUnknown
from chalicelib.shared.state_machine import Among, Change, InvalidTransition, Table, Transition

EventChange = Change[BankEvent]
PASSING: Final = frozenset({"internal", "gap_not_filled", "unknown_event_type", TargetUnknown.code})
"""Why an event was refused that may be taken later: a fault of ours, what had not come or was not known then."""
REUSED: Final = "reference_reused"
"""Why money lies in suspense whose reference its bank has used before."""


class NotSuspended(InvalidTransition):
    code = "not_in_suspense"
    title = "The event's money is not in suspense."
    fix = "Read the event again and choose one of its allowed actions."


def _is_not_due(event: BankEvent, raw: bytes, actor: str, now: datetime) -> bool:
    return not event.is_due(now)


def _is_told_again(event: BankEvent, raw: bytes, actor: str, now: datetime) -> bool:
    """Only what was booked under a reference that was used before may be another notice of the same transfer."""
    return event.reason == REUSED and _is_not_due(event, raw, actor, now)


def _may_come_out_otherwise(event: BankEvent, raw: bytes, actor: str, now: datetime) -> bool:
    """It was refused for what may have changed since, and its number has not counted."""
    return event.reason in PASSING


def _came_in(event: BankEvent, raw: bytes, actor: str, now: datetime) -> bool:
    return event.movement is not None and event.movement.incoming


_in: Final = Among[Status]()
_NEW: Final = _in("received", "parked")
_SUSPENSE: Final = _in("suspense")
_GIVEN_BACK: Final = _in("returned", "claimed_back")
_BANK: Final = frozenset({"bank"})
_CLOCK: Final = frozenset({"clock"})
_OFFICER: Final = frozenset({"officer"})

TABLE: Final = Table[BankEvent, bytes](
    kind="bank_event",
    error=NotSuspended,
    ends=_in("applied", "refused", "allocated", "returned", "claimed_back", "charged_back", "reversed"),
    payload=lambda was, event: {},
    transitions=(
        Transition("park", _NEW, _BANK, _in("parked")),
        Transition("ask-replay", _in("parked"), _CLOCK, _in("parked")),
        Transition("alert", _in("parked"), _CLOCK, _in("parked")),
        Transition("apply", _NEW, _BANK, _in("applied")),
        Transition("refuse", _NEW, _BANK, _in("refused")),
        Transition("suspend", _NEW, _BANK, _SUSPENSE),
        Transition("allocate", _SUSPENSE, _OFFICER, _in("allocated"), _is_not_due),
        Transition("retry", _in("refused"), _OFFICER, _in("parked"), _may_come_out_otherwise),
        Transition("return", _SUSPENSE, _OFFICER, _GIVEN_BACK, _is_not_due),
        Transition("reverse", _SUSPENSE, _OFFICER, _in("reversed"), _is_told_again),
        Transition("default", _SUSPENSE, _CLOCK, _GIVEN_BACK),
        Transition("charged_back", _SUSPENSE, _BANK, _in("suspense", "charged_back"), _came_in),
        Transition("charged_back", _in("returned"), _BANK, _in("returned"), _came_in),
    ),
)


def change(
    was: BankEvent, transition: str, status: Status, at: datetime, *, event: str = "", **fields: Any
) -> EventChange:
    """The next version; `since` is when it came into its status, and the entry's event bears the status' name, if it has no other.

    What ends its time in suspense says whose doing that was.
    """
    since = was.since if status == was.status else at
    if was.status == "suspense" and status in TABLE.ends:
        (fields["ended_by"],) = next(each.actors for each in TABLE.transitions if each.name == transition)
    return TABLE.change(was, transition, at, event=event or status, status=status, since=since, **fields)


def by_another(change: EventChange, was: BankEvent) -> BankEvent:
    """The next version where an entry of another aggregate makes it: its own chain gets none."""
    return replace(change.state, seq=was.seq)
