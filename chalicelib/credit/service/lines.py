"""Use-cases of credit lines. One read and one transaction each."""

from __future__ import annotations

from typing import cast

from chalicelib.credit.aggregate.lines import LINES
from chalicelib.credit.records import lines as records
from chalicelib.credit.rules import line_handling
from chalicelib.credit.service.listing import listed
from chalicelib.credit.views.lines import FreezeRequest, LinesQuery, LineView, ReasonRequest
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import timelines
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry


def line(line_id: str, request: RequestContext) -> LineView:
    return cast(LineView, LINES.show(*LINES.read(line_id, request), request))


def lines(query: LinesQuery, request: RequestContext) -> Page[LineView]:
    return listed(LINES, records.ids, query, request)


def timeline(line_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries, oldest first."""
    state = LINES.read(line_id, request)[0].state

    def tell(entry: Entry) -> TimelineEntry:
        return timelines.entry(entry, LINES.actor_of(state, entry.by), state.currency)

    return ledger_timelines.timeline(state, query, request, tell)


def freeze(line_id: str, body: FreezeRequest, request: RequestContext) -> StoredResponse:
    return LINES.execute(
        line_id,
        request,
        "freeze",
        lambda was, context, actor: line_handling.freeze(was, "officer", body.reason, body.until, request.now),
    )


def release(line_id: str, request: RequestContext) -> StoredResponse:
    return LINES.execute(
        line_id, request, "release", lambda was, context, actor: line_handling.release(was, "officer", request.now)
    )


def close(line_id: str, body: ReasonRequest, request: RequestContext) -> StoredResponse:
    return LINES.execute(
        line_id,
        request,
        "close",
        lambda was, context, actor: line_handling.close(was, actor, body.reason, request.now),
    )
