"""Files of documents. Their bytes go from the client to the bucket and from the bucket to the client, never through here."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from chalicelib.firms.aggregate import FIRMS
from chalicelib.firms.records import REPOSITORY
from chalicelib.firms.rules import documents
from chalicelib.firms.rules.firm import Actor, Context, Document, DocumentStatus, Firm
from chalicelib.firms.rules.transitions import FirmChange
from chalicelib.firms.views.firm import DocumentAnnounced, view
from chalicelib.firms.views.requests import DocumentRequest
from chalicelib.shared import clock, files, ids
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Arrived, Link
from chalicelib.shared.observe import logger
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import CLOCK, RequestContext

UPLOADS: Final = "uploads/firms/"
UPLOAD_WITHIN: Final = timedelta(hours=1)


def announce(member_id: str, body: DocumentRequest, request: RequestContext) -> StoredResponse:
    """Announce a document. The form to upload it with is no part of what the entry keeps: see `with_form`."""
    document_id = _id_of(request)

    def decide(was: Firm, context: Context, actor: Actor) -> FirmChange:
        document = Document(
            id=document_id,
            kind=body.kind,
            person_id=body.person_id or "",
            media_type=body.media_type,
            sha256=body.sha256,
            size=body.size,
            announced_at=request.now,
            retained_until=documents.retained_until(context, business_date(request.now)),
        )
        return documents.announced(was, context, document, request.now)

    def respond(firm: Firm, context: Context, actor: Actor) -> DocumentAnnounced:
        return DocumentAnnounced(firm=view(firm, context, actor, request.now), document_id=document_id)

    return FIRMS.execute(member_id, request, "announce", decide, status=201, respond=respond)


def with_form(
    response: StoredResponse, member_id: str, body: DocumentRequest, request: RequestContext
) -> StoredResponse:
    """The answer with a form to upload exactly that file, signed anew each time, while it is awaited."""
    document_id = _id_of(request)
    if response.replayed and not _has(member_id, document_id, "awaited"):
        return response
    form = files.upload_form(
        key_of(member_id, document_id),
        body.media_type,
        least_bytes=body.size,
        most_bytes=body.size,
        sha256=body.sha256,
        lasts=UPLOAD_WITHIN,
    )
    announced = msgspec.json.decode(response.body)
    return msgspec.structs.replace(response, body=encode(announced | {"upload": form}))


def link(member_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from, for the firm."""
    document = documents.find(FIRMS.read(member_id, request)[0].state, document_id)
    if document.status != "kept":
        raise NotFound(f"{document_id} has not come.")
    return link_of(member_id, document)


def links(firm: Firm) -> list[Link]:
    """Addresses of all that are kept."""
    return [link_of(firm.id, document) for document in firm.documents if document.status == "kept"]


def link_of(member_id: str, document: Document) -> Link:
    key = key_of(member_id, document.id)
    return files.link(key, document.kind, version=document.object_version, sha256=document.sha256)


@retry_on_conflict
def file_arrived(arrived: Arrived) -> None:
    """The bucket tells of a file, perhaps twice and perhaps late. One that is not kept goes at once, such as an erased person's."""
    member_id, _, document_id = arrived.key.removeprefix(UPLOADS).partition("/")
    request = RequestContext(caller=CLOCK, now=clock.now(), request_id=document_id)

    def decide(was: Firm, context: Context) -> FirmChange | None:
        if not any(each.id == document_id and each.status == "awaited" for each in was.documents):
            return None
        seen = files.seen(arrived)
        return documents.arrived(
            was,
            context,
            document_id,
            size=seen.size_bytes,
            sha256=seen.sha256,
            media_type=seen.media_type,
            object_version=seen.object_version,
            now=request.now,
        )

    FIRMS.apply(member_id, request, decide)
    if not _has(member_id, document_id, "kept"):
        logger.warning("a file that no firm keeps", extra={"key": arrived.key[:200]})
        files.destroy(arrived.key)


def destroy(member_id: str, document_ids: list[str]) -> None:
    """Remove the files of documents that a profile has no longer. Once or many times."""
    for document_id in document_ids:
        files.destroy(key_of(member_id, document_id))


def key_of(member_id: str, document_id: str) -> str:
    return f"{UPLOADS}{member_id}/{document_id}"


def _id_of(request: RequestContext) -> str:
    return ids.derived_id("doc", request.entry_id)


def _has(member_id: str, document_id: str, status: DocumentStatus) -> bool:
    """Whether a document of the firm is in that status."""
    firm = REPOSITORY.load(member_id)
    return firm is not None and any(each.id == document_id and each.status == status for each in firm.documents)
