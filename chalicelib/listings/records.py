"""The tables of listings: one of what is offered, and one of how much there is of it.

Orders change how much there is, guarded by what is there, and leave the listing and its version alone: neither makes the other fail in vain.
What a page of the catalogue shows of a listing is its `card`, which the catalogue's indexes carry: a page is one query.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial, reduce
from operator import and_
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import Index

from chalicelib.listings.rules import effects as rules
from chalicelib.listings.rules.catalogue import Card, card_of, places_of, shelf
from chalicelib.listings.rules.listing import Listing
from chalicelib.listings.rules.stock import Stock, refuse_count, refuse_reservation
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.errors import DomainError
from chalicelib.shared.tables import Row, find_together, index, table


class ListingRow(AggregateRow):
    Meta = table("listings")
    listing_id = UnicodeAttribute(hash_key=True)
    supplier_id = UnicodeAttribute()
    status = UnicodeAttribute()
    channel_shelf = UnicodeAttribute(null=True)
    category_shelf = UnicodeAttribute(null=True)
    supplier_shelf = UnicodeAttribute(null=True)
    price_shelf = UnicodeAttribute(null=True)
    category_price_shelf = UnicodeAttribute(null=True)
    price_place = UnicodeAttribute(null=True)
    body = Packed(Listing)
    card = Packed(Card, null=True)

    by_supplier = index(supplier_id, listing_id)
    by_status = index(status, listing_id)
    on_sale = index(channel_shelf, listing_id, card)
    on_sale_in_category = index(category_shelf, listing_id, card)
    on_sale_of_supplier = index(supplier_shelf, listing_id, card)
    on_sale_by_price = index(price_shelf, price_place, card)
    on_sale_in_category_by_price = index(category_price_shelf, price_place, card)


class StockRow(Row):
    """How much there is of a listing; `offer` is the one on sale, or 0: no order takes of another."""

    Meta = table("listing-stocks")
    listing_id = UnicodeAttribute(hash_key=True)
    available = WholeNumber()
    reserved = WholeNumber()
    counted = WholeNumber()
    offer = WholeNumber()

    @property
    def stock(self) -> Stock:
        return Stock(available=self.available, reserved=self.reserved, count=self.counted)


REPOSITORY: Final = Repository[Listing](
    ListingRow,
    lambda listing: {
        "supplier_id": listing.supplier_id,
        "status": listing.listed_as,
        "card": card_of(listing),
        **places_of(listing),
    },
)


def ids(status: str, supplier_id: str, after: str | None) -> Iterator[str]:
    """A supplier's listings, oldest first, or all that are listed as of a status, or as waiting for a person."""
    if supplier_id:
        return REPOSITORY.ids(ListingRow.by_supplier, supplier_id, after=after)
    return REPOSITORY.ids(ListingRow.by_status, status, after=after)


def cards(
    channel_id: str, category: str, supplier_id: str, after: str | None, at_once: int
) -> Iterator[tuple[str, Card]]:
    """What is on sale in a channel, in a category of it or of a supplier, the newest first; each with its place. A round trip for each page."""
    index, shelf_of = _newest(channel_id, category, supplier_id)
    return _cards(index, shelf_of, ListingRow.listing_id < after if after else None, at_once, newest_first=True)


def cards_by_price(
    channel_id: str, category: str, currency: str, after: str | None, at_once: int
) -> Iterator[tuple[str, Card]]:
    """The same of prices in one currency, the cheapest first."""
    index, parts = (
        (ListingRow.on_sale_in_category_by_price, (category, currency))
        if category
        else (ListingRow.on_sale_by_price, (currency,))
    )
    beyond = ListingRow.price_place > after if after else None
    return _cards(index, shelf(channel_id, *parts), beyond, at_once, newest_first=False)


def opening(listing_id: str, on_hand: int) -> Put:
    """The stock of a new listing, which is not on sale."""
    row = StockRow(listing_id, available=on_hand, reserved=0, counted=1, offer=0)
    return Put(row, guard=StockRow.listing_id.does_not_exist())


def stock_of(listing_id: str) -> Stock:
    """One consistent read."""
    row = StockRow.find(listing_id)
    assert row is not None, f"{listing_id} has a stock"
    return row.stock


def beside_stock(listing_id: str) -> tuple[Listing | None, Stock | None]:
    """A listing and its stock: one consistent round trip."""
    listing, stock = find_together((ListingRow, listing_id), (StockRow, listing_id))
    return (listing and listing.body), (stock and stock.stock)


def write_effects(listing_id: str, effects: Sequence[rules.StockEffect]) -> Update:
    """Everything a commit does to one listing's stock, as the one update a transaction may hold of it.

    StockShort, OfferChanged, StockCounted, BelowReserved: whether it can be is decided at the moment of writing.
    """
    available = reserved = counted = 0
    guards: list[Condition] = [StockRow.listing_id.exists()]
    actions: list[Action] = []
    for effect in effects:
        match effect:
            case rules.ReserveStock():
                available, reserved = available - effect.quantity, reserved + effect.quantity
                guards += [StockRow.offer == effect.offer]
            case rules.ReturnStock():
                available, reserved = available + effect.quantity, reserved - effect.quantity
            case rules.SendStock():
                reserved, counted = reserved - effect.quantity, 1
            case rules.TakeBackStock():
                available, counted = available + effect.quantity, 1
            case rules.CountStock():
                available, counted = available + effect.more, 1
                guards += [StockRow.counted == effect.count]
            case rules.PutOnSale():
                actions += [StockRow.offer.set(effect.offer)]
    for column, more in ((StockRow.available, available), (StockRow.reserved, reserved), (StockRow.counted, counted)):
        if more:
            actions += [column.add(more)]
        if more < 0:
            guards += [column >= -more]
    return Update(
        StockRow(listing_id), actions=actions, guard=reduce(and_, guards), error=partial(_refused, listing_id, effects)
    )


def _refused(listing_id: str, effects: Sequence[rules.StockEffect], item: dict[str, Any] | None) -> DomainError:
    row = StockRow.from_raw_data(item) if item else None
    for effect in effects:
        if isinstance(effect, rules.ReserveStock):
            return refuse_reservation(
                listing_id, row.stock if row else None, row.offer if row else 0, effect.quantity, effect.offer
            )
        if isinstance(effect, rules.CountStock) and row:
            return refuse_count(row.stock, effect.count)
    raise AssertionError(f"{listing_id} has less reserved than {effects} take: {row and row.stock}")


def _newest(channel_id: str, category: str, supplier_id: str) -> tuple[Index[Any], str]:
    if supplier_id:
        return ListingRow.on_sale_of_supplier, shelf(channel_id, supplier_id)
    if category:
        return ListingRow.on_sale_in_category, shelf(channel_id, category)
    return ListingRow.on_sale, shelf(channel_id)


def _cards(
    index: Index[Any], shelf_of: str, beyond: Condition | None, at_once: int, *, newest_first: bool
) -> Iterator[tuple[str, Card]]:
    rows = index.query(shelf_of, beyond, scan_index_forward=not newest_first, page_size=at_once)
    return ((row.listing_id if newest_first else row.price_place, row.card) for row in rows)
