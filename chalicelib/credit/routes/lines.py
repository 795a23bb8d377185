"""The endpoints of credit lines."""

from __future__ import annotations

from chalicelib.credit.examples import CLOSE_LINE, FREEZE
from chalicelib.credit.rules.consent import ConsentMissing
from chalicelib.credit.rules.line import FreezeOver, LineInUse
from chalicelib.credit.rules.line_transitions import LineNotInThisStatus
from chalicelib.credit.rules.pack import PackTooLarge
from chalicelib.credit.service import lines as service
from chalicelib.credit.views.lines import FreezeRequest, LinesQuery, LineView, ReasonRequest
from chalicelib.credit.views.packs import DataPackView
from chalicelib.firms.rules.signers import SIGNER_ERRORS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Credit", response=LineView)
CONCERNED = MEMBER | BANK | OFFICER.with_duty(*ANY_DUTY)
RISK = OFFICER.with_duty("risk")


@routes.read("/v1/credit-lines", by=CONCERNED, errors=[BadCursor])
def lines(query: LinesQuery, request: RequestContext) -> Page[LineView]:
    """Your own credit lines, the oldest first; as a bank those you gave; as an officer those of a firm or a bank, or all."""
    return service.lines(query, request)


@routes.read("/v1/credit-lines/{line_id}", by=CONCERNED)
def line(line_id: str, request: RequestContext) -> LineView:
    """One credit line: its limit and what is taken of it, whether it can be drawn on and, if not, why and by whom."""
    return service.line(line_id, request)


@routes.read("/v1/credit-lines/{line_id}/timeline", by=CONCERNED)
def line_timeline(line_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a credit line, oldest first; its draws and repayments are in its loans."""
    return service.timeline(line_id, query, request)


@routes.command(
    "/v1/credit-lines/{line_id}/freeze",
    by=RISK,
    errors=[LineNotInThisStatus, FreezeOver, Stale],
    examples={"a doubt": FREEZE},
)
def freeze_line(line_id: str, body: FreezeRequest, request: RequestContext) -> StoredResponse:
    """Stop new draws on a credit line. What is outstanding is repaid as agreed."""
    return service.freeze(line_id, body, request)


@routes.command("/v1/credit-lines/{line_id}/release", by=RISK, errors=[LineNotInThisStatus, Stale])
def release_line(line_id: str, request: RequestContext) -> StoredResponse:
    """End the officers' freeze of a credit line. A freeze by the bank stands until the bank ends it."""
    return service.release(line_id, request)


@routes.command(
    "/v1/credit-lines/{line_id}/renew",
    by=MEMBER,
    errors=[*SIGNER_ERRORS, LineNotInThisStatus, ConsentMissing, PackTooLarge, Stale],
)
def renew_line(line_id: str, request: RequestContext) -> StoredResponse:
    """Ask the bank to renew a credit line, as a signer of the firm, in the last days before its end."""
    return service.renew(line_id, request)


@routes.read("/v1/credit-lines/{line_id}/data-pack", by=CONCERNED)
def renewal_data_pack(line_id: str, request: RequestContext) -> DataPackView:
    """What a bank decides on a renewal by, made anew when it was asked for."""
    return service.data_pack(line_id, request)


@routes.command(
    "/v1/credit-lines/{line_id}/close",
    by=MEMBER | RISK,
    errors=[LineNotInThisStatus, LineInUse, Stale],
    examples={"not needed": CLOSE_LINE},
)
def close_line(line_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    """Close a credit line of which nothing is drawn."""
    return service.close(line_id, body, request)
