"""The endpoints of scores."""

from __future__ import annotations

from chalicelib.credit.service import scoring
from chalicelib.credit.service.scoring import DayAhead
from chalicelib.credit.views.scores import ScoreQuery, ScoreView
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Credit")
EITHER = MEMBER | OFFICER.with_duty("risk")


@routes.read("/v1/members/{member_id}/score", query=ScoreQuery, response=ScoreView, by=EITHER, errors=[DayAhead])
def score(member_id: str, query: ScoreQuery, request: RequestContext) -> ScoreView:
    """A firm's score: every point with its reason and what would change it. Banks read it in a data pack, where the firm consents."""
    return scoring.show(member_id, query, request)
