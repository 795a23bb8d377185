"""The endpoints of rule sheets, of what they expose members to, and of the briefing about it."""

from __future__ import annotations

from chalicelib.groups import examples
from chalicelib.groups.rules.sheet_handling import (
    AlreadyBriefed,
    NoSheetToSign,
    NotAMembersSeat,
    SheetNotInForce,
    TooManyAttempts,
)
from chalicelib.groups.rules.transitions import GroupNotInThisStatus
from chalicelib.groups.service import briefing as briefing_service
from chalicelib.groups.service import exposure as exposure_service
from chalicelib.groups.service import sheets as service
from chalicelib.groups.views.briefing import BriefingRequest, BriefingView
from chalicelib.groups.views.exposure import ExposureQuery, ExposureView
from chalicelib.groups.views.sheets import (
    RuleSheetView,
    SheetDiffQuery,
    SheetDiffView,
)
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale

routes = Routes(group="Guarantee groups")
CONCERNED = MEMBER | BANK | OFFICER.with_duty("risk")


@routes.read("/v1/guarantee-groups/{group_id}/rule-sheets", by=CONCERNED, errors=[BadCursor])
def sheets(group_id: str, query: Paging, request: RequestContext) -> Page[RuleSheetView]:
    """All versions of a group's rule sheet, the newest first, and who has signed which."""
    return service.sheets(group_id, query, request)


@routes.read("/v1/guarantee-groups/{group_id}/rule-sheets/{version}", by=CONCERNED)
def sheet(group_id: str, version: str, request: RequestContext) -> RuleSheetView:
    """One version of the rule sheet, with the document whose hash is signed."""
    return service.sheet(group_id, version, request)


@routes.read("/v1/guarantee-groups/{group_id}/rule-sheets/{version}/diff", by=CONCERNED)
def sheet_diff(group_id: str, version: str, query: SheetDiffQuery, request: RequestContext) -> SheetDiffView:
    """What a version says otherwise than the one `from`, or than the one before it: field by field, seat by seat."""
    return service.compare(group_id, version, query, request)


@routes.read("/v1/guarantee-groups/{group_id}/exposure", by=CONCERNED)
def exposure(group_id: str, query: ExposureQuery, request: RequestContext) -> ExposureView:
    """What you may come to bear at every single default, every pair, and when all others fail: in money, and as a share of your own sales."""
    return exposure_service.exposure(group_id, query, request)


@routes.read("/v1/guarantee-groups/{group_id}/briefing", by=MEMBER, errors=[NotFound, NoSheetToSign, NotAMembersSeat])
def briefing(group_id: str, request: RequestContext) -> BriefingView:
    """Five questions about your own numbers, in Chinese, English or Korean by the header Accept-Language."""
    return briefing_service.show(group_id, request)


@routes.command(
    "/v1/guarantee-groups/{group_id}/briefing",
    response=BriefingView,
    by=MEMBER,
    errors=[
        GroupNotInThisStatus,
        NotAMembersSeat,
        NoSheetToSign,
        SheetNotInForce,
        AlreadyBriefed,
        TooManyAttempts,
        Stale,
    ],
    examples={"five answers": examples.BRIEFING},
)
def answer_briefing(group_id: str, body: BriefingRequest, request: RequestContext) -> StoredResponse:
    """Answer the five questions. All have to be right at once before your signature counts; some attempts a day."""
    return briefing_service.answer(group_id, body, request)
