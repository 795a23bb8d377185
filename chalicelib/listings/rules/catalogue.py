"""What a page of a channel's catalogue shows of a listing, and where in it that stands. Pure.

The card is kept beside the listing, in the indexes of the catalogue: one that is not on sale has none and stands nowhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec

from chalicelib.channels.rules.channel import Language
from chalicelib.listings.rules import listing as rules
from chalicelib.shared.bounds import characters, most
from chalicelib.shared.views import view_of

Sort = Literal["newest", "price"]
SHELVES: Final = ("channel_shelf", "category_shelf", "supplier_shelf", "price_shelf", "category_price_shelf")


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A listing on sale, as lists show it."""

    id: str
    version: int
    supplier_id: str
    offer: int
    titles: Annotated[
        dict[Language, Annotated[str, characters(rules.MOST_TITLE)]], most(rules.MOST_LANGUAGES, why="languages")
    ]
    category: str
    origin: str
    currency: str
    steps: Annotated[tuple[rules.Step, ...], most(rules.MOST_STEPS, why="those of an offer")]
    minimum_quantity: int
    unit: Annotated[str, characters(30)]
    lead_days: int
    picture: str
    published_at: datetime
    expires_at: datetime


def card_of(listing: rules.Listing) -> Card | None:
    """None where it is not on sale."""
    if not listing.on_sale:
        return None
    offer = listing.offer
    return view_of(
        Card,
        offer,
        id=listing.id,
        version=listing.version,
        supplier_id=listing.supplier_id,
        offer=offer.number,
        picture=offer.pictures[0],
        published_at=listing.published_at,
        expires_at=listing.expires_at,
    )


def places_of(listing: rules.Listing) -> dict[str, Any]:
    """The columns of the catalogue's indexes: shelves of the channel, and where a price stands on those that are sorted by it."""
    if not listing.on_sale:
        return dict.fromkeys((*SHELVES, "price_place"))
    offer, channel_id = listing.offer, listing.channel_id
    return {
        "channel_shelf": channel_id,
        "category_shelf": shelf(channel_id, offer.category),
        "supplier_shelf": shelf(channel_id, listing.supplier_id),
        "price_shelf": shelf(channel_id, offer.currency),
        "category_price_shelf": shelf(channel_id, offer.category, offer.currency),
        "price_place": f"{offer.steps[0].price_minor:016d}:{listing.id}",
    }


def shelf(*parts: str) -> str:
    return "|".join(parts)
