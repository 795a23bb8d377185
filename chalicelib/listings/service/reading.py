"""Looking at listings: as their supplier, and as everybody in the catalogue of a channel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.listings import records
from chalicelib.listings.aggregate import LISTINGS
from chalicelib.listings.rules.catalogue import Card
from chalicelib.listings.rules.listing import AWAITING, STATUSES
from chalicelib.listings.service.gates import channel_of
from chalicelib.listings.views import listing as views
from chalicelib.listings.views.requests import CatalogueQuery, ListingsQuery
from chalicelib.shared import pages
from chalicelib.shared.errors import Malformed, NotFound
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of

Place = tuple[str, str]
"""Where a list goes on: a status, and the id of the last listing looked at."""


class NotSorted(Malformed):
    code = "not_sorted_by_price"
    title = "A supplier's listings are not sorted by price."
    fix = "Leave `supplier` out, or sort by `newest`."


listing = partial(LISTINGS.shown, views.ListingView)
timeline = partial(ledger_timelines.of_aggregate, LISTINGS)


def stock(listing_id: str, request: RequestContext) -> views.StockView:
    LISTINGS.read(listing_id, request)
    return view_of(views.StockView, records.stock_of(listing_id), listing_id=listing_id)


def listed(query: ListingsQuery, request: RequestContext) -> Page[views.ListingView]:
    """A supplier's own; for an agency those of a supplier it vouches for; for an officer those of a supplier or a status, or all."""
    caller = request.caller
    supplier_id = caller.member_id or query.supplier_id or ""
    if query.supplier_id not in (None, supplier_id) or not (supplier_id or caller.is_officer):
        return Page(items=[])
    of = f"listings:{supplier_id}:{query.status}"
    after: Place | None = tuple(pages.decode_cursor(query.cursor, caller, of)) if query.cursor else None
    return LISTINGS.page(
        _places(query, supplier_id, after),
        query,
        request,
        of,
        keep=lambda each: query.status in (None, each.status, each.listed_as),
    )


def catalogue(channel_id: str, query: CatalogueQuery, request: RequestContext) -> Page[views.CardView]:
    """What is on sale in a channel. A page is one query of an index; one read more by price without a currency, and where it shows nothing."""
    by_price = query.sort == "price"
    if by_price and query.supplier:
        raise NotSorted("Sorted are a channel's listings, or a category's.", param="sort")
    currency = query.currency or ""
    if by_price and not currency:
        currency = channel_of(channel_id, request.now).terms.price_currencies[0]
    of = f"catalogue:{channel_id}:{query.category}:{query.supplier}:{query.sort}:{currency}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None
    category, at_once = query.category or "", query.limit + 1
    cards = (
        records.cards_by_price(channel_id, category, currency, after, at_once)
        if by_price
        else records.cards(channel_id, category, query.supplier or "", after, at_once)
    )

    def show(card: Card) -> views.CardView | None:
        is_wanted = category in ("", card.category) and currency in ("", card.currency)
        return views.card_view(card) if is_wanted and request.now < card.expires_at else None

    page = pages.fill(
        cards,
        pages.isolated(show),
        query.limit,
        caller=request.caller,
        of=of,
        most_looked_at=pages.MOST_LOOKED_AT * query.limit,
    )
    if not page.items:
        channel_of(channel_id, request.now)
    return page


def on_sale(channel_id: str, listing_id: str, request: RequestContext) -> views.OnSaleView:
    """A listing on sale, with how many can be had. One round trip."""
    state, seen = records.beside_stock(listing_id)
    if state is not None and seen is not None and state.channel_id == channel_id:
        state = LISTINGS.as_of(state, request.now)
        if state.on_sale:
            return views.on_sale_view(state, seen)
    raise NotFound(say("There is no listing {listing_id!r:.60} on sale in that channel.", listing_id=listing_id))


def _places(query: ListingsQuery, supplier_id: str, after: Place | None) -> Iterator[tuple[Place, str]]:
    """Of one index, or of that of statuses, one after the other; what waits for a person is listed apart."""
    statuses = (
        [""] if supplier_id else [*dict.fromkeys((query.status, AWAITING))] if query.status else [*STATUSES, AWAITING]
    )
    return pages.in_groups(statuses, after, lambda status, begun: records.ids(status, supplier_id, begun))
