"""Pictures of a listing, announced and fetched: see `shared/uploads.py`."""

from __future__ import annotations

from typing import Final

from chalicelib.listings.aggregate import LISTINGS
from chalicelib.listings.rules import pictures
from chalicelib.listings.rules.listing import Actor, Context, Listing
from chalicelib.listings.rules.transitions import ListingChange
from chalicelib.listings.views.listing import PictureAnnounced, view
from chalicelib.listings.views.requests import PictureRequest
from chalicelib.shared import documents
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.documents import Document
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.uploads import Uploads, announced_id

FILES: Final = Uploads("uploads/listings/", LISTINGS, pictures.arrived)


def announce(listing_id: str, body: PictureRequest, request: RequestContext) -> StoredResponse:
    """Announce a picture. The form to upload it with is no part of what the entry keeps: see `with_form`."""
    document_id = announced_id(request)

    def decide(was: Listing, context: Context, actor: Actor) -> ListingChange:
        document = Document(
            id=document_id,
            media_type=body.media_type,
            sha256=body.sha256,
            size=body.size,
            announced_at=request.now,
            retained_until=documents.retained_until(business_date(request.now), context.policy.picture_retention_days),
        )
        return pictures.announced(was, document, request.now)

    def respond(listing: Listing, context: Context, actor: Actor) -> PictureAnnounced:
        return PictureAnnounced(listing=view(listing, context, actor, request.now), document_id=document_id)

    return LISTINGS.execute(listing_id, request, "add-picture", decide, status=201, respond=respond)


def with_form(
    response: StoredResponse, listing_id: str, body: PictureRequest, request: RequestContext
) -> StoredResponse:
    return FILES.with_form(response, listing_id, body, request)


def link(listing_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a picture from that a listing on sale shows: for everybody."""
    listing = LISTINGS.present(listing_id, request.now)
    if listing is None or not listing.on_sale or document_id not in listing.offer.pictures:
        raise NotFound(say("There is no picture {document_id!r:.60}.", document_id=document_id))
    return _link(listing, document_id)


def own_link(listing_id: str, document_id: str, request: RequestContext) -> Link:
    """The same of any picture of a listing, on sale or not, for whoever sees the listing: its supplier, its agency, officers."""
    loaded, _ = LISTINGS.read(listing_id, request)
    return _link(loaded.state, document_id)


def _link(listing: Listing, document_id: str) -> Link:
    document = listing.kept_picture(document_id)
    if document is None:
        raise NotFound(say("{document_id} has not come.", document_id=document_id))
    return FILES.link(listing.id, document, document_id)
