"""Documents of a firm: what its profile becomes as they are announced, arrive and go. Pure."""

from __future__ import annotations

from datetime import datetime

from chalicelib.firms.rules.changing import awaiting, person_of
from chalicelib.firms.rules.firm import MOST_DOCUMENTS, Context, Document, Firm, TooManyFirmDocuments
from chalicelib.firms.rules.transitions import TABLE, FirmChange
from chalicelib.shared import documents
from chalicelib.shared.documents import Seen


def announced(was: Firm, context: Context, document: Document, now: datetime) -> FirmChange:
    """A file that is to come. DocumentKnown where the same bytes are there."""
    if document.person_id:
        person_of(was, document.person_id)
    return TABLE.change(
        was,
        "announce",
        now,
        event="document_announced",
        documents=documents.announced(was.documents, document, MOST_DOCUMENTS, TooManyFirmDocuments),
        payload={"document_id": document.id, "kind": document.kind, "person_id": document.person_id or None},
    )


def arrived(was: Firm, context: Context, document_id: str, seen: Seen, now: datetime) -> FirmChange | None:
    """The bucket has a file. What is kept of a verified profile makes an officer look again. None where nobody awaits it."""
    if (arrival := documents.arrived(was.documents, document_id, seen)) is None:
        return None
    document, after = arrival
    return TABLE.change(
        was,
        "file_arrived",
        now,
        event=f"document_{document.status}",
        documents=after,
        payload={"document_id": document_id, "kind": document.kind},
        **(awaiting(was, context, now) if document.status == "kept" else {}),
    )


def removed(was: Firm, context: Context, document_id: str, now: datetime) -> FirmChange:
    """Take back what never arrived or was refused."""
    documents.must_be_removable(was.documents, document_id)
    return _without(was, "announce", [document_id], now)


def retired(was: Firm, context: Context, at: datetime) -> FirmChange:
    """The retention of some has ended, or they have not come."""
    return _without(was, "retire", documents.over(was.documents, context.policy.upload_hours, at), at)


def first_ends_at(firm: Firm, context: Context) -> datetime | None:
    """When the first of them goes."""
    return documents.first_ends_at(firm.documents, context.policy.upload_hours)


def _without(was: Firm, action: str, document_ids: list[str], at: datetime) -> FirmChange:
    return TABLE.change(
        was,
        action,
        at,
        event="documents_removed",
        documents=documents.without(was.documents, document_ids),
        payload={"documents": document_ids},
    )
