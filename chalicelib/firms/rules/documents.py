"""Documents of a firm: announced, uploaded past us, checked on arrival, removed when their retention ends. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.firms.rules.changing import awaiting, person_of
from chalicelib.firms.rules.firm import (
    MOST_DOCUMENTS,
    Context,
    Document,
    Firm,
    TooManyFirmDocuments,
)
from chalicelib.firms.rules.transitions import TABLE, FirmChange
from chalicelib.shared.bounds import must_have_room
from chalicelib.shared.errors import Conflict, NotFound
from chalicelib.shared.periods import end_of_business_date


class DocumentKept(Conflict):
    code = "document_kept"
    title = "A document that was handed in is kept until its retention ends."
    fix = "Add another document that puts it right; this one goes after retained_until."


class DocumentKnown(Conflict):
    code = "document_known"
    title = "That very file is in the profile already."
    fix = "Use the document that is there: document_id names it."


def announced(was: Firm, context: Context, document: Document, now: datetime) -> FirmChange:
    """A file that is to come. DocumentKnown where the same bytes are there."""
    if document.person_id:
        person_of(was, document.person_id)
    there = [each for each in was.documents if each.sha256 == document.sha256 and each.status != "refused"]
    if there:
        raise DocumentKnown(f"{there[0].id} has the same SHA-256.", document_id=there[0].id)
    must_have_room(was.documents, MOST_DOCUMENTS, TooManyFirmDocuments)
    return TABLE.change(
        was,
        "announce",
        now,
        event="document_announced",
        documents=(*was.documents, document),
        payload={"document_id": document.id, "kind": document.kind, "person_id": document.person_id or None},
    )


def arrived(
    was: Firm,
    context: Context,
    document_id: str,
    *,
    size: int,
    sha256: str,
    media_type: str,
    object_version: str,
    now: datetime,
) -> FirmChange | None:
    """The bucket has a file: this version of it is kept if it is what was announced. None where nobody awaits it."""
    document = next((each for each in was.documents if each.id == document_id and each.status == "awaited"), None)
    if document is None:
        return None
    is_so = (size, sha256, media_type) == (document.size, document.sha256, document.media_type)
    document = replace(document, status="kept" if is_so else "refused", object_version=object_version)
    return TABLE.change(
        was,
        "file_arrived",
        now,
        event="document_kept" if is_so else "document_refused",
        documents=tuple(document if each.id == document_id else each for each in was.documents),
        payload={"document_id": document_id, "kind": document.kind},
        **(awaiting(was, context, now) if is_so else {}),
    )


def removed(was: Firm, context: Context, document_id: str, now: datetime) -> FirmChange:
    """Take back what never arrived or was refused."""
    if find(was, document_id).status == "kept":
        raise DocumentKept(f"{document_id} is kept.", retained_until=find(was, document_id).retained_until)
    return _without(was, "announce", [document_id], now)


def retired(was: Firm, context: Context, at: datetime) -> FirmChange:
    """The retention of some has ended, or they have not come."""
    return _without(was, "retire", [each.id for each in was.documents if ends_at(each, context) <= at], at)


def first_ends_at(firm: Firm, context: Context) -> datetime | None:
    """When the first of them goes."""
    return min((ends_at(each, context) for each in firm.documents), default=None)


def ends_at(document: Document, context: Context) -> datetime:
    if document.status == "kept":
        return end_of_business_date(document.retained_until)
    return document.announced_at + timedelta(hours=context.policy.upload_hours)


def find(firm: Firm, document_id: str) -> Document:
    document = next((each for each in firm.documents if each.id == document_id), None)
    if document is None:
        raise NotFound(f"There is no document {document_id!r:.60}.")
    return document


def gone(payload: dict[str, Any]) -> list[str]:
    """The documents whose files go with an event."""
    return list(payload.get("documents", ()))


def retained_until(context: Context, announced_on: date) -> date:
    return date.fromordinal(announced_on.toordinal() + context.policy.retention_days)


def _without(was: Firm, action: str, document_ids: list[str], at: datetime) -> FirmChange:
    return TABLE.change(
        was,
        action,
        at,
        event="documents_removed",
        documents=tuple(each for each in was.documents if each.id not in document_ids),
        payload={"documents": document_ids},
    )
