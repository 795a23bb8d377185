"""Looking at cases: one, many, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib.cases import records
from chalicelib.cases.aggregate import CASES
from chalicelib.cases.rules.case import STATUSES
from chalicelib.cases.views.case import CaseView
from chalicelib.cases.views.requests import CasesQuery
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.shared import pages
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext

Place = tuple[str, str]
"""Where a list goes on: a status, and the id of the last case looked at."""


case = partial(CASES.shown, CaseView)
timeline = partial(ledger_timelines.of_aggregate, CASES)


def listed(query: CasesQuery, request: RequestContext) -> Page[CaseView]:
    """A member's own cases, or those routed to a bank; for an officer those of a customer, an owner or a status, those about one thing, or all. Oldest first."""
    customer_id, bank_id = request.caller.member_id or query.customer_id or "", request.caller.bank_id
    if query.customer_id not in (None, customer_id) or (query.owner and not request.caller.is_officer):
        return Page(items=[])
    of = f"cases:{bank_id}:{customer_id}:{query.owner}:{query.status}:{query.about}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    return CASES.page(
        _places(query, customer_id, bank_id, after),
        query,
        request,
        of,
        keep=lambda state: (
            query.status in (None, state.status)
            and query.owner in (None, state.owner)
            and customer_id in ("", state.customer_id)
            and query.about in (None, state.about.id)
        ),
    )


def _places(query: CasesQuery, customer_id: str, bank_id: str, after: Place | None) -> Iterator[tuple[Place, str]]:
    """Of one index, or of that of statuses, one after the other. A customer or a bank goes through its own: not past others' about the same thing."""
    about = "" if customer_id or bank_id else query.about or ""
    is_narrowed = query.status or query.owner or about or customer_id or bank_id
    statuses = [query.status or ""] if is_narrowed else STATUSES
    return pages.in_groups(
        statuses,
        after,
        lambda status, begun: records.ids(status, query.owner or "", customer_id, bank_id, about, begun),
    )
