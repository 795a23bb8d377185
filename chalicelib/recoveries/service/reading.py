"""Looking at recoveries: one, many, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.recoveries import records
from chalicelib.recoveries.aggregate import RECOVERIES
from chalicelib.recoveries.rules.recovery import STATUSES
from chalicelib.recoveries.views.recovery import RecoveryView
from chalicelib.recoveries.views.requests import RecoveriesQuery
from chalicelib.shared import pages
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext

Place = tuple[str, str]
"""Where a list goes on: the status (or nothing) and the id of the last recovery looked at."""


recovery = partial(RECOVERIES.shown, RecoveryView)
timeline = partial(ledger_timelines.of_aggregate, RECOVERIES, currency=lambda state: state.currency)


def listed(query: RecoveriesQuery, request: RequestContext) -> Page[RecoveryView]:
    """A member's own recoveries; an officer's, of one supplier, of one status, or all."""
    supplier_id = query.supplier_id if request.caller.is_officer else request.caller.member_id
    if query.supplier_id not in (None, supplier_id):
        return Page(items=[])
    of = f"recoveries:{supplier_id}:{query.status}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    places = _places(supplier_id, query.status, after)
    return RECOVERIES.page(places, query, request, of, keep=lambda state: query.status in (None, state.status))


def _places(supplier_id: str | None, status: str | None, after: Place | None) -> Iterator[tuple[Place, str]]:
    """Through the index of the supplier where one is named, else through that of statuses."""
    if supplier_id is not None:
        return pages.in_groups([""], after, lambda _, begun: records.ids_of(supplier_id, begun))
    return pages.in_groups([status] if status else STATUSES, after, records.ids_in)
