"""A firm's score, as the firm and officers see it, as a part of a data pack, and as it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.credit.rules.score_run import (
    MACHINE,
    MOST_CHARACTERS,
    Actor,
    Context,
    Finding,
    Occasion,
    ScoreRun,
    Status,
)
from chalicelib.credit.rules.scorecard import Band, Block, Figures, Score, score
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of
from chalicelib.trainings.rules.training import Topic, Training


class ScoreQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As of a day that is not counted in; today where none is named."""

    on: BookDay | None = None


class PointsView(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute of the card. `why` is its figure in words, `change` what would bring more points. A null `figure` is not known, and counts as neutral."""

    name: str
    block: Block
    figure: int | None
    points: int
    most: int
    why: Text
    change: Text


class ScoreReasonView(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute that lost most points."""

    name: str
    lost: int
    why: Text
    change: Text


class ScorePart(msgspec.Struct, frozen=True, kw_only=True):
    """A score with every point of it, by the version `card` of the policy scorecard. `missing` names what is not known. Band D is looked at by a person."""

    card: str
    points: int
    most: int
    band: Band
    reasons: list[ScoreReasonView]
    missing: list[str]
    attributes: list[PointsView]


class AttendedView(msgspec.Struct, frozen=True, kw_only=True):
    """A training that so many `people` of a firm came to: evidence of its care beside the points, and no part of them."""

    training_id: str
    topic: Topic
    title: str
    starts_at: datetime
    people: int


class ScoreView(ScorePart, frozen=True, kw_only=True):
    """A firm's score as of a day: by what is known now of the days before it. Nobody is turned down by a score.

    `trainings` are those it has attended, the newest first: whoever looks at the score sees them, and no point depends on them.
    """

    member_id: str
    as_of: date
    trainings: list[AttendedView]


class ScoresQuery(Waiting, frozen=True, kw_only=True):
    """A firm sees its own, the newest first. An officer names a firm or a status; without either, what has to be looked at, the oldest first."""

    member_id: Annotated[str, Meta(max_length=64)] | None = None
    """The member, by its id."""
    status: Status | None = None
    """Only those in this status."""


class ScoreRunView(msgspec.Struct, frozen=True, kw_only=True):
    """A score as it was kept: of an application (`subject_id` is the data pack) or of a month. `note` is what the officer who looked at one in band D found."""

    id: str
    version: int
    member_id: str
    as_of: date
    occasion: Occasion
    subject_id: str
    status: Status
    score: ScorePart
    created_at: datetime
    updated_at: datetime
    finding: Finding | None
    note: str | None
    reviewed_by: str | None
    """The officer, for officers."""
    reviewed_at: datetime | None
    allowed_actions: list[str]
    deadlines: list[Deadline]


class ReviewScoreRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether the points say what the firm is (`stands`), or not (`set_aside`), and why, in words that the firm reads."""

    finding: Finding
    """Whether the points stand."""
    note: Annotated[str, prose(MOST_CHARACTERS, least=1)]
    """What there is to add, in words."""


def score_part(scored: Score, card: str) -> ScorePart:
    return view_of(ScorePart, scored, card=card, reasons=_reasons(scored))


def view(member_id: str, as_of: date, scored: Score, card: str, attended: Iterable[Training]) -> ScoreView:
    trainings = [
        view_of(AttendedView, each, training_id=each.id, people=each.attended_by(member_id)) for each in attended
    ]
    return view_of(
        ScoreView,
        scored,
        member_id=member_id,
        as_of=as_of,
        card=card,
        reasons=_reasons(scored),
        trainings=trainings,
    )


def run_view(run: ScoreRun, context: Context, actor: Actor, now: datetime) -> ScoreRunView:
    return view_of(
        ScoreRunView,
        run,
        score=score_part(score(run.figures, context.card), run.card),
        reviewed_by=run.reviewed_by or None if actor == "officer" else None,
        allowed_actions=MACHINE.table.allowed(run, actor, context, now),
        deadlines=MACHINE.deadlines(run, context),
    )


def figures_of(part: ScorePart) -> Figures:
    """The figures that a part of a data pack shows."""
    return Figures(**{each.name: each.figure for each in part.attributes})


def _reasons(scored: Score) -> list[ScoreReasonView]:
    of = {each.name: each for each in scored.attributes}
    return [view_of(ScoreReasonView, of[name]) for name in scored.reasons]
