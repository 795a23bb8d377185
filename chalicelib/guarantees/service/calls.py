"""What guarantors and officers do with calls, and how they are looked at. One read and one transaction for each command, after the facts."""

from __future__ import annotations

from typing import cast

from chalicelib.credit.service.listing import listed
from chalicelib.guarantees.aggregate.calls import CALLS, view_for
from chalicelib.guarantees.records import calls as records
from chalicelib.guarantees.rules import call_handling as handling
from chalicelib.guarantees.rules.call import Actor, Call, Context
from chalicelib.guarantees.views.calls import CallsQuery, CallView, DecideRequest, ObjectRequest
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import ids
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotAllowed
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry


def call(call_id: str, request: RequestContext) -> CallView:
    return cast(CallView, CALLS.show(*CALLS.read(call_id, request), request))


def calls(query: CallsQuery, request: RequestContext) -> Page[CallView]:
    return listed(CALLS, records.ids, query, request)


def timeline(call_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    return ledger_timelines.of_aggregate(CALLS, call_id, query, request, lambda state: state.currency)


def notice(call_id: str, request: RequestContext) -> StoredResponse:
    return CALLS.execute(
        call_id,
        request,
        "notice",
        lambda was, context, actor: handling.notice(was, context, request.caller.sub, request.now),
        funded=True,
    )


def object_to(call_id: str, seat: int, body: ObjectRequest, request: RequestContext) -> StoredResponse:
    """By the guarantor whose share it is."""
    objection_id = ids.derived_id("obj", request.entry_id)

    def decide(was: Call, context: Context, actor: Actor) -> handling.CallChange:
        share = was.share_of(request.caller.member_id)
        if share is None or share.seat != seat:
            raise NotAllowed("A guarantor objects to its own share.", param="seat")
        return handling.object_to(was, seat, objection_id, body.reason, context, request.now)

    return CALLS.execute(
        call_id,
        request,
        "object",
        decide,
        respond=lambda state, context, actor: view_for(state, context, actor, request),
    )


def decide(call_id: str, objection_id: str, body: DecideRequest, request: RequestContext) -> StoredResponse:
    return CALLS.execute(
        call_id,
        request,
        "decide",
        lambda was, context, actor: handling.decide(
            was, objection_id, body.decision, body.answer, context, request.caller.sub, request.now
        ),
        funded=True,
    )


def fail(call_id: str, seat: int, request: RequestContext) -> StoredResponse:
    return CALLS.execute(
        call_id,
        request,
        "fail",
        lambda was, context, actor: handling.fail(was, seat, context, request.caller.sub, request.now),
        funded=True,
    )
