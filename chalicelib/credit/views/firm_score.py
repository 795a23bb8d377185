"""A firm's score, as the firm and officers see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from chalicelib.credit.rules.scorecard import Score
from chalicelib.credit.views.scores import ScorePart, reasons_of
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of
from chalicelib.trainings.rules.training import Topic, Training


class ScoreQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As of a day that is not counted in; today where none is named."""

    on: BookDay | None = None


class AttendedView(msgspec.Struct, frozen=True, kw_only=True):
    """A training that so many `attendees` of a firm came to: evidence of its care beside the points, and no part of them."""

    training_id: str
    topic: Topic
    title: str
    starts_at: datetime
    attendees: int


class ScoreView(ScorePart, frozen=True, kw_only=True):
    """A firm's score as of a day: by what is known now of the days before it. Nobody is turned down by a score.

    `trainings` are those it has attended, the newest first: whoever looks at the score sees them, and no point depends on them.
    """

    member_id: str
    as_of: date
    trainings: list[AttendedView]


def view(member_id: str, as_of: date, scored: Score, card: str, attended: Iterable[Training]) -> ScoreView:
    trainings = [
        view_of(AttendedView, each, training_id=each.id, attendees=each.attended_by(member_id)) for each in attended
    ]
    return view_of(
        ScoreView,
        scored,
        member_id=member_id,
        as_of=as_of,
        card=card,
        reasons=reasons_of(scored),
        trainings=trainings,
    )
