"""Files of evidence. Their bytes go from the client to the bucket and from the bucket to the client, never through here."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.claims import records, rules
from chalicelib.claims.rules import Dossier, files
from chalicelib.claims.rules.claim import File
from chalicelib.claims.service.settling import carry_out, find, for_change, settled, shown
from chalicelib.claims.views.asked import EvidenceAsked
from chalicelib.claims.views.claim import EvidenceAnnounced
from chalicelib.orders.rules import Side
from chalicelib.shared import clock, ids, journal
from chalicelib.shared import files as bucket
from chalicelib.shared.commit import Answer, commit, persistently
from chalicelib.shared.files import Arrived, Link, UploadForm
from chalicelib.shared.http import encode
from chalicelib.shared.observe import logger, traced
from chalicelib.shared.refusal import NotAllowed, NotFound
from chalicelib.shared.request import CLOCK, Request

UPLOADS: Final = "uploads/evidence/"
UPLOAD_WITHIN: Final = timedelta(hours=1)


@traced
def announce(claim_id: str, asked: EvidenceAsked, request: Request) -> Answer:
    """Announce a file and get the form to upload exactly that: its key, type, size and SHA-256."""
    dossier, side = _party(claim_id, request)
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
    told = EvidenceAnnounced(claim=shown(after, side, request.now), evidence_id=file.id, upload=_form(claim_id, file))
    made = journal.entry(
        request,
        step.event,
        of=claim_id,
        seq=step.claim.version,
        prev=dossier.claim.head,
        answer=encode(told),
        status=201,
    )
    return commit(made, records.put(step.claim, made, rules.next_due(step.claim, dossier.policy)))


@traced
def submit(claim_id: str, file_id: str, request: Request) -> Answer:
    dossier, side = _party(claim_id, request)
    return carry_out(files.submit(dossier.claim, side, file_id, dossier.policy, request.now), dossier, request, side)


@traced
def remove(claim_id: str, file_id: str, request: Request) -> Answer:
    dossier, side = _party(claim_id, request)
    return carry_out(files.remove(dossier.claim, side, file_id, dossier.policy, request.now), dossier, request, side)


def link(claim_id: str, file_id: str, request: Request) -> Link:
    """An address to fetch a file from, for those who may see it."""
    dossier, who = find(claim_id, request)
    file = files.find(dossier.claim, file_id)
    side: Side | None = None if who == "officer" or who is None else who
    if file.arrived_at is None or file.status == "removed" or not files.seen_by(file, side):
        raise NotFound(f"There is no evidence {file_id!r:.60}.")
    return bucket.link(key_of(file.carried_from or claim_id, file_id), file.name)


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
        dossier.claim, file_id, size=seen.size_bytes, sha256=seen.sha256, media_type=seen.media_type, now=now
    )
    if step is not None:
        request = Request(
            caller=CLOCK, now=now, request_id=file_id, key=f"{claim_id}:{step.claim.version}", digest="file"
        )
        carry_out(step, dossier, request, None)


def key_of(claim_id: str, file_id: str) -> str:
    return f"{UPLOADS}{claim_id}/{file_id}"


def _form(claim_id: str, file: File) -> UploadForm:
    return bucket.upload_form(
        key_of(claim_id, file.id),
        file.media_type,
        least_bytes=file.size,
        most_bytes=file.size,
        sha256=file.sha256,
        lasts=UPLOAD_WITHIN,
    )


def _party(claim_id: str, request: Request) -> tuple[Dossier, Side]:
    dossier, who = for_change(claim_id, request)
    if who == "officer" or who is None:
        raise NotAllowed("Only buyer and supplier hand in evidence.", fix="Choose one of allowed_actions.")
    return dossier, who
