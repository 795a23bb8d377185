"""Files of documents. Their bytes go from the client to the bucket and from the bucket to the client, never through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Generic, Protocol, TypeVar

import msgspec

from chalicelib.shared import clock, files, ids
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.documents import Document, DocumentStatus, FileRequest, Seen
from chalicelib.shared.encoding import encode
from chalicelib.shared.files import Arrived, Link
from chalicelib.shared.observe import logger
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.state_machine import Change, State

UPLOAD_WITHIN: Final = timedelta(hours=1)


class Owner(State, Protocol):
    """An aggregate that keeps documents."""

    @property
    def documents(self) -> tuple[Document, ...]: ...


S = TypeVar("S", bound=Owner)
C = TypeVar("C")
Arrival = Callable[[S, C, str, Seen, datetime], Change[S] | None]
"""What becomes of an owner when a file of one of its documents has come. None where nobody awaits it."""


class Uploads(Generic[S, C]):
    """The files of an aggregate's documents, under a prefix of the bucket."""

    def __init__(self, prefix: str, aggregate: Aggregate[S, C, Any], arrival: Arrival[S, C]) -> None:
        self.prefix = prefix
        self._aggregate = aggregate
        self._arrival = arrival

    def key_of(self, owner_id: str, document_id: str) -> str:
        return f"{self.prefix}{owner_id}/{document_id}"

    def with_form(
        self, response: StoredResponse, owner_id: str, body: FileRequest, request: RequestContext
    ) -> StoredResponse:
        """The answer with a form to upload exactly that file, signed anew each time, while it is awaited. No entry keeps it."""
        document_id = announced_id(request)
        if response.replayed and not self._has(owner_id, document_id, "awaited"):
            return response
        form = files.upload_form(
            self.key_of(owner_id, document_id),
            body.media_type,
            least_bytes=body.size,
            most_bytes=body.size,
            sha256=body.sha256,
            lasts=UPLOAD_WITHIN,
        )
        announced = msgspec.json.decode(response.body)
        return msgspec.structs.replace(response, body=encode(announced | {"upload": form}))

    def link(self, owner_id: str, document: Document, name: str) -> Link:
        """An address to fetch a document that is kept from."""
        key = self.key_of(owner_id, document.id)
        return files.link(key, name, version=document.object_version, sha256=document.sha256)

    @retry_on_conflict
    def file_arrived(self, arrived: Arrived) -> None:
        """The bucket tells of a file, perhaps twice and perhaps late. One that is not kept goes at once, such as an erased person's."""
        owner_id, _, document_id = arrived.key.removeprefix(self.prefix).partition("/")
        request = RequestContext(caller=CLOCK, now=clock.now(), request_id=document_id)

        def decide(was: S, context: C) -> Change[S] | None:
            if not _is(was, document_id, "awaited"):
                return None
            return self._arrival(was, context, document_id, files.seen(arrived), request.now)

        self._aggregate.apply(owner_id, request, decide)
        if not self._has(owner_id, document_id, "kept"):
            logger.warning("a file that nobody keeps", extra={"key": arrived.key[:200]})
            files.destroy(arrived.key)

    def destroy(self, owner_id: str, document_ids: Iterable[str]) -> None:
        """Remove the files of documents that are kept no longer. Once or many times."""
        for document_id in document_ids:
            files.destroy(self.key_of(owner_id, document_id))

    def _has(self, owner_id: str, document_id: str, status: DocumentStatus) -> bool:
        owner = self._aggregate.repository.load(owner_id)
        return owner is not None and _is(owner, document_id, status)


def announced_id(request: RequestContext) -> str:
    """The id of a document that a request announces, however often it is sent."""
    return ids.derived_id("doc", request.entry_id)


def _is(owner: Owner, document_id: str, status: DocumentStatus) -> bool:
    return any(each.id == document_id and each.status == status for each in owner.documents)
