"""Documents of a firm, announced and fetched: see `shared/uploads.py`."""

from __future__ import annotations

from typing import Final

from chalicelib.firms.aggregate import FIRMS
from chalicelib.firms.rules import documents as rules
from chalicelib.firms.rules.firm import Actor, Context, Document, Firm
from chalicelib.firms.rules.transitions import FirmChange
from chalicelib.firms.views.firm import DocumentAnnounced, view
from chalicelib.firms.views.requests import DocumentRequest
from chalicelib.shared import documents
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.files import Link
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.uploads import Uploads, announced_id

FILES: Final = Uploads("uploads/firms/", FIRMS, rules.arrived)


def announce(member_id: str, body: DocumentRequest, request: RequestContext) -> StoredResponse:
    """Announce a document. The form to upload it with is no part of what the entry keeps: see `with_form`."""
    document_id = announced_id(request)

    def decide(was: Firm, context: Context, actor: Actor) -> FirmChange:
        document = Document(
            id=document_id,
            kind=body.kind,
            person_id=body.person_id or "",
            media_type=body.media_type,
            sha256=body.sha256,
            size=body.size,
            announced_at=request.now,
            retained_until=documents.retained_until(business_date(request.now), context.policy.retention_days),
        )
        return rules.announced(was, context, document, request.now)

    def respond(firm: Firm, context: Context, actor: Actor) -> DocumentAnnounced:
        return DocumentAnnounced(firm=view(firm, context, actor, request.now), document_id=document_id)

    return FIRMS.execute(member_id, request, "announce", decide, status=201, respond=respond)


def with_form(
    response: StoredResponse, member_id: str, body: DocumentRequest, request: RequestContext
) -> StoredResponse:
    return FILES.with_form(response, member_id, body, request)


def link(member_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from, for the firm."""
    return link_of(member_id, documents.kept(FIRMS.read(member_id, request)[0].state.documents, document_id))


def links(firm: Firm) -> list[Link]:
    """Addresses of all that are kept."""
    return [link_of(firm.id, document) for document in firm.documents if document.status == "kept"]


def link_of(member_id: str, document: Document) -> Link:
    return FILES.link(member_id, document, document.kind)
