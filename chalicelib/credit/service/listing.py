"""The lists of credit: a firm's own, a bank's own; an officer's by firm, by bank, or of all banks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chalicelib.credit.rules import products
from chalicelib.shared import pages
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller, RequestContext

Ids = Callable[[str, str, str | None], Iterator[str]]
"""By index and value, from behind an id on."""


def listed(aggregate: Aggregate[Any, Any, Any], ids: Ids, query: Any, request: RequestContext) -> Page[Any]:
    """Those the caller may see, oldest first, of a status, a firm, a bank where these are named."""
    member_id, bank_id = _owner(query.member_id, query.bank_id, request.caller)
    if query.member_id not in (None, member_id) or query.bank_id not in (None, bank_id):
        return Page(items=[])
    of = f"{aggregate.name}:{member_id}:{bank_id}:{query.status}"
    after = tuple(pages.decode_cursor(query.cursor, request.caller, of)) if query.cursor else None
    return aggregate.page(
        _places(ids, member_id, bank_id, request, after),
        query,
        request,
        of,
        keep=lambda state: query.status in (None, state.status) and bank_id in (None, state.bank_id),
    )


def _owner(member_id: str | None, bank_id: str | None, caller: Caller) -> tuple[str | None, str | None]:
    """Whose list it is: what a member and a bank name of themselves adds nothing."""
    if caller.is_officer:
        return member_id, bank_id
    return (caller.member_id or member_id), (caller.sub if caller.role == "bank" else bank_id)


def _places(
    ids: Ids, member_id: str | None, bank_id: str | None, request: RequestContext, after: Any
) -> Iterator[tuple[tuple[str, str], str]]:
    if member_id:
        return pages.in_groups([member_id], after, lambda member, begun: ids("by_member", member, begun))
    catalogue = products.offered(business_date(request.now))
    banks = [bank_id] if bank_id else sorted({product.bank_id for product in catalogue.products})
    return pages.in_groups(banks, after, lambda bank, begun: ids("by_bank", bank, begun))
