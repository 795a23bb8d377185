"""What a firm's index is made of: its incentives, and what officers take back of them."""

from __future__ import annotations

from functools import partial

from chalicelib.conduct.aggregate.incentives import INCENTIVES
from chalicelib.conduct.records import incentives as records
from chalicelib.conduct.rules import incentive as rules
from chalicelib.conduct.views.incentive import IncentivesQuery, IncentiveView, RestoreRequest, ReverseRequest
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.members import service as members
from chalicelib.shared import pages
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry

incentive = partial(INCENTIVES.shown, IncentiveView)


def timeline(incentive_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries, oldest first. That of a report which cost the points is kept back from officers: who reported it is sealed."""

    def keeps_back(entry: Entry, actor: rules.Actor) -> bool:
        return actor == "officer" and entry.aggregate_id != incentive_id

    return ledger_timelines.of_aggregate(INCENTIVES, incentive_id, query, request, keeps_back=keeps_back)


def listed(member_id: str, query: IncentivesQuery, request: RequestContext) -> Page[IncentiveView]:
    """A firm's incentives, the newest first."""
    members.find(member_id, request.caller)
    of = f"incentives:{member_id}:{query.status}"
    before = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    places = records.ids(member_id, before)
    return INCENTIVES.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def reverse(incentive_id: str, body: ReverseRequest, request: RequestContext) -> StoredResponse:
    return INCENTIVES.execute(
        incentive_id,
        request,
        "reverse",
        lambda was, context, actor: rules.reverse(was, body.why, body.note, request.caller.sub, request.now),
    )


def restore(incentive_id: str, body: RestoreRequest, request: RequestContext) -> StoredResponse:
    return INCENTIVES.execute(
        incentive_id,
        request,
        "restore",
        lambda was, context, actor: rules.restore(was, body.note, request.caller.sub, request.now),
    )
