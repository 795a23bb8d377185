"""How much there is of what a listing offers. Pure.

    on hand = available + reserved

An order takes of what is available, and that is reserved for it: it leaves with a shipment, or becomes available again once, when the order
ends without one. The supplier says what is on hand, on the count it read: what is reserved stays so.
"""

from __future__ import annotations

import msgspec

from chalicelib.shared.errors import Conflict
from chalicelib.shared.texts import say


class StockShort(Conflict):
    code = "stock_short"
    title = "There is not so much left."
    fix = "Order at most `available`, or ask the supplier for more."


class OfferChanged(Conflict):
    code = "offer_changed"
    title = "The listing is not on sale as you saw it."
    fix = "Read the listing again, take a new quote for what you then see, and order by that."


class StockCounted(Conflict):
    code = "stock_counted"
    title = "What is on hand has changed since you read it."
    fix = "Read the listing's stock again, and state what is on hand by the `count` you then see."


class BelowReserved(Conflict):
    code = "stock_below_reserved"
    title = "More than that is reserved for orders."
    fix = "State at least `reserved`; what cannot be delivered is settled order by order: cancel, or refund."


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """`count` numbers what was on hand: it moves with a statement, a shipment and goods that came back, and not with reservations."""

    available: int = 0
    reserved: int = 0
    count: int = 1

    @property
    def on_hand(self) -> int:
        return self.available + self.reserved


def refuse_reservation(listing_id: str, seen: Stock | None, offer_seen: int, quantity: int, offer: int) -> Conflict:
    """Why so many of an offer cannot be reserved, by what its record says."""
    if seen is None or offer_seen != offer:
        return OfferChanged(
            say("Offer {offer} of {listing_id} is not on sale now.", offer=offer, listing_id=listing_id),
            listing_id=listing_id,
        )
    return StockShort(
        say("Of {listing_id}, {available} are left.", listing_id=listing_id, available=seen.available),
        listing_id=listing_id,
        quantity=quantity,
        available=seen.available,
    )


def refuse_count(seen: Stock, count: int) -> Conflict:
    """Why what is on hand cannot be stated so."""
    if count != seen.count:
        return StockCounted(
            say("You state it by count {count}; it is at count {present}.", count=count, present=seen.count),
            param="count",
            count=seen.count,
        )
    return BelowReserved(
        say("{reserved} are reserved.", reserved=seen.reserved), param="on_hand", reserved=seen.reserved
    )
