"""Documents that an aggregate keeps: announced, uploaded past us, checked on arrival, removed when their retention ends. Pure.

An aggregate has them as `documents`, of a form of its own that adds to `Document`. Their bytes are in the bucket: see `shared/uploads.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Final, Literal, TypeVar

from msgspec import Meta, Struct
from msgspec.structs import replace

from chalicelib.shared.bounds import NoRoom, characters, must_have_room
from chalicelib.shared.errors import Conflict, NotFound
from chalicelib.shared.periods import end_of_business_date
from chalicelib.shared.texts import say

DocumentStatus = Literal["awaited", "kept", "refused"]
"""A document is announced, and kept if what arrives is what was announced."""
MOST_DOCUMENT_BYTES: Final = 20_000_000


class DocumentKept(Conflict):
    code = "document_kept"
    title = "A document that was handed in is kept until its retention ends."
    fix = "Add another document that puts it right; this one goes after retained_until."


class DocumentKnown(Conflict):
    code = "document_known"
    title = "That very file is there already."
    fix = "Use the document that is there: document_id names it."


class Document(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that proves something; it is removed when `retained_until` is over. One that has not come in time, or was refused, goes sooner."""

    id: str
    status: DocumentStatus = "awaited"
    media_type: Annotated[str, characters(100)]
    sha256: str
    size: int
    object_version: Annotated[str, characters(100)] = ""
    announced_at: datetime
    retained_until: date


class FileRequest(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A file to be uploaded: exactly these bytes."""

    media_type: Annotated[str, Meta(pattern="^[a-z]+/[a-z0-9.+-]{1,80}$(?!\n)")]
    """The media type of the file, such as `application/pdf`."""
    size: Annotated[int, Meta(ge=1, le=MOST_DOCUMENT_BYTES)]
    """How many bytes the file has."""
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$(?!\n)")]
    """SHA-256 of the file, 64 hexadecimal digits in lower case."""


class Seen(Struct, frozen=True):
    """What a file is, by the bucket's own word. `object_version` names these very bytes for ever."""

    size_bytes: int
    media_type: str
    sha256: str
    object_version: str


D = TypeVar("D", bound=Document)


def announced(there: tuple[D, ...], document: D, most: int, too_many: type[NoRoom]) -> tuple[D, ...]:
    """With one that is to come. DocumentKnown where the same bytes are there."""
    known = next((each for each in there if each.sha256 == document.sha256 and each.status != "refused"), None)
    if known:
        raise DocumentKnown(say("{id} has the same SHA-256.", id=known.id), document_id=known.id)
    must_have_room(there, most, too_many)
    return (*there, document)


def arrived(there: tuple[D, ...], document_id: str, seen: Seen) -> tuple[D, tuple[D, ...]] | None:
    """The bucket has a file: this version of it is kept if it is what was announced. None where nobody awaits it."""
    document = next((each for each in there if each.id == document_id and each.status == "awaited"), None)
    if document is None:
        return None
    is_so = (seen.size_bytes, seen.sha256, seen.media_type) == (document.size, document.sha256, document.media_type)
    document = replace(document, status="kept" if is_so else "refused", object_version=seen.object_version)
    return document, tuple(document if each.id == document_id else each for each in there)


def find(there: Iterable[D], document_id: str) -> D:
    document = next((each for each in there if each.id == document_id), None)
    if document is None:
        raise NotFound(say("There is no document {document_id!r:.60}.", document_id=document_id))
    return document


def kept(there: Iterable[D], document_id: str) -> D:
    """One that has come. NotFound."""
    document = find(there, document_id)
    if document.status != "kept":
        raise NotFound(say("{document_id} has not come.", document_id=document_id))
    return document


def must_be_removable(there: Iterable[D], document_id: str) -> None:
    """One that never arrived or was refused is taken back; DocumentKept for another."""
    document = find(there, document_id)
    if document.status == "kept":
        raise DocumentKept(
            say("{document_id} is kept.", document_id=document_id), retained_until=document.retained_until
        )


def without(there: tuple[D, ...], document_ids: Iterable[str]) -> tuple[D, ...]:
    gone = frozenset(document_ids)
    return tuple(each for each in there if each.id not in gone)


def over(there: Iterable[D], upload_hours: int, at: datetime) -> list[str]:
    """Those whose retention has ended, or that have not come."""
    return [each.id for each in there if ends_at(each, upload_hours) <= at]


def first_ends_at(there: Iterable[D], upload_hours: int) -> datetime | None:
    """When the first of them goes."""
    return min((ends_at(each, upload_hours) for each in there), default=None)


def ends_at(document: Document, upload_hours: int) -> datetime:
    if document.status == "kept":
        return end_of_business_date(document.retained_until)
    return document.announced_at + timedelta(hours=upload_hours)


def retained_until(announced_on: date, retention_days: int) -> date:
    return announced_on + timedelta(days=retention_days)


def gone(payload: dict[str, Any]) -> list[str]:
    """The documents whose files go with an event."""
    return list(payload.get("documents", ()))
