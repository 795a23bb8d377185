"""Looking at card and wallet payments, and at settlements."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib.acquiring import records
from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS, SETTLEMENTS
from chalicelib.acquiring.rules.settlement import STATUSES
from chalicelib.acquiring.views.payment import PaymentView, SettlementView
from chalicelib.acquiring.views.requests import SettlementsQuery
from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.orders.aggregate import ORDERS
from chalicelib.shared import pages
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext

Place = tuple[str, str]
"""Where a list goes on: a status, and the id of the last settlement looked at."""


payment = partial(ACQUIRER_PAYMENTS.shown, PaymentView)


def payments(order_id: str, query: Paging, request: RequestContext) -> Page[PaymentView]:
    """Those of one order, the first first, for whoever may see it."""
    ORDERS.read(order_id, request)
    of = f"payments:{order_id}"
    after = str(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    places = ((name, name) for name in records.payments_of(order_id, after))
    return ACQUIRER_PAYMENTS.page(places, query, request, of)


timeline = partial(ledger_timelines.of_aggregate, ACQUIRER_PAYMENTS)
settlement = partial(SETTLEMENTS.shown, SettlementView)


def settlements(query: SettlementsQuery, request: RequestContext) -> Page[SettlementView]:
    """A supplier's own; for an officer those of a supplier or a status, or all."""
    supplier_id = request.caller.member_id or query.supplier_id or ""
    if query.supplier_id not in (None, supplier_id):
        return Page(items=[])
    of = f"settlements:{supplier_id}:{query.status}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    return SETTLEMENTS.page(
        _places(query, supplier_id, after),
        query,
        request,
        of,
        keep=lambda state: query.status in (None, state.status),
    )


def _places(query: SettlementsQuery, supplier_id: str, after: Place | None) -> Iterator[tuple[Place, str]]:
    statuses = [query.status or ""] if query.status or supplier_id else STATUSES
    return pages.in_groups(statuses, after, lambda status, begun: records.settlement_ids(status, supplier_id, begun))
