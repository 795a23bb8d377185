"""Documents of an application: what it becomes as they are announced, arrive, are read and go. Pure."""

from __future__ import annotations

from datetime import datetime

from chalicelib.credit.rules.application import (
    MOST_DOCUMENTS,
    Application,
    ApplicationContext,
    ApplicationDocument,
    TooManyApplicationDocuments,
)
from chalicelib.credit.rules.application_transitions import TABLE, ApplicationChange
from chalicelib.shared import documents
from chalicelib.shared.documents import Seen
from chalicelib.shared.errors import NotFound
from chalicelib.shared.texts import say


def announced(was: Application, document: ApplicationDocument, signer: str, now: datetime) -> ApplicationChange:
    """A file that is to come. NotFound where it is for a bank that is not asked, DocumentKnown where the same bytes are there."""
    if document.bank_id and document.bank_id not in was.bank_ids:
        raise NotFound(say("The application is not with {bank_id!r:.60}.", bank_id=document.bank_id), param="bank_id")
    return TABLE.change(
        was,
        "add-document",
        now,
        event="document_announced",
        documents=documents.announced(was.documents, document, MOST_DOCUMENTS, TooManyApplicationDocuments),
        payload={**_facts_of(document), "person": signer},
    )


def arrived(
    was: Application, context: ApplicationContext, document_id: str, seen: Seen, now: datetime
) -> ApplicationChange | None:
    """The bucket has a file. None where nobody awaits it."""
    if (arrival := documents.arrived(was.documents, document_id, seen)) is None:
        return None
    document, after = arrival
    event = f"document_{document.status}"
    return TABLE.change(was, "file_arrived", now, event=event, documents=after, payload=_facts_of(document))


def read(was: Application, document_id: str, bank_id: str, now: datetime) -> ApplicationChange:
    """A bank is handed an address to fetch one from."""
    reader = {"read_by": "bank", "bank_id": bank_id}
    return TABLE.note(was, "document_read", now, payload={"document_id": document_id, **reader})


def retired(was: Application, context: ApplicationContext, at: datetime) -> ApplicationChange:
    """The retention of some has ended, or they have not come."""
    gone = documents.over(was.documents, context.upload_hours, at)
    after = documents.without(was.documents, gone)
    return TABLE.change(was, "retire", at, event="documents_removed", documents=after, payload={"documents": gone})


def first_ends_at(application: Application, context: ApplicationContext) -> datetime | None:
    """When the first of them goes."""
    return documents.first_ends_at(application.documents, context.upload_hours)


def _facts_of(document: ApplicationDocument) -> dict[str, str | None]:
    return {"document_id": document.id, "name": document.name, "bank_id": document.bank_id or None}
