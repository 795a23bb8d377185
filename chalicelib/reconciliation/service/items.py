"""Looking at items, explaining them, and bringing them up to date with what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.reconciliation import records
from chalicelib.reconciliation.aggregate import ITEMS
from chalicelib.reconciliation.rules import handling
from chalicelib.reconciliation.rules.item import STATUSES, Context, Difference, Item, Policy, name_of
from chalicelib.reconciliation.rules.transitions import ItemChange
from chalicelib.reconciliation.views.item import ItemsQuery, ItemView, ResolveRequest
from chalicelib.shared import pages, policies
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext

item = partial(ITEMS.shown, ItemView)
timeline = partial(ledger_timelines.of_aggregate, ITEMS)


def listed(query: ItemsQuery, request: RequestContext) -> Page[ItemView]:
    """Those of a status or of all, one status after the other."""
    bank_id = request.caller.bank_id or query.bank_id
    of = f"reconciliation-items:{bank_id}:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    statuses = [query.status] if query.status else STATUSES
    return ITEMS.page(
        pages.in_groups(statuses, after, records.ids),
        query,
        request,
        of,
        keep=lambda state: query.status in (None, state.status) and bank_id in (None, state.bank_id),
    )


def resolve(item_id: str, body: ResolveRequest, request: RequestContext) -> StoredResponse:
    return ITEMS.execute(
        item_id,
        request,
        "resolve",
        lambda was, context, actor: handling.resolve(was, body.outcome, body.note, request.caller.sub, request.now),
    )


@retry_on_conflict
def compared(
    bank_id: str,
    aggregate_id: str,
    currency: str,
    differences: Sequence[Difference],
    as_of: date,
    request: RequestContext,
    *,
    of_all: bool,
) -> None:
    """Open the item of an aggregate, bring it up to date, or resolve it: by what another look at the books found."""

    def decide(was: Item, context: Context) -> ItemChange | None:
        return handling.compared(was, context, differences, as_of, request.now, of_all=of_all)

    item_id = name_of(bank_id, aggregate_id)
    if records.ITEMS.load(item_id):
        ITEMS.apply(item_id, request, decide)
    elif differences:
        in_force = policies.in_force("reconciliation", business_date(request.now))
        context = Context(policy=in_force.read_as(Policy))
        opened = handling.opened(
            bank_id,
            aggregate_id,
            currency,
            differences,
            as_of,
            context=context,
            policy_hash=in_force.hash,
            now=request.now,
        )
        ITEMS.create(opened, context, request)
