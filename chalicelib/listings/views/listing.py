"""A listing as its supplier, its agency and officers see it, and as everybody does."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.channels.rules.channel import Language
from chalicelib.listings.rules.catalogue import Card
from chalicelib.listings.rules.listing import Actor, Context, Finding, Listing, Offer, Status, Why
from chalicelib.listings.rules.stock import Stock
from chalicelib.listings.rules.timers import MACHINE
from chalicelib.shared.documents import DocumentStatus
from chalicelib.shared.files import UploadForm
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """From `quantity` on, each costs `price`."""

    quantity: int
    price: Money


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    number: int
    titles: dict[Language, str]
    texts: dict[Language, str]
    category: str
    hs_code: str | None
    origin: str
    currency: str
    steps: list[StepView]
    minimum_quantity: int
    unit: str
    lead_days: int
    pictures: list[str]


class PictureView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: DocumentStatus
    media_type: str
    size: int
    sha256: str


class ListingView(msgspec.Struct, frozen=True, kw_only=True):
    """`offer` is what is on sale, or what is being written; `pending` waits for a person meanwhile. `findings` are the last rejection's."""

    id: str
    version: int
    channel_id: str
    supplier_id: str
    status: Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    offer: OfferView
    pending: OfferView | None
    findings: list[Finding]
    documents: list[PictureView]
    escalated_at: datetime | None
    published_at: datetime | None
    expires_at: datetime | None
    why: Why | None
    reason: str | None


class PictureAnnounced(msgspec.Struct, frozen=True, kw_only=True):
    """The form is there while the file is awaited."""

    listing: ListingView
    document_id: str
    upload: UploadForm | None = None


class StockView(msgspec.Struct, frozen=True, kw_only=True):
    """`on_hand` = `available` + `reserved`. `count` is what a statement of what is on hand names."""

    listing_id: str
    on_hand: int
    available: int
    reserved: int
    count: int


class CardView(msgspec.Struct, frozen=True, kw_only=True):
    """A listing on sale, as the catalogue shows it."""

    id: str
    version: int
    supplier_id: str
    offer: int
    titles: dict[Language, str]
    category: str
    origin: str
    steps: list[StepView]
    minimum_quantity: int
    unit: str
    lead_days: int
    picture: str
    published_at: datetime
    expires_at: datetime


class OnSaleView(msgspec.Struct, frozen=True, kw_only=True):
    """What is on sale, and how many can be had at once."""

    id: str
    version: int
    channel_id: str
    supplier_id: str
    offer: OfferView
    available: int
    published_at: datetime
    expires_at: datetime


def view(listing: Listing, context: Context, actor: Actor, now: datetime) -> ListingView:
    return view_of(
        ListingView,
        listing,
        **MACHINE.offer(listing, actor, context, now),
        offer=offer_view(listing.offer),
        pending=offer_view(listing.pending) if listing.pending else None,
    )


def offer_view(offer: Offer) -> OfferView:
    return view_of(OfferView, offer)


def card_view(card: Card) -> CardView:
    return view_of(CardView, card)


def on_sale_view(listing: Listing, stock: Stock) -> OnSaleView:
    return view_of(OnSaleView, listing, available=stock.available)
