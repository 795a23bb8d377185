"""The endpoints of the day-book: feeds, imports, and the days of a member."""

from __future__ import annotations

from chalicelib.daybook import examples
from chalicelib.daybook.rules.coverage import DayNotOver
from chalicelib.daybook.service import feeds, imports, reading_days
from chalicelib.daybook.service.imports import AnothersFile
from chalicelib.daybook.service.reading_days import BadWindow
from chalicelib.daybook.views.days import DaysQuery, DaysView
from chalicelib.daybook.views.feeds import ActivitiesRequest, FeedView, TradesRequest
from chalicelib.daybook.views.imports import ImportRequest, ImportsQuery, ImportView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import AGENCY, ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext

routes = Routes(group="Members and trade facts", response=FeedView)


@routes.command("/v1/trades", by=OFFICER.with_duty("feeds"), examples={"a trade": examples.TRADES}, errors=[DayNotOver])
def trades(body: TradesRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 trade facts. A fact told again is known; told further it is updated; each counts once."""
    return feeds.record_trades(body, request)


@routes.command(
    "/v1/activity", by=OFFICER.with_duty("feeds"), examples={"a day": examples.ACTIVITY}, errors=[DayNotOver]
)
def activity(body: ActivitiesRequest, request: RequestContext) -> StoredResponse:
    """Record up to 500 logins, profile changes, inquiries and replies of members."""
    return feeds.record_activity(body, request)


@routes.command(
    "/v1/imports",
    response=ImportView,
    status=201,
    by=AGENCY | OFFICER.with_duty("feeds"),
    examples={"a trade history": examples.IMPORT},
    errors=[AnothersFile],
    completes=imports.with_form,
)
def open_import(body: ImportRequest, request: RequestContext) -> StoredResponse:
    """Open an import and get a form to upload the file by; it is worked on as soon as it has arrived."""
    return imports.open_import(body, request)


@routes.read("/v1/imports", by=AGENCY | OFFICER.with_duty("feeds"))
def import_list(query: ImportsQuery, request: RequestContext) -> Page[ImportView]:
    """Imports of one kind of file, the latest first: all, those of a status, or those with refused rows."""
    return imports.listed(query, request)


@routes.read("/v1/imports/{import_id}", by=AGENCY | OFFICER.with_duty("feeds"))
def trade_import(import_id: str, request: RequestContext) -> ImportView:
    """How an import goes: bytes and rows read, parts done, what became of the rows, and a link to the refused ones."""
    return imports.show(import_id, request)


@routes.read("/v1/members/{member_id}/day-book", by=MEMBER | OFFICER.with_duty(*ANY_DUTY, "feeds"), errors=[BadWindow])
def day_book(member_id: str, query: DaysQuery, request: RequestContext) -> DaysView:
    """What a member did, by Shanghai date, and the total of the window."""
    return reading_days.day_book(member_id, query, request.caller)
