"""Files of evidence. Their bytes go from the client to the bucket and from the bucket to the client, never through here."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from chalicelib.claims import records
from chalicelib.claims.rules import deadlines, files
from chalicelib.claims.rules.claim import File
from chalicelib.claims.rules.files import FileAltered
from chalicelib.claims.service.settling import carry_out, find, party, settled, shown
from chalicelib.claims.views.asked import EvidenceAsked
from chalicelib.claims.views.claim import EvidenceAnnounced
from chalicelib.orders.rules.order import Side
from chalicelib.shared import clock, ids, journal
from chalicelib.shared import files as bucket
from chalicelib.shared.commit import Answer, commit, persistently
from chalicelib.shared.files import Arrived, FileReplaced, Link, UploadForm
from chalicelib.shared.http import encode
from chalicelib.shared.observe import count, logger
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import CLOCK, Request

UPLOADS: Final = "uploads/evidence/"
UPLOAD_WITHIN: Final = timedelta(hours=1)


def announce(claim_id: str, asked: EvidenceAsked, request: Request) -> Answer:
    """Announce a file. The form to upload it with is no part of what the entry keeps: see `with_form`."""
    dossier, side = party(claim_id, request)
    file = File(
        id=ids.named("evd", request.entry_id),
        by=side,
        code=asked.code,
        name=asked.name,
        media_type=asked.media_type,
        size=asked.size,
        sha256=asked.sha256,
        visibility=asked.visibility,
        at=request.now,
    )
    step = files.stage(dossier.claim, file, dossier.policy, request.now)
    after = dossier.after(step.claim)
    told = EvidenceAnnounced(claim=shown(after, side, request.now), evidence_id=file.id)
    made = journal.entry(
        request,
        step.event,
        of=claim_id,
        seq=step.claim.version,
        prev=dossier.claim.head,
        answer=encode(told),
        status=201,
    )
    return commit(made, records.put(step.claim, made, deadlines.next_due(step.claim, dossier.policy)))


def with_form(answer: Answer, claim_id: str, asked: EvidenceAsked, request: Request) -> Answer:
    """The answer with a form to upload exactly that file: its key, type, size and SHA-256. Signed anew each time, while it is awaited."""
    file_id = msgspec.json.decode(answer.body, type=_Announced).evidence_id
    if answer.replayed and not _is_awaited(claim_id, file_id):
        return answer
    told = msgspec.json.decode(answer.body)
    return replace(answer, body=encode(told | {"upload": _form(claim_id, file_id, asked)}))


def submit(claim_id: str, file_id: str, request: Request) -> Answer:
    dossier, side = party(claim_id, request)
    return carry_out(files.submit(dossier.claim, side, file_id, dossier.policy, request.now), dossier, request, side)


def remove(claim_id: str, file_id: str, request: Request) -> Answer:
    dossier, side = party(claim_id, request)
    return carry_out(files.remove(dossier.claim, side, file_id, dossier.policy, request.now), dossier, request, side)


def link(claim_id: str, file_id: str, request: Request) -> Link:
    """An address to fetch a file from, for those who may see it."""
    dossier, who = find(claim_id, request)
    file = files.find(dossier.claim, file_id)
    side: Side | None = None if who == "officer" or who is None else who
    if file.arrived_at is None or file.status == "removed" or not files.seen_by(file, side):
        raise NotFound(f"There is no evidence {file_id!r:.60}.")
    key = key_of(file.carried_from or claim_id, file_id)
    if file.status == "refused":
        return bucket.link(key, file.name, version=file.object_version)
    _must_be_intact(key, file)
    return bucket.link(key, file.name, version=file.object_version, sha256=file.sha256)


@persistently
def file_arrived(arrived: Arrived) -> None:
    """The bucket tells of a file, perhaps twice and perhaps late. It is staged if it is what was announced, else refused."""
    claim_id, _, file_id = arrived.key.removeprefix(UPLOADS).partition("/")
    now = clock.now()
    dossier = settled(claim_id, now) if arrived.key == key_of(claim_id, file_id) else None
    if dossier is None or all(file.id != file_id for file in dossier.claim.files):
        logger.warning("a file that belongs to no claim", extra={"key": arrived.key[:200]})
        return
    if files.find(dossier.claim, file_id).status != "awaited":
        return
    seen = bucket.seen(arrived)
    step = files.arrived(
        dossier.claim,
        file_id,
        size=seen.size_bytes,
        sha256=seen.sha256,
        media_type=seen.media_type,
        object_version=seen.object_version,
        now=now,
    )
    if step is not None:
        request = Request(
            caller=CLOCK, now=now, request_id=file_id, key=f"{claim_id}:{step.claim.version}", digest="file"
        )
        carry_out(step, dossier, request, None)


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
        raise FileAltered(f"{file.id} is not in the bucket any more.", sha256=file.sha256) from failure


def key_of(claim_id: str, file_id: str) -> str:
    return f"{UPLOADS}{claim_id}/{file_id}"


class _Announced(msgspec.Struct):
    """What of the kept answer says which file it is of."""

    evidence_id: str


def _is_awaited(claim_id: str, file_id: str) -> bool:
    claim = records.load(claim_id)
    return claim is not None and claim.is_open and files.find(claim, file_id).status == "awaited"


def _form(claim_id: str, file_id: str, asked: EvidenceAsked) -> UploadForm:
    return bucket.upload_form(
        key_of(claim_id, file_id),
        asked.media_type,
        least_bytes=asked.size,
        most_bytes=asked.size,
        sha256=asked.sha256,
        lasts=UPLOAD_WITHIN,
    )
