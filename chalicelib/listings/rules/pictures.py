"""Pictures of a listing: what it becomes as they are announced, arrive and go. Pure. Which of them are shown, an offer says."""

from __future__ import annotations

from datetime import datetime

from chalicelib.listings.rules.listing import MOST_PICTURES, Context, Listing, TooManyPictures
from chalicelib.listings.rules.transitions import TABLE, ListingChange
from chalicelib.shared import documents
from chalicelib.shared.documents import Document, Seen


def announced(was: Listing, document: Document, now: datetime) -> ListingChange:
    """A file that is to come. DocumentKnown where the same bytes are there."""
    return TABLE.change(
        was,
        "add-picture",
        now,
        event="picture_announced",
        documents=documents.announced(was.documents, document, MOST_PICTURES, TooManyPictures),
        payload={"document_id": document.id},
    )


def arrived(was: Listing, context: Context, document_id: str, seen: Seen, now: datetime) -> ListingChange | None:
    """The bucket has a file. None where nobody awaits it."""
    if (arrival := documents.arrived(was.documents, document_id, seen)) is None:
        return None
    document, after = arrival
    event = f"picture_{document.status}"
    return TABLE.change(was, "file_arrived", now, event=event, documents=after, payload={"document_id": document_id})


def removed(was: Listing, document_id: str, now: datetime) -> ListingChange:
    """Take back one that never arrived or was refused. DocumentKept else: it may be what a buyer saw."""
    documents.must_be_removable(was.documents, document_id)
    return _without(was, "add-picture", [document_id], now)


def retired(was: Listing, context: Context, at: datetime) -> ListingChange:
    """The retention of some has ended, or they have not come."""
    return _without(was, "retire", documents.over(was.documents, context.policy.upload_hours, at), at)


def first_ends_at(listing: Listing, context: Context) -> datetime | None:
    """When the first of them goes."""
    return documents.first_ends_at(listing.documents, context.policy.upload_hours)


def _without(was: Listing, action: str, document_ids: list[str], at: datetime) -> ListingChange:
    after = documents.without(was.documents, document_ids)
    return TABLE.change(was, action, at, event="pictures_removed", documents=after, payload={"documents": document_ids})
