"""Files of evidence: announced, uploaded, checked on arrival, submitted. Pure.

awaited     announced, with size and SHA-256; the bucket takes exactly that
staged      arrived, and is what was announced; nobody else sees it yet
submitted   handed in: by its party, or by the clock when the evidence is due
refused     what arrived is not what was announced
removed     taken back while it was staged
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.claims.rules import evidence, moves
from chalicelib.claims.rules.claim import MOST_FILES, Claim, File, TooManyAnnounced
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.step import Step, step
from chalicelib.orders.rules.order import Side
from chalicelib.shared import bounds
from chalicelib.shared.refusal import Conflict, NotFound, Unfit

SIDES: Final[tuple[Side, ...]] = ("buyer", "supplier")


class FileKnown(Conflict):
    code = "evidence_known"
    title = "That very file is in the claim already."
    fix = "Use the file that is there: evidence_id names it."


class FileNotThere(Conflict):
    code = "evidence_not_arrived"
    title = "The file has not arrived."
    fix = "Send the file with the upload form, wait a moment, and submit it then."


class FileHandedIn(Conflict):
    code = "evidence_handed_in"
    title = "The file cannot be taken back any more."
    fix = "What was submitted or cited stays; add another file that puts it right."


class OtherFile(Unfit):
    code = "evidence_differs"
    title = "What arrived is not what was announced."
    fix = "Announce the file again with its own size and SHA-256, and upload that."


class FileAltered(Conflict):
    code = "evidence_altered"
    title = "The file in the bucket is not what was handed in."
    fix = "Do not rely on it, and tell us the request_id: its version and SHA-256 are on record."


def must_be_intact(file: File, size: int, sha256: str) -> None:
    """FileAltered where what is kept is not what was announced."""
    if (size, sha256) != (file.size, file.sha256):
        raise FileAltered(f"{file.id} has another size or SHA-256 than when it was handed in.", sha256=file.sha256)


def stage(claim: Claim, file: File, policy: ClaimPolicy, now: datetime) -> Step:
    """Announce a file. FileKnown where the same bytes are there already; the limits of the round hold for all of a party's files."""
    moves.must_be_allowed("add-evidence", claim, file.by, policy, now)
    mine = [other for other in claim.files if other.by == file.by and other.status not in ("removed", "refused")]
    if known := next((other for other in mine if other.sha256 == file.sha256), None):
        raise FileKnown(f"{known.id} has the same SHA-256.", evidence_id=known.id)
    there = [_size(other) for other in mine if other.round == claim.round]
    evidence.must_fit(_size(file), there, policy)
    bounds.must_have_room([other for other in claim.files if other.by == file.by], MOST_FILES, TooManyAnnounced)
    told = replace(file, round=claim.round)
    return step(claim, "evidence_announced", now, files=(*claim.files, told), facts=_facts(told))


def arrived(
    claim: Claim, file_id: str, *, size: int, sha256: str, media_type: str, object_version: str, now: datetime
) -> Step | None:
    """The bucket has a file: this version of it counts from now on. None where nobody awaits it: it came twice, or too late. Another file than was announced is refused."""
    file = find(claim, file_id)
    if file.status != "awaited" or not claim.is_open:
        return None
    same = (size, sha256, media_type) == (file.size, file.sha256, file.media_type)
    if not same:
        why = f"{OtherFile.code}: {size} bytes of {media_type} arrived"
        refused = replace(file, status="refused", arrived_at=now, object_version=object_version, why=why)
        return step(claim, "evidence_refused", now, files=_with(claim, refused), facts=_facts(refused) | {"why": why})
    staged = replace(file, status="staged", arrived_at=now, object_version=object_version)
    return step(claim, "evidence_arrived", now, files=_with(claim, staged), facts=_facts(staged))


def submit(claim: Claim, side: Side, file_id: str, policy: ClaimPolicy, now: datetime) -> Step:
    """Hand a file in: from now on it counts, and the other side sees it unless it is for the platform only."""
    moves.must_be_allowed("add-evidence", claim, side, policy, now)
    file = own(claim, side, file_id)
    if file.status == "awaited":
        raise FileNotThere(f"{file_id} is still awaited.", evidence_status=file.status)
    if file.status != "staged":
        raise FileHandedIn(f"{file_id} is {file.status}.", evidence_status=file.status)
    handed_in = replace(file, status="submitted", submitted_at=now)
    return step(
        claim,
        "evidence_submitted",
        now,
        files=_with(claim, handed_in),
        supplier_answered=claim.supplier_answered or side == "supplier",
        facts=_facts(handed_in),
    )


def remove(claim: Claim, side: Side, file_id: str, policy: ClaimPolicy, now: datetime) -> Step:
    """Take back what was not handed in. What was, or what a decision cites, stays for ever."""
    moves.must_be_allowed("add-evidence", claim, side, policy, now)
    file = own(claim, side, file_id)
    cited = any(file_id in decision.cites for decision in claim.decisions)
    if cited or file.status not in ("awaited", "staged", "refused"):
        told = "cited by a decision" if cited else file.status
        raise FileHandedIn(f"{file_id} is {told}.", evidence_status=file.status)
    return step(claim, "evidence_removed", now, files=_with(claim, replace(file, status="removed")), facts=_facts(file))


def hand_in(claim: Claim, at: datetime) -> tuple[File, ...]:
    """The files with everything submitted that was staged before `at`; what has not arrived by then is too late."""
    return tuple(
        replace(file, status="submitted", submitted_at=at)
        if file.status == "staged"
        else replace(file, status="refused", why="evidence_late: it had not arrived when evidence was due")
        if file.status == "awaited"
        else file
        for file in claim.files
    )


def carried(earlier: Sequence[Claim], policy: ClaimPolicy) -> tuple[File, ...]:
    """What was handed in for claims about the same that ended undecided: it counts again, and takes no place of a new round.

    Each file once, by its sum; of each party the newest, as many as a round takes.
    """
    handed_in = {
        (file.by, file.sha256): replace(file, round=0, carried_from=file.carried_from or claim.id)
        for claim in earlier
        for file in claim.submitted()
    }
    newest = sorted(handed_in.values(), key=lambda file: (file.submitted_at or file.at, file.id))
    most = policy.evidence_limits.most_files
    return tuple(file for side in SIDES for file in [each for each in newest if each.by == side][-most:])


def find(claim: Claim, file_id: str) -> File:
    found = next((file for file in claim.files if file.id == file_id), None)
    if found is None:
        raise NotFound(f"There is no evidence {file_id!r:.60}.")
    return found


def own(claim: Claim, side: Side, file_id: str) -> File:
    """A party's own file; another's answers like one that is not there."""
    file = find(claim, file_id)
    if file.by != side:
        raise NotFound(f"There is no evidence {file_id!r:.60}.")
    return file


def seen_by(file: File, who: Side | None) -> bool:
    """Officers (None) see everything that arrived; a party its own, and what the other side handed in for both."""
    if who is None:
        return file.status in ("staged", "submitted")
    return file.by == who or (file.status == "submitted" and file.visibility == "both")


def _size(file: File) -> evidence.File:
    return evidence.File(code=file.code, media_type=file.media_type, size=file.size)


def _with(claim: Claim, changed: File) -> tuple[File, ...]:
    return tuple(changed if file.id == changed.id else file for file in claim.files)


def _facts(file: File) -> dict[str, object]:
    """What a timeline tells. Until it is handed in for both, only its own party and officers are told: see `of`."""
    return {"evidence": file.id, "of": file.by, "code": file.code, "visibility": file.visibility}
