"""The doors of the day-book: feeds, imports, and the days of a member."""

from __future__ import annotations

from chalicelib.daybook import examples
from chalicelib.daybook.service import feeds, imports, reading_days
from chalicelib.daybook.service.reading_days import BadWindow
from chalicelib.daybook.views.days import DaysQuery, DaysView
from chalicelib.daybook.views.feeds import ActivitiesAsked, FeedView, TradesAsked
from chalicelib.daybook.views.imports import ImportAsked, ImportView
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.request import Request

routes = Routes(group="Members and trade facts")


@routes.command(
    "/v1/trades",
    asks=TradesAsked,
    answers=FeedView,
    by=OFFICER.with_duty("feeds"),
    examples={"a trade": examples.TRADES},
)
def trades(asked: TradesAsked, request: Request) -> Answer:
    """Record up to 500 trade facts. A fact told again is known; told further it is updated; each counts once."""
    return feeds.record_trades(asked, request)


@routes.command(
    "/v1/activity",
    asks=ActivitiesAsked,
    answers=FeedView,
    by=OFFICER.with_duty("feeds"),
    examples={"a day": examples.ACTIVITY},
)
def activity(asked: ActivitiesAsked, request: Request) -> Answer:
    """Record up to 500 logins, profile changes, inquiries and replies of members."""
    return feeds.record_activity(asked, request)


@routes.command(
    "/v1/imports",
    asks=ImportAsked,
    answers=ImportView,
    status=201,
    by=OFFICER.with_duty("feeds"),
    examples={"a trade history": examples.IMPORT},
    completes=imports.with_form,
)
def open_import(asked: ImportAsked, request: Request) -> Answer:
    """Open an import and get a form to upload the file by; it is worked on as soon as it has arrived."""
    return imports.open_import(asked, request)


@routes.read("/v1/imports/{import_id}", answers=ImportView, by=OFFICER.with_duty("feeds"))
def trade_import(import_id: str, request: Request) -> ImportView:
    """How an import goes: bytes and rows read, parts done, what became of the rows, and a link to the refused ones."""
    return imports.show(import_id, request)


@routes.read(
    "/v1/members/{member_id}/day-book",
    query=DaysQuery,
    answers=DaysView,
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY, "feeds"),
    refuses=[BadWindow],
)
def day_book(member_id: str, query: DaysQuery, request: Request) -> DaysView:
    """What a member did, by Shanghai date, and the total of the window."""
    return reading_days.day_book(member_id, query, request.caller)
