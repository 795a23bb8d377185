"""Documents of an application: announced by a signer, read by the banks that are asked while the firm's consent is live, and by officers.

Each time somebody else than the firm is handed an address to fetch one from is an entry, written before that.
"""

from __future__ import annotations

from typing import Final

from chalicelib.credit.aggregate.applications import APPLICATIONS
from chalicelib.credit.records import applications as records
from chalicelib.credit.rules import application_documents as rules
from chalicelib.credit.rules.application import Actor, Application, ApplicationContext, ApplicationDocument
from chalicelib.credit.rules.application_transitions import ApplicationChange
from chalicelib.credit.rules.consent import DataClass
from chalicelib.credit.service.applications import visible
from chalicelib.credit.views.applications import ApplicationDocumentAnnounced, ApplicationDocumentRequest, view
from chalicelib.firms.service import reading as firms_reading
from chalicelib.firms.service import uploads as firms_uploads
from chalicelib.firms.service.signers import require_signer
from chalicelib.shared import documents, readings
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Link
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.uploads import Uploads, announced_id

FILES: Final = Uploads("uploads/applications/", APPLICATIONS, rules.arrived)
CLASS: Final[DataClass] = "profile"
"""What a bank's consent has to cover before it reads one."""


def announce(application_id: str, body: ApplicationDocumentRequest, request: RequestContext) -> StoredResponse:
    """By a signer. The form to upload it with is no part of what the entry keeps: see `with_form`."""
    document_id = announced_id(request)

    def decide(was: Application, context: ApplicationContext, actor: Actor) -> ApplicationChange:
        signer = require_signer(was.member_id, request, "apply")
        document = ApplicationDocument(
            id=document_id,
            name=body.name,
            bank_id=body.bank_id or "",
            media_type=body.media_type,
            sha256=body.sha256,
            size=body.size,
            announced_at=request.now,
            retained_until=documents.retained_until(business_date(request.now), context.retention_days),
        )
        return rules.announced(was, document, signer.person_id, request.now)

    def respond(application: Application, context: ApplicationContext, actor: Actor) -> ApplicationDocumentAnnounced:
        shown = view(application, context, actor, request.now)
        return ApplicationDocumentAnnounced(application=shown, document_id=document_id)

    return APPLICATIONS.execute(application_id, request, "add-document", decide, status=201, respond=respond)


def with_form(
    response: StoredResponse, application_id: str, body: ApplicationDocumentRequest, request: RequestContext
) -> StoredResponse:
    return FILES.with_form(response, application_id, body, request)


def link(application_id: str, document_id: str, request: RequestContext) -> Link:
    """An address to fetch a document from. A bank fetches those of the application that are for it, and what it was supplied of the profile's."""
    loaded, actor = visible(application_id, request, CLASS)
    document = _own(loaded.state, document_id, actor, request)
    if document is None and actor == "bank":
        document = _of_profile(loaded.state, document_id, request.caller.sub)
    if document is None:
        raise NotFound(say("There is no document {document_id!r:.60}.", document_id=document_id))
    if actor == "officer":
        readings.note_opened(application_id, document_id, request)
    if actor == "bank":
        _note(application_id, document_id, request)
    return document


def _own(application: Application, document_id: str, actor: Actor, request: RequestContext) -> Link | None:
    """What was handed in with the application."""
    document = next((each for each in application.documents if each.id == document_id), None)
    if document is None or document.status != "kept":
        return None
    if actor == "bank" and not document.is_for(request.caller.sub):
        return None
    return FILES.link(application.id, document, document.name)


def _of_profile(application: Application, document_id: str, bank_id: str) -> Link | None:
    """What the firm has supplied to the bank of its profile."""
    part = next(each for each in application.parts if each.bank_id == bank_id)
    review = records.REVIEWS.load(part.review_id)
    if review is None or not any(document_id in each.document_ids for each in review.requests):
        return None
    profile = firms_reading.profile(application.member_id)
    kept = (each for each in profile.documents if each.id == document_id and each.status == "kept") if profile else ()
    document = next(iter(kept), None)
    return firms_uploads.link_of(application.member_id, document) if document else None


@retry_on_conflict
def _note(application_id: str, document_id: str, request: RequestContext) -> None:
    reading = request.each_time("application.document_read", application_id)
    bank_id = request.caller.sub
    APPLICATIONS.apply(application_id, reading, lambda was, context: rules.read(was, document_id, bank_id, request.now))
