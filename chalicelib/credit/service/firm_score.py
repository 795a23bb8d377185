"""A firm's score for who looks at it, with the trainings that it came to beside it."""

from __future__ import annotations

from chalicelib.credit.service.scoring import score
from chalicelib.credit.views.firm_score import ScoreQuery, ScoreView, view
from chalicelib.members import service as members
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.trainings.service import trainings


class DayAhead(RuleViolation):
    code = "score_day_ahead"
    title = "Nothing is known of a day to come."
    fix = "Name today or an earlier day, or none."


def show(member_id: str, query: ScoreQuery, request: RequestContext) -> ScoreView:
    """A firm's score, for its own eyes or an officer's. NotFound for anybody else, DayAhead."""
    members.find(member_id, request.caller)
    today = business_date(request.now)
    on = query.on or today
    if on > today:
        raise DayAhead(say("{on} is not over.", on=on), param="on", latest=today.isoformat())
    scored, in_force = score(member_id, on)
    return view(member_id, on, scored, in_force.version, trainings.attended(member_id, on))
