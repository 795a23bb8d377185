"""The endpoints of the integrity index."""

from __future__ import annotations

from chalicelib.conduct.examples import RESTORE, REVERSE
from chalicelib.conduct.rules.incentive import IncentiveNotInThisStatus
from chalicelib.conduct.service import incentives, integrity
from chalicelib.conduct.views.incentive import IncentivesQuery, IncentiveView, RestoreRequest, ReverseRequest
from chalicelib.conduct.views.integrity import IntegrityBadgeView, IntegrityView, StatementView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import AnotherOfficerNeeded, Unavailable
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Integrity", response=IncentiveView)
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)
OR_BANK = EITHER | BANK


@routes.read("/v1/members/{member_id}/integrity", by=OR_BANK)
def integrity_index(member_id: str, request: RequestContext) -> IntegrityView:
    """What a firm has earned by credit that was approved, granted and repaid on time. A bank sees it while the firm consents."""
    return integrity.show(member_id, request)


@routes.read("/v1/members/{member_id}/integrity/statement", by=OR_BANK, errors=[Unavailable])
def statement(member_id: str, request: RequestContext) -> StatementView:
    """The same, signed, to hand to whom you like: anybody can verify it."""
    return integrity.statement(member_id, request)


@routes.read("/v1/members/{member_id}/incentives", by=EITHER, errors=[BadCursor])
def of_member(member_id: str, query: IncentivesQuery, request: RequestContext) -> Page[IncentiveView]:
    """What the index is made of, the newest first."""
    return incentives.listed(member_id, query, request)


@routes.read("/v1/incentives/{incentive_id}", by=EITHER)
def incentive(incentive_id: str, request: RequestContext) -> IncentiveView:
    """One incentive: what for, how much, and whether it counts."""
    return incentives.incentive(incentive_id, request)


@routes.read("/v1/incentives/{incentive_id}/timeline", by=EITHER)
def incentive_timeline(incentive_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to an incentive, oldest first."""
    return incentives.timeline(incentive_id, query, request)


@routes.command(
    "/v1/incentives/{incentive_id}/reverse",
    by=OFFICER.with_duty("risk"),
    errors=[IncentiveNotInThisStatus, Stale],
    examples={"false data": REVERSE},
)
def reverse(incentive_id: str, body: ReverseRequest, request: RequestContext) -> StoredResponse:
    """Take back what was not earned. No later fact of the loan brings it back: another officer does, or an appeal that finds the data were not false."""
    return incentives.reverse(incentive_id, body, request)


@routes.command(
    "/v1/incentives/{incentive_id}/restore",
    by=OFFICER.with_duty("risk"),
    errors=[IncentiveNotInThisStatus, AnotherOfficerNeeded, Stale],
    examples={"our mistake": RESTORE},
)
def restore(incentive_id: str, body: RestoreRequest, request: RequestContext) -> StoredResponse:
    """Give back what another officer has taken wrongly. Its time goes on from the day on which it was earned."""
    return incentives.restore(incentive_id, body, request)


@routes.read("/v1/storefronts/{member_id}/integrity", public=True, errors=[Unavailable])
def integrity_badge(member_id: str, request: RequestContext) -> IntegrityBadgeView:
    """The level of a firm that shows it: bronze, silver or gold, and nothing else of its credit."""
    return integrity.badge(member_id, request)
