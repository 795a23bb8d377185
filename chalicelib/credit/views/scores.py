"""A score as a part of a data pack, and as it is kept."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.credit.rules import score_run
from chalicelib.credit.rules.scorecard import Band, Block, Figures, Score, score
from chalicelib.shared.pages import Waiting
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.text import prose
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of


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


class ScoresQuery(Waiting, frozen=True, kw_only=True):
    """A firm sees its own, the newest first. An officer names a firm or a status; without either, what has to be looked at, the oldest first."""

    member_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """The member, by its id."""
    status: score_run.Status | None = None
    """Only those in this status."""


class ScoreRunView(msgspec.Struct, frozen=True, kw_only=True):
    """A score as it was kept: of an application (`subject_id` is the data pack) or of a month. `note` is what the officer who looked at one in band D found."""

    id: str
    version: int
    member_id: str
    as_of: date
    occasion: score_run.Occasion
    subject_id: str
    status: score_run.Status
    score: ScorePart
    created_at: datetime
    updated_at: datetime
    finding: score_run.Finding | None
    note: str | None
    reviewed_by: str | None
    """The officer, for officers."""
    reviewed_at: datetime | None
    allowed_actions: list[str]
    deadlines: list[Deadline]


class ReviewScoreRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whether the points say what the firm is (`stands`), or not (`set_aside`), and why, in words that the firm reads."""

    finding: score_run.Finding
    """Whether the points stand."""
    note: Annotated[str, prose(score_run.MOST_CHARACTERS, least=1)]
    """What there is to add, in words."""


def score_part(scored: Score, card: str) -> ScorePart:
    return view_of(ScorePart, scored, card=card, reasons=reasons_of(scored))


def run_view(
    run: score_run.ScoreRun, context: score_run.Context, actor: score_run.Actor, now: datetime
) -> ScoreRunView:
    return view_of(
        ScoreRunView,
        run,
        score=score_part(score(run.figures, context.card), run.card),
        reviewed_by=run.reviewed_by or None if actor == "officer" else None,
        **score_run.MACHINE.offer(run, actor, context, now),
    )


def figures_of(part: ScorePart) -> Figures:
    """The figures that a part of a data pack shows."""
    return Figures(**{each.name: each.figure for each in part.attributes})


def reasons_of(scored: Score) -> list[ScoreReasonView]:
    """What lost most points."""
    of = {each.name: each for each in scored.attributes}
    return [view_of(ScoreReasonView, of[name]) for name in scored.reasons]
