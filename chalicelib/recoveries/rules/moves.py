"""The recovery's state machine as a table: which move, from where, by whom, to where. Anything not drawn is refused.

What a table cannot hold (amounts, dates, a plan that waits) is in `guard`, and in the functions that make the moves.
Moves of the clock have their instants in `deadlines.py`. Money that has come is taken in every status: it is never refused.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from chalicelib.recoveries.rules.recovery import ASKED, ENDS, STATUSES, Policy, Recovery, Status
from chalicelib.shared.periods import wire
from chalicelib.shared.refusal import Conflict

Side = Literal["supplier", "officer"]
Actor = Literal["supplier", "officer", "bank", "clock"]


class NotInThisState(Conflict):
    code = "recovery_not_in_this_state"
    title = "The recovery does not allow that now."
    fix = "Choose one of allowed_actions."


class Move(msgspec.Struct, frozen=True):
    """`name` is the action on the wire, or the clock's or bank's event."""

    name: str
    sources: frozenset[Status]
    actor: Actor
    to: frozenset[Status]
    guard: Callable[[Recovery, Policy, datetime], bool] = lambda recovery, policy, now: True


def _from(*sources: Status) -> frozenset[Status]:
    return frozenset(sources)


def write_off_from(recovery: Recovery, policy: Policy) -> datetime:
    """From when an officer may give the rest up."""
    return recovery.created_at + timedelta(days=policy.write_off_after_days)


def _is_left(recovery: Recovery, policy: Policy, now: datetime) -> bool:
    return recovery.left_minor > 0


def _is_proposed(recovery: Recovery, policy: Policy, now: datetime) -> bool:
    return recovery.proposed is not None


def _is_hopeless(recovery: Recovery, policy: Policy, now: datetime) -> bool:
    return now >= write_off_from(recovery, policy)


_ANY: Final = frozenset(STATUSES)
_LIVE: Final = _ANY - ENDS

MOVES: Final[tuple[Move, ...]] = (
    Move("demand", _from("open"), "clock", _from("demanded")),
    Move("debit.settled", _ANY, "bank", _ANY),
    Move("debit.taken_back", _ANY, "bank", _LIVE | _from("written_off")),
    Move("debit.given_up", _LIVE, "bank", _LIVE),
    Move("debit.given_up", _from("demanded"), "clock", _from("setoff")),
    Move("set_off", _LIVE, "clock", _LIVE | _from("recovered")),
    Move("suspend", _from("setoff"), "clock", _from("suspended")),
    Move("instalments", ASKED, "supplier", ASKED, _is_left),
    Move("accept-instalments", ASKED, "officer", _from("instalments"), _is_proposed),
    Move("let_plan_lapse", ASKED, "clock", ASKED, _is_proposed),
    Move("call", _from("instalments"), "clock", _from("instalments")),
    Move("end_plan", _from("instalments"), "clock", _from("setoff", "suspended")),
    Move("receipts", _LIVE | _from("written_off"), "officer", _LIVE | _from("written_off", "recovered"), _is_left),
    Move("write-off", _from("suspended"), "officer", _from("written_off"), _is_hopeless),
)


def allowed(recovery: Recovery, policy: Policy, side: Side | None, now: datetime) -> list[str]:
    """The actions this side may take now, in the order of the table."""
    return [
        move.name
        for move in MOVES
        if move.actor == side and recovery.status in move.sources and move.guard(recovery, policy, now)
    ]


def must_be_allowed(name: str, recovery: Recovery, policy: Policy, side: Side, now: datetime) -> None:
    if name in allowed(recovery, policy, side, now):
        return
    told = "has ended" if recovery.status in ENDS else f"is {recovery.status.replace('_', ' ')}"
    raise NotInThisState(
        f"The recovery {told}; {name} by the {side} is not drawn from there at {wire(now)}.",
        recovery_status=recovery.status,
        version=recovery.version,
        allowed_actions=allowed(recovery, policy, side, now),
    )
