"""The endpoints of listings, and of the catalogue of a channel."""

from __future__ import annotations

from functools import partial

from chalicelib.listings import examples
from chalicelib.listings.rules.listing import ChannelClosed, MembershipNotValid, TooManyPictures
from chalicelib.listings.rules.moderation import NotFit
from chalicelib.listings.rules.stock import BelowReserved, StockCounted
from chalicelib.listings.rules.transitions import NotInThisStatus
from chalicelib.listings.service import commands, reading, uploads
from chalicelib.listings.service.reading import NotSorted
from chalicelib.listings.views import requests
from chalicelib.listings.views.listing import CardView, ListingView, OnSaleView, PictureAnnounced, StockView
from chalicelib.shared.access import CHANNELS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.documents import DocumentKept, DocumentKnown
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import AGENCY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Listings", response=ListingView)
ALL = MEMBER | AGENCY | OFFICER.with_duty(CHANNELS)
_CHANGING = [NotInThisStatus, Stale]
_ON_SALE = [*_CHANGING, NotFit, MembershipNotValid, ChannelClosed, NoRate]

by_supplier = partial(routes.command, by=MEMBER)
by_officer = partial(routes.command, by=OFFICER.with_duty(CHANNELS))


@by_supplier(
    "/v1/listings",
    status=201,
    errors=[NotFound, MembershipNotValid, ChannelClosed, requests.OneCurrency, UnknownCurrency],
    examples={"a shirt": examples.DRAFT},
)
def draft(body: requests.DraftRequest, request: RequestContext) -> StoredResponse:
    """Write a listing in a channel that you are a member of. Nobody sees it before it is published."""
    return commands.draft(body, request)


@routes.read("/v1/listings", by=ALL, errors=[BadCursor])
def listings(query: requests.ListingsQuery, request: RequestContext) -> Page[ListingView]:
    """Your own listings, the oldest first; as an agency those of a supplier you vouch for, as an officer those of a supplier or a status, or all."""
    return reading.listed(query, request)


@routes.read("/v1/listings/{listing_id}", by=ALL)
def listing(listing_id: str, request: RequestContext) -> ListingView:
    """One listing: what is on sale, what waits for a person, and what the last rejection said."""
    return reading.listing(listing_id, request)


@routes.read("/v1/listings/{listing_id}/timeline", by=ALL)
def timeline(listing_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a listing, oldest first."""
    return reading.timeline(listing_id, query, request)


@routes.read("/v1/listings/{listing_id}/stock", by=ALL)
def stock(listing_id: str, request: RequestContext) -> StockView:
    """What is on hand, what of it is reserved for orders, and the count by which another figure is stated."""
    return reading.stock(listing_id, request)


@by_supplier(
    "/v1/listings/{listing_id}/edit",
    errors=[*_CHANGING, NotFit, ChannelClosed, requests.OneCurrency, UnknownCurrency, NoRate],
    examples={"whole": examples.EDIT},
)
def edit(listing_id: str, body: requests.EditRequest, request: RequestContext) -> StoredResponse:
    """Offer it in other words or at other prices. On sale, a small move of prices holds at once; anything else waits for a person, and what is on sale stays."""
    return commands.edit(listing_id, body, request)


@by_supplier("/v1/listings/{listing_id}/submit", errors=_ON_SALE)
def submit(listing_id: str, request: RequestContext) -> StoredResponse:
    """Have it looked at: by the rules of the channel at once, and by a person within two business days."""
    return commands.submit(listing_id, request)


@by_officer("/v1/listings/{listing_id}/publish", errors=_ON_SALE)
def publish(listing_id: str, request: RequestContext) -> StoredResponse:
    """Approve what waits, or put back what an officer took off sale."""
    return commands.publish(listing_id, request)


@by_officer("/v1/listings/{listing_id}/reject", errors=_CHANGING, examples={"another shirt": examples.REJECT})
def reject(listing_id: str, body: requests.RejectRequest, request: RequestContext) -> StoredResponse:
    """Refuse what waits, by the rules it breaks and in words. What is on sale stays."""
    return commands.reject(listing_id, body, request)


@by_officer("/v1/listings/{listing_id}/suspend", errors=_CHANGING, examples={"a pattern": examples.SUSPEND})
def suspend(listing_id: str, body: requests.SuspendRequest, request: RequestContext) -> StoredResponse:
    """Take it off sale. Orders that were placed go on."""
    return commands.suspend(listing_id, body, request)


@by_supplier("/v1/listings/{listing_id}/withdraw", errors=_CHANGING)
def withdraw(listing_id: str, request: RequestContext) -> StoredResponse:
    """Give it up, for good. Orders that were placed go on."""
    return commands.withdraw(listing_id, request)


@by_supplier("/v1/listings/{listing_id}/renew", errors=_ON_SALE)
def renew(listing_id: str, request: RequestContext) -> StoredResponse:
    """Keep it on sale for another 90 days: in the last 30, or after its end."""
    return commands.renew(listing_id, request)


@by_supplier(
    "/v1/listings/{listing_id}/count-stock",
    errors=[*_CHANGING, StockCounted, BelowReserved],
    examples={"counted": examples.STOCK},
)
def count_stock(listing_id: str, body: requests.StockRequest, request: RequestContext) -> StoredResponse:
    """State what is on hand, reserved goods among it, by the count you read. Nobody has to approve that."""
    return commands.count_stock(listing_id, body, request)


@routes.command(
    "/v1/listings/{listing_id}/pictures",
    response=PictureAnnounced,
    status=201,
    by=MEMBER,
    errors=[*_CHANGING, DocumentKnown, TooManyPictures],
    examples={"a photograph": examples.PICTURE},
    completes=uploads.with_form,
)
def announce(listing_id: str, body: requests.PictureRequest, request: RequestContext) -> StoredResponse:
    """Announce a picture and get a form to upload exactly that. An offer says which pictures are shown."""
    return uploads.announce(listing_id, body, request)


@routes.read("/v1/listings/{listing_id}/pictures/{document_id}", public=True)
def picture(listing_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a picture that a listing on sale shows from, for a quarter of an hour."""
    return uploads.link(listing_id, document_id, request)


@routes.read("/v1/listings/{listing_id}/documents/{document_id}", by=ALL)
def document(listing_id: str, document_id: str, request: RequestContext) -> Link:
    """The same of any picture of a listing, on sale or not: for its supplier, its agency, and officers who look at it."""
    return uploads.own_link(listing_id, document_id, request)


@by_supplier("/v1/listings/{listing_id}/pictures/{document_id}/remove", errors=[*_CHANGING, DocumentKept])
def remove_picture(listing_id: str, document_id: str, request: RequestContext) -> StoredResponse:
    """Take back a picture that never arrived or was refused."""
    return commands.remove_picture(listing_id, document_id, request)


@routes.read("/v1/channels/{channel_id}/listings", public=True, errors=[BadCursor, NotSorted, NotFound])
def catalogue(channel_id: str, query: requests.CatalogueQuery, request: RequestContext) -> Page[CardView]:
    """What is on sale in a channel, the newest first, or the cheapest."""
    return reading.catalogue(channel_id, query, request)


@routes.read("/v1/channels/{channel_id}/listings/{listing_id}", public=True)
def on_sale(channel_id: str, listing_id: str, request: RequestContext) -> OnSaleView:
    """A listing on sale, whole, and how many can be had at once."""
    return reading.on_sale(channel_id, listing_id, request)
