"""Looking at receivables: one, many, and what happened to it."""

from __future__ import annotations

from functools import partial

from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.receivables import records
from chalicelib.receivables.aggregate import RECEIVABLES
from chalicelib.receivables.views.receivable import ReceivableView
from chalicelib.receivables.views.requests import ReceivablesQuery
from chalicelib.shared import pages, timelines
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry

receivable = partial(RECEIVABLES.shown, ReceivableView)


def timeline(receivable_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Journal entries, oldest first. What concerns a loan is kept back from the buyer."""
    loaded, actor = RECEIVABLES.kept(receivable_id, request)
    state = loaded.state

    def tell(entry: Entry) -> TimelineEntry | None:
        if actor == "buyer" and (entry.aggregate_id != state.id or "loan_id" in entry.event.payload):
            return None
        return timelines.entry(entry, RECEIVABLES.actor_of(state, entry.by), state.currency, actor)

    return ledger_timelines.timeline(state, query, request, tell)


def listed(query: ReceivablesQuery, request: RequestContext) -> Page[ReceivableView]:
    """A member's own, on the side it asks for; an officer's of the member it names."""
    member_id = request.caller.member_id or query.member_id or ""
    of = f"receivables:{member_id}:{query.as_}:{query.status}"
    after = str(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    if query.member_id not in (None, member_id) or not member_id:
        return Page(items=[])
    places = ((name, name) for name in records.ids_of(member_id, query.as_, after))
    return RECEIVABLES.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))
