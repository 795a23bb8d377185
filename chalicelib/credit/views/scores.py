"""A firm's score, as the firm and officers see it, and as a part of a data pack."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.credit.rules.scorecard import Band, Block, Score
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of


class ScoreQuery(msgspec.Struct, frozen=True, kw_only=True):
    """As of a day that is not counted in; today where none is named."""

    on: BookDay | None = None


class PointsView(msgspec.Struct, frozen=True, kw_only=True):
    """One attribute of the card. `why` is its figure in words, `change` what would bring more points. A null `figure` is not known, and counts as neutral."""

    name: str
    block: Block
    figure: int | None
    points: int
    most: int
    why: str
    change: str


class ScoreReasonView(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute that lost most points."""

    name: str
    lost: int
    why: str
    change: str


class ScorePart(msgspec.Struct, frozen=True, kw_only=True):
    """A score with every point of it, by the version `card` of the policy scorecard. `missing` names what is not known. Band D is looked at by a person."""

    card: str
    points: int
    most: int
    band: Band
    reasons: list[ScoreReasonView]
    missing: list[str]
    attributes: list[PointsView]


class ScoreView(ScorePart, frozen=True, kw_only=True):
    """A firm's score as of a day: by what is known now of the days before it. Nobody is turned down by a score."""

    member_id: str
    as_of: date


def score_part(score: Score, card: str) -> ScorePart:
    return view_of(ScorePart, score, card=card, reasons=_reasons(score))


def view(member_id: str, as_of: date, score: Score, card: str) -> ScoreView:
    return view_of(ScoreView, score, member_id=member_id, as_of=as_of, card=card, reasons=_reasons(score))


def _reasons(score: Score) -> list[ScoreReasonView]:
    of = {each.name: each for each in score.attributes}
    return [view_of(ScoreReasonView, of[name]) for name in score.reasons]
