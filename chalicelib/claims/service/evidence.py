"""Files of evidence. Their bytes go from the client to the bucket and from the bucket to the client, never through here."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec
from msgspec.structs import asdict, replace

from chalicelib.claims.aggregate import CLAIMS
from chalicelib.claims.records import REPOSITORY
from chalicelib.claims.rules import files
from chalicelib.claims.rules.claim import Claim, File
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.files import FileAltered
from chalicelib.claims.rules.transitions import Actor, ClaimChange
from chalicelib.claims.service.commands import by_party, side_of
from chalicelib.claims.views.claim import EvidenceAnnounced, claim_view
from chalicelib.claims.views.requests import EvidenceRequest
from chalicelib.orders.rules.order import Side
from chalicelib.shared import clock, ids, readings
from chalicelib.shared import files as bucket
from chalicelib.shared.commit import StoredResponse, retry_on_conflict
from chalicelib.shared.encoding import encode
from chalicelib.shared.errors import NotFound
from chalicelib.shared.files import Arrived, FileReplaced, Link, UploadForm
from chalicelib.shared.observe import count, logger
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.texts import say

UPLOADS: Final = "uploads/evidence/"
UPLOAD_WITHIN: Final = timedelta(hours=1)


def announce(claim_id: str, body: EvidenceRequest, request: RequestContext) -> StoredResponse:
    """Announce a file. The form to upload it with is no part of what the entry keeps: see `with_form`."""
    file_id = ids.derived_id("evd", request.entry_id)

    def decide(was: Claim, context: Context, actor: Actor) -> ClaimChange:
        side = side_of(actor)
        file = File(id=file_id, by=side, at=request.now, **asdict(body))
        return files.stage(was, context, side, request.now, file)

    def respond(claim: Claim, context: Context, actor: Actor) -> EvidenceAnnounced:
        return EvidenceAnnounced(claim=claim_view(claim, context, actor, request.now), evidence_id=file_id)

    return CLAIMS.execute(claim_id, request, "add-evidence", decide, status=201, respond=respond)


def with_form(
    response: StoredResponse, claim_id: str, body: EvidenceRequest, request: RequestContext
) -> StoredResponse:
    """The answer with a form to upload exactly that file: its key, type, size and SHA-256. Signed anew each time, while it is awaited."""
    file_id = msgspec.json.decode(response.body, type=_Announced).evidence_id
    if response.replayed and not _is_awaited(claim_id, file_id):
        return response
    view = msgspec.json.decode(response.body)
    return replace(response, body=encode(view | {"upload": _form(claim_id, file_id, body)}))


def submit(claim_id: str, file_id: str, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "add-evidence", files.submit, file_id)


def remove(claim_id: str, file_id: str, request: RequestContext) -> StoredResponse:
    return by_party(claim_id, request, "add-evidence", files.remove, file_id)


def link(claim_id: str, file_id: str, request: RequestContext) -> Link:
    """An address to fetch a file from, for those who may see it. Each that an officer is handed is an entry."""
    loaded, actor = CLAIMS.read(claim_id, request)
    file = files.find(loaded.state, file_id)
    side: Side | None = None if actor == "officer" else actor
    if file.arrived_at is None or file.status == "removed" or not files.seen_by(file, side):
        raise NotFound(say("There is no evidence {file_id!r:.60}.", file_id=file_id))
    if actor == "officer":
        readings.note_opened(claim_id, file_id, request)
    key = key_of(file.carried_from or claim_id, file_id)
    if file.status == "refused":
        return bucket.link(key, file.name, version=file.object_version)
    _must_be_intact(key, file)
    return bucket.link(key, file.name, version=file.object_version, sha256=file.sha256)


@retry_on_conflict
def file_arrived(arrived: Arrived) -> None:
    """The bucket tells of a file, perhaps twice and perhaps late. It is staged if it is what was announced, else refused."""
    claim_id, _, file_id = arrived.key.removeprefix(UPLOADS).partition("/")
    request = RequestContext(caller=CLOCK, now=clock.now(), request_id=file_id)

    def decide(was: Claim, context: Context) -> ClaimChange | None:
        if not files.is_awaited(was, file_id):
            return None
        seen = bucket.seen(arrived)
        return files.arrived(
            was,
            file_id,
            size=seen.size_bytes,
            sha256=seen.sha256,
            media_type=seen.media_type,
            object_version=seen.object_version,
            now=request.now,
        )

    if arrived.key != key_of(claim_id, file_id) or not CLAIMS.apply(claim_id, request, decide):
        logger.warning("a file that no claim awaits", extra={"key": arrived.key[:200]})


def _must_be_intact(key: str, file: File) -> None:
    """Asked before every link: the version that arrived is there, and has the SHA-256 it had."""
    try:
        seen = bucket.seen(Arrived(key, file.size, "", file.object_version))
        files.must_be_intact(file, seen.size_bytes, seen.sha256)
    except (FileReplaced, FileAltered) as failure:
        logger.error("evidence altered", extra={"key": key})
        count("EvidenceAltered")
        if isinstance(failure, FileAltered):
            raise
        raise FileAltered(say("{id} is not in the bucket any more.", id=file.id), sha256=file.sha256) from failure


def key_of(claim_id: str, file_id: str) -> str:
    return f"{UPLOADS}{claim_id}/{file_id}"


class _Announced(msgspec.Struct):
    """What of the kept answer says which file it is of."""

    evidence_id: str


def _is_awaited(claim_id: str, file_id: str) -> bool:
    claim = REPOSITORY.load(claim_id)
    return claim is not None and files.is_awaited(claim, file_id)


def _form(claim_id: str, file_id: str, body: EvidenceRequest) -> UploadForm:
    return bucket.upload_form(
        key_of(claim_id, file_id),
        body.media_type,
        least_bytes=body.size,
        most_bytes=body.size,
        sha256=body.sha256,
        lasts=UPLOAD_WITHIN,
    )
