"""An incentive: points that a firm has earned by one thing it did, as a value. Pure.

Statuses:

    standing  it counts
    reversed  what earned it did not happen, or was undone
    expired   its time is over

The source adds to a firm's integrity index when a bank approves an application, when a loan is granted, and when it is repaid on time; a
guarantor earns as much by paying its share of a call on time. Each of them counts once, by firm, by what it is for, and by kind: an incentive's id is made of the three.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.errors import AnotherOfficerNeeded
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import business_date, months_after, start_of
from chalicelib.shared.state_machine import Change, InvalidTransition, StateMachine, Table, Timer, Transition, telling

Kind = Literal["approved", "granted", "repaid_on_time", "share_honoured"]
Status = Literal["standing", "reversed", "expired"]
Actor = Literal["firm", "officer"]
Why = Literal["undone", "false_data", "draw_reversed", "mistake", "malicious_report"]
"""Why it does not count: the journal says that what earned it was undone, or an officer has found why; or its firm has reported another one maliciously."""
OfficersWhy = Literal["false_data", "draw_reversed", "mistake"]
Level = Literal["bronze", "silver", "gold"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"expired"})
MOST_CHARACTERS: Final = 500


class IncentiveNotInThisStatus(InvalidTransition):
    code = "incentive_not_in_this_status"
    title = "The incentive does not allow that now."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/integrity/`. The last `windows` times `window_months` count, and `most_points` of each."""

    points: Mapping[Kind, int]
    most_points: int
    window_months: int
    windows: int
    levels: Mapping[Level, int]
    statement_minutes: int


class Incentive(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One incentive. `subject_id` is the application, loan or call that it is for; `reversed_by` the officer who has found that it does not count."""

    id: str
    member_id: str
    kind: Kind
    subject_id: str
    points: int
    earned_on: date
    expires_at: datetime
    status: Status
    version: int
    seq: int = 1
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    why: Why | None = None
    note: Annotated[str, characters(MOST_CHARACTERS)] = ""
    reversed_by: Annotated[str, characters(100)] = ""


Context = tuple[()]
"""An incentive is decided on by itself."""
IncentiveChange = Change[Incentive]


def _is_undone(incentive: Incentive, context: Context, actor: str, now: datetime) -> bool:
    """What an officer has reversed, no later fact of the loan brings back."""
    return incentive.why == "undone"


def _is_reversed_by_an_officer(incentive: Incentive, context: Context, actor: str, now: datetime) -> bool:
    return incentive.why != "undone"


def _is_for_false_data(incentive: Incentive, context: Context, actor: str, now: datetime) -> bool:
    return incentive.why == "false_data"


_STANDING: Final = frozenset[str]({"standing"})
_REVERSED: Final = frozenset[str]({"reversed"})
_CLOCK: Final = frozenset({"clock"})
_OFFICER: Final = frozenset({"officer"})

TABLE: Final = Table[Incentive, Context](
    kind="incentive",
    error=IncentiveNotInThisStatus,
    ends=ENDS,
    payload=telling("member_id", "kind", "subject_id", "points"),
    transitions=(
        Transition("reverse", _STANDING, _OFFICER, _REVERSED),
        Transition("restore", _REVERSED, _OFFICER, _STANDING, _is_reversed_by_an_officer),
        Transition("undo", _STANDING, _CLOCK, _REVERSED),
        Transition("redo", _REVERSED, _CLOCK, _STANDING, _is_undone),
        Transition("give_back", _REVERSED, _CLOCK, _STANDING, _is_for_false_data),
        Transition("expire", _STANDING | _REVERSED, _CLOCK, ENDS),
    ),
)


_STANDS: Final[dict[str, Any]] = {"status": "standing", "why": None, "note": "", "reversed_by": ""}


def incentive_id(member_id: str, subject_id: str, kind: Kind) -> str:
    return ids.derived_id("inc", member_id, subject_id, kind)


def earned(
    member_id: str, subject_id: str, kind: Kind, at: datetime, policy: Policy, policy_hash: str, now: datetime
) -> IncentiveChange:
    """The first version. What was earned so long ago that it has expired ends at once, by its timer."""
    on = business_date(at)
    incentive = Incentive(
        id=incentive_id(member_id, subject_id, kind),
        member_id=member_id,
        kind=kind,
        subject_id=subject_id,
        points=policy.points[kind],
        earned_on=on,
        expires_at=start_of(months_after(on, policy.windows * policy.window_months)),
        status="standing",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy_hash,
    )
    payload: dict[str, Any] = {
        "to": "standing",
        "member_id": member_id,
        "kind": kind,
        "subject_id": subject_id,
        "points": incentive.points,
        "earned_on": on.isoformat(),
    }
    return IncentiveChange(state=incentive, event=Event("incentive.earned", payload, policy=policy_hash), at=now)


def reverse(was: Incentive, why: OfficersWhy, note: str, officer: str, now: datetime) -> IncentiveChange:
    """An officer has found that it was not earned. The firm reads why."""
    payload = {"why": why, "note": note, "private": {"officer": officer}}
    return TABLE.change(was, "reverse", now, to="reversed", why=why, note=note, reversed_by=officer, payload=payload)


def restore(was: Incentive, note: str, officer: str, now: datetime) -> IncentiveChange:
    """Another officer has found that the one who reversed it was wrong. The firm reads why; whether what earned it is still so is looked at afterwards."""
    if officer == was.reversed_by:
        raise AnotherOfficerNeeded("Who has reversed it does not decide whether that was right.")
    payload = {"note": note, "private": {"officer": officer}}
    return TABLE.change(was, "restore", now, event="restored", payload=payload, **_STANDS)


def give_back(was: Incentive, sanction_id: str, now: datetime) -> IncentiveChange:
    """A sanction that says the same of the loan was overturned: the data were not false."""
    return TABLE.change(was, "give_back", now, event="restored", payload={"sanction_id": sanction_id}, **_STANDS)


def undo(was: Incentive, now: datetime) -> IncentiveChange:
    """What earned it is so no longer."""
    return TABLE.change(was, "undo", now, event="undone", status="reversed", why="undone", payload={"why": "undone"})


def redo(was: Incentive, now: datetime) -> IncentiveChange:
    """What earned it is so again."""
    return TABLE.change(was, "redo", now, event="restored", **_STANDS)


def expire(was: Incentive, context: Context, at: datetime) -> IncentiveChange:
    return TABLE.change(was, "expire", at, to="expired")


MACHINE: Final = StateMachine[Incentive, Context](
    table=TABLE,
    timers=(
        Timer(
            "expiry",
            _STANDING | _REVERSED,
            lambda incentive, context: incentive.expires_at,
            "firm",
            "expired",
            expire,
        ),
    ),
)
