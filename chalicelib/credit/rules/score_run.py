"""A score that is kept: what it was on a day, by which card, and, where it is in band D, what a person found. Pure.

Statuses:

    kept       nobody has to look at it
    to_review  band D: an officer has to, and says in words that the firm reads whether the points say what the firm is
    reviewed   an officer has

Scores are kept of applications, as banks read them in the data pack, and every month of firms that consent. Nothing follows by itself from any of them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.credit.rules.scorecard import Band, Card, Figures, score
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import Calendar, business_days_at_most
from chalicelib.shared.state_machine import (
    STAYS,
    Change,
    InvalidTransition,
    StateMachine,
    Table,
    Timer,
    Transition,
    Versioned,
    rings_next,
)

LONGEST_HOLIDAYS_DAYS: Final = 14
"""Taken for those of a year whose holidays are not published yet."""
Status = Literal["kept", "to_review", "reviewed"]
Actor = Literal["firm", "officer"]
Occasion = Literal["application", "month"]
Finding = Literal["stands", "set_aside"]
"""The points say what the firm is; they do not, for the reason in the note."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"kept", "reviewed"})
MOST_CHARACTERS: Final = 1_000


class ScoreNotInThisStatus(InvalidTransition):
    code = "score_not_in_this_status"
    title = "The score does not allow that now."


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """The card that a score was made by, and the calendar of the days within which an officer looks at one in band D."""

    card: Card
    calendar: Calendar


class ScoreRun(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One score, as the figures that the card, version `card` of the policy `scorecard`, makes it of.

    `subject_id` is the data pack that holds it, or the month it is of.
    """

    id: str
    member_id: str
    as_of: date
    occasion: Occasion
    subject_id: str
    card: str
    figures: Figures
    points: int
    band: Band
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    due_at: datetime | None = None
    reminders: int = 0
    finding: Finding | None = None
    note: Annotated[str, characters(MOST_CHARACTERS)] = ""
    reviewed_by: Annotated[str, characters(100)] = ""
    reviewed_at: datetime | None = None


ScoreChange = Change[ScoreRun]

_TO_REVIEW: Final = frozenset[str]({"to_review"})

TABLE: Final = Table[ScoreRun, Context](
    kind="score",
    error=ScoreNotInThisStatus,
    ends=ENDS,
    payload=lambda was, run: {"from": was.status, "to": run.status, **_payload(run)},
    transitions=(
        Transition("review", _TO_REVIEW, frozenset({"officer"}), frozenset({"reviewed"})),
        Transition("remind", _TO_REVIEW, frozenset({"clock"}), STAYS),
    ),
)


def kept(
    score_id: str,
    member_id: str,
    figures: Figures,
    *,
    as_of: date,
    occasion: Occasion,
    subject_id: str,
    card: str,
    policy: str,
    context: Context,
    now: datetime,
) -> ScoreChange:
    """The first version."""
    scored = score(figures, context.card)
    run = ScoreRun(
        id=score_id,
        member_id=member_id,
        as_of=as_of,
        occasion=occasion,
        subject_id=subject_id,
        card=card,
        figures=figures,
        points=scored.points,
        band=scored.band,
        status="to_review" if scored.needs_person else "kept",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy,
        due_at=_due(context, now) if scored.needs_person else None,
    )
    return ScoreChange(state=run, event=Event("score.kept", {"to": run.status, **_payload(run)}, policy=policy), at=now)


def review(was: ScoreRun, finding: Finding, note: str, officer: str, now: datetime) -> ScoreChange:
    """An officer has looked at it; the firm reads what was found."""
    return TABLE.change(
        was,
        "review",
        now,
        to="reviewed",
        due_at=None,
        finding=finding,
        note=note,
        reviewed_by=officer,
        reviewed_at=now,
        payload={"finding": finding, "note": note, "private": {"officer": officer}},
    )


def remind(was: ScoreRun, context: Context, at: datetime) -> ScoreChange:
    """No officer has looked at it in time: nothing becomes of that but that it rings, and again after twice the time."""
    return TABLE.change(
        was,
        "remind",
        at,
        event="review_overdue",
        reminders=was.reminders + 1,
        payload={"reminders": was.reminders + 1},
    )


def _payload(run: ScoreRun) -> dict[str, object]:
    return {"member_id": run.member_id, "points": run.points, "band": run.band, "card": run.card}


def _due(context: Context, start: datetime) -> datetime:
    return business_days_at_most(start, context.card.review_business_days, context.calendar, LONGEST_HOLIDAYS_DAYS)


MACHINE: Final = StateMachine[ScoreRun, Context](
    table=TABLE,
    timers=(
        Timer(
            "review",
            _TO_REVIEW,
            lambda run, context: run.due_at,
            "officer",
            "reminded",
            remind,
            rings_at=lambda run, context: rings_next(
                run.due_at, run.reminders, timedelta(days=context.card.review_business_days)
            ),
        ),
    ),
)
