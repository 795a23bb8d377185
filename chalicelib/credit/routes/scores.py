"""The endpoints of scores."""

from __future__ import annotations

from chalicelib.credit.examples import REVIEW_SCORE
from chalicelib.credit.rules.score_run import ScoreNotInThisStatus
from chalicelib.credit.service import firm_score
from chalicelib.credit.service import scores as service
from chalicelib.credit.service.firm_score import DayAhead
from chalicelib.credit.views.firm_score import ScoreQuery, ScoreView
from chalicelib.credit.views.scores import ReviewScoreRequest, ScoreRunView, ScoresQuery
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Credit")
RISK = OFFICER.with_duty("risk")
EITHER = MEMBER | RISK


@routes.read("/v1/members/{member_id}/score", by=EITHER, errors=[DayAhead])
def score(member_id: str, query: ScoreQuery, request: RequestContext) -> ScoreView:
    """A firm's score: every point with its reason and what would change it. Banks read it in a data pack, where the firm consents."""
    return firm_score.show(member_id, query, request)


@routes.read("/v1/scores", by=EITHER, errors=[BadCursor])
def scores(query: ScoresQuery, request: RequestContext) -> Page[ScoreRunView]:
    """Scores that were kept, of applications and of months. An officer finds here what is in band D and waits for a person."""
    return service.listed(query, request)


@routes.read("/v1/scores/{score_id}", by=EITHER)
def kept_score(score_id: str, request: RequestContext) -> ScoreRunView:
    """One score as it was kept, and what was found of it."""
    return service.kept_score(score_id, request)


@routes.read("/v1/scores/{score_id}/timeline", by=EITHER)
def score_timeline(score_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a score, oldest first."""
    return service.timeline(score_id, query, request)


@routes.command(
    "/v1/scores/{score_id}/review",
    response=ScoreRunView,
    by=RISK,
    errors=[ScoreNotInThisStatus, Stale],
    examples={"a firm of which little is known": REVIEW_SCORE},
)
def review(score_id: str, body: ReviewScoreRequest, request: RequestContext) -> StoredResponse:
    """Say what a score in band D is worth: the firm reads it. No bank is told, and nothing follows by itself."""
    return service.review(score_id, body, request)
