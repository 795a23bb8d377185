"""The endpoints of who did what."""

from __future__ import annotations

from chalicelib.office.routes.work import WORKERS
from chalicelib.office.service import entries
from chalicelib.office.service.entries import NameOne
from chalicelib.office.views.entries import EntriesQuery, EntryView, FollowedEntryView
from chalicelib.shared.http import Routes
from chalicelib.shared.pages import BadCursor, Page
from chalicelib.shared.request import RequestContext

routes = Routes(group="Officers' work")


@routes.read("/v1/entries", by=WORKERS, errors=[BadCursor, NameOne])
def listed(query: EntriesQuery, request: RequestContext) -> Page[EntryView]:
    """Who did what: the journal by who acted, by thing, by what it is about or by request, of everything that one of your duties opens; for admin of all."""
    return entries.listed(query, request)


@routes.read("/v1/entries/{entry_id}", by=WORKERS)
def entry(entry_id: str, request: RequestContext) -> FollowedEntryView:
    """One entry, and what followed from it: its webhooks, and the consumers that could not take it."""
    return entries.followed(entry_id, request)
