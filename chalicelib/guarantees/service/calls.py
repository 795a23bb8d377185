"""What guarantors and officers do with calls, and how they are looked at. One read and one transaction for each command, after the facts."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Final

from chalicelib.credit.service.listing import listed
from chalicelib.groups.service import reading as groups_reading
from chalicelib.guarantees.aggregate.calls import CALLS, view_for
from chalicelib.guarantees.records import calls as records
from chalicelib.guarantees.rules import call_handling as handling
from chalicelib.guarantees.rules.apportioning import side_of
from chalicelib.guarantees.rules.call import Actor, Call, Context
from chalicelib.guarantees.rules.call_transitions import CallChange
from chalicelib.guarantees.views import calls as views
from chalicelib.guarantees.views.cascade import picture
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import ids, timelines
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry

MOST_PAGES: Final = 10
"""Of a hundred entries each, which a picture is drawn of."""


def call(call_id: str, request: RequestContext) -> views.CallView:
    return CALLS.show(*CALLS.read(call_id, request), request)


def calls(query: views.CallsQuery, request: RequestContext) -> Page[views.CallView]:
    return listed(CALLS, ids_of, query, request)


def ids_of(index: str, value: str, after: str | None) -> Iterator[str]:
    """Calls by bank, or `by_member` those of every group in which a member ever had a seat, from behind one of them on."""
    if index != "by_member":
        return records.ids(index, value, after)
    return heapq.merge(*(records.ids("by_group", group_id, after) for group_id in groups_reading.ids_of(value)))


def timeline(call_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """A guarantor is told of its own share only."""
    loaded, actor = CALLS.read(call_id, request)
    state = loaded.state
    share = state.share_of(request.caller.member_id)
    reader = side_of(share.seat) if share else actor

    def tell(entry: Entry) -> TimelineEntry:
        return timelines.entry(entry, CALLS.actor_of(state, entry.by), state.currency, reader)

    return ledger_timelines.timeline(state, query, request, tell)


def statement(call_id: str, query: Paging, request: RequestContext) -> Page[views.CallStatementLine]:
    """Every entry of the call with what it came to, oldest first. A guarantor is shown its own share, the debtor sums only."""
    loaded, actor = CALLS.read(call_id, request)
    state = loaded.state
    shares = state.shares if actor in ("bank", "officer") else views.shown(state, request.caller.member_id)
    seats = {share.seat for share in shares}
    return ledger_timelines.timeline(
        state, query, request, lambda entry: views.statement_line(entry, state.currency, seats)
    )


def cascade(call_id: str, language: str, request: RequestContext) -> str:
    """The statement as a picture, of the shares that the caller may see."""
    loaded, actor = CALLS.read(call_id, request)
    return picture(loaded.state, list(_every_line(call_id, request)), actor, language)


def notice(call_id: str, request: RequestContext) -> StoredResponse:
    return CALLS.execute(
        call_id,
        request,
        "notice",
        lambda was, context, actor: handling.notice(was, context, request.caller.sub, request.now),
        funded=True,
    )


def object_to(call_id: str, seat: str, body: views.ObjectRequest, request: RequestContext) -> StoredResponse:
    """By the guarantor whose share it is."""
    objection_id = ids.derived_id("obj", request.entry_id)

    def decide(was: Call, context: Context, actor: Actor) -> CallChange:
        share = was.share_of(request.caller.member_id)
        if share is None or share.seat != _number(seat):
            raise NotAllowed("A guarantor objects to its own share.", param="seat")
        return handling.object_to(was, share.seat, objection_id, body.reason, context, request.now)

    return CALLS.execute(
        call_id,
        request,
        "object",
        decide,
        respond=lambda state, context, actor: view_for(state, context, actor, request),
    )


def decide(call_id: str, objection_id: str, body: views.DecideRequest, request: RequestContext) -> StoredResponse:
    return CALLS.execute(
        call_id,
        request,
        "decide",
        lambda was, context, actor: handling.decide(
            was, objection_id, body.decision, body.answer, context, request.caller.sub, request.now
        ),
        funded=True,
    )


def fail(call_id: str, seat: str, request: RequestContext) -> StoredResponse:
    return CALLS.execute(
        call_id,
        request,
        "fail",
        lambda was, context, actor: handling.fail(was, _number(seat), context, request.caller.sub, request.now),
        funded=True,
    )


def _number(seat: str) -> int:
    """A seat of the path; 0, which is nobody's, where it is no number."""
    return int(seat) if seat.isascii() and seat.isdigit() and len(seat) < 4 else 0


def _every_line(call_id: str, request: RequestContext) -> Iterator[views.CallStatementLine]:
    """As many as there are pages drawn of: what the books do not know of yet, and what comes after that many, is not drawn."""
    cursor = ""
    for _ in range(MOST_PAGES):
        page = statement(call_id, Paging(limit=100, cursor=cursor), request)
        yield from page.items
        if not (page.items and page.next_cursor):
            return
        cursor = page.next_cursor
