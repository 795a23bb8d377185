"""The endpoints of differences to banks' books."""

from __future__ import annotations

from chalicelib.reconciliation.examples import RESOLVE
from chalicelib.reconciliation.rules.transitions import NotInThisStatus
from chalicelib.reconciliation.service import items as reconciliation_items
from chalicelib.reconciliation.views.item import ItemsQuery, ItemView, ResolveRequest
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, BANK, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Reconciliation")
READERS = BANK | OFFICER.with_duty(*ANY_DUTY)


@routes.read("/v1/reconciliation-items", by=READERS, errors=[BadCursor])
def items(query: ItemsQuery, request: RequestContext) -> Page[ItemView]:
    """What banks have otherwise than we, open items first; a bank sees its own."""
    return reconciliation_items.listed(query, request)


@routes.read("/v1/reconciliation-items/{item_id}", by=READERS)
def item(item_id: str, request: RequestContext) -> ItemView:
    """One item: what differs, and who has to explain it until when."""
    return reconciliation_items.item(item_id, request)


@routes.read("/v1/reconciliation-items/{item_id}/timeline", by=READERS)
def timeline(item_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to an item, oldest first."""
    return reconciliation_items.timeline(item_id, query, request)


@routes.command(
    "/v1/reconciliation-items/{item_id}/resolve",
    response=ItemView,
    by=OFFICER.with_duty("payments"),
    errors=[NotInThisStatus, Stale],
    examples={"the bank corrects": RESOLVE},
)
def resolve(item_id: str, body: ResolveRequest, request: RequestContext) -> StoredResponse:
    """Explain a difference. Nothing is corrected by that: what still differs a week later is opened again."""
    return reconciliation_items.resolve(item_id, body, request)
