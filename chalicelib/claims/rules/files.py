"""Files of evidence: announced, uploaded, checked on arrival, submitted. Pure.

awaited     announced, with size and SHA-256; the bucket takes exactly that
staged      arrived, and is what was announced; nobody else sees it yet
submitted   handed in: by its party, or by the clock when the evidence is due
refused     what arrived is not what was announced
removed     taken back before it was handed in
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.claims.rules import evidence
from chalicelib.claims.rules.changing import change
from chalicelib.claims.rules.claim import MOST_FILES, Claim, File, TooManyAnnounced
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.orders.rules.order import Side
from chalicelib.shared import bounds
from chalicelib.shared.errors import Conflict, NotFound, RuleViolation
from chalicelib.shared.texts import say, term

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


class OtherFile(RuleViolation):
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
        raise FileAltered(
            say("{id} has another size or SHA-256 than when it was handed in.", id=file.id), sha256=file.sha256
        )


def stage(was: Claim, context: Context, side: Side, now: datetime, file: File) -> ClaimChange:
    """Announce a file. FileKnown where the same bytes are there already; the limits of the round hold for all of a party's files."""
    mine = [other for other in was.files if other.by == side and other.status not in ("removed", "refused")]
    if known := next((other for other in mine if other.sha256 == file.sha256), None):
        raise FileKnown(say("{id} has the same SHA-256.", id=known.id), evidence_id=known.id)
    there = [_size(other) for other in mine if other.round == was.round]
    evidence.must_fit(_size(file), there, context.policy)
    bounds.must_have_room([other for other in was.files if other.by == side], MOST_FILES, TooManyAnnounced)
    file = replace(file, round=was.round)
    return _changed(was, "add-evidence", "evidence_announced", file, now, files=(*was.files, file))


def arrived(
    was: Claim, file_id: str, *, size: int, sha256: str, media_type: str, object_version: str, now: datetime
) -> ClaimChange | None:
    """The bucket has a file: this version of it counts from now on. None where nobody awaits it: it came twice, or too late. Another file than was announced is refused."""
    if not is_awaited(was, file_id):
        return None
    file = replace(find(was, file_id), arrived_at=now, object_version=object_version)
    if (size, sha256, media_type) == (file.size, file.sha256, file.media_type):
        return _changed(was, "file_arrived", "evidence_arrived", replace(file, status="staged"), now)
    why = f"{OtherFile.code}: {size} bytes of {media_type} arrived"
    return _changed(was, "file_arrived", "evidence_refused", replace(file, status="refused", why=why), now, why=why)


def submit(was: Claim, context: Context, side: Side, now: datetime, file_id: str) -> ClaimChange:
    """Hand a file in: from now on it counts, and the other side sees it unless it is for the platform only."""
    file = own(was, side, file_id)
    if file.status == "awaited":
        raise FileNotThere(say("{file_id} is still awaited.", file_id=file_id), evidence_status=file.status)
    if file.status != "staged":
        raise FileHandedIn(
            say("{file_id} is {status}.", file_id=file_id, status=term("status", file.status)),
            evidence_status=file.status,
        )
    submitted = replace(file, status="submitted", submitted_at=now)
    answered = was.supplier_answered or side == "supplier"
    return _changed(was, "add-evidence", "evidence_submitted", submitted, now, supplier_answered=answered)


def remove(was: Claim, context: Context, side: Side, now: datetime, file_id: str) -> ClaimChange:
    """Take back what was not handed in. What was, or what a decision cites, stays for ever."""
    file = own(was, side, file_id)
    cited = any(file_id in decision.cites for decision in was.decisions)
    if cited or file.status not in ("awaited", "staged", "refused"):
        detail = (
            say("A decision cites {file_id}.", file_id=file_id)
            if cited
            else say("{file_id} is {status}.", file_id=file_id, status=term("status", file.status))
        )
        raise FileHandedIn(detail, evidence_status=file.status)
    return _changed(was, "add-evidence", "evidence_removed", replace(file, status="removed"), now)


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


def is_awaited(claim: Claim, file_id: str) -> bool:
    """Whether a file of that name was announced and has not come. For claims that have ended nothing is awaited."""
    return claim.is_open and any(file.id == file_id and file.status == "awaited" for file in claim.files)


def find(claim: Claim, file_id: str) -> File:
    named = next((file for file in claim.files if file.id == file_id), None)
    if named is None:
        raise NotFound(say("There is no evidence {file_id!r:.60}.", file_id=file_id))
    return named


def own(claim: Claim, side: Side, file_id: str) -> File:
    """A party's own file; another's answers like one that is not there."""
    file = find(claim, file_id)
    if file.by != side:
        raise NotFound(say("There is no evidence {file_id!r:.60}.", file_id=file_id))
    return file


def seen_by(file: File, who: Side | None) -> bool:
    """Officers (None) see everything that arrived; a party its own, and what the other side handed in for both."""
    if who is None:
        return file.status in ("staged", "submitted")
    return file.by == who or (file.status == "submitted" and file.visibility == "both")


def _size(file: File) -> evidence.File:
    return evidence.File(code=file.code, media_type=file.media_type, size=file.size)


def _changed(
    was: Claim,
    name: str,
    event: str,
    file: File,
    at: datetime,
    *,
    files: tuple[File, ...] = (),
    why: str = "",
    **more: Any,
) -> ClaimChange:
    """The claim with a file in its new form. Until it is handed in for both, only its own party and officers are told: see `of`."""
    payload = {"evidence": file.id, "of": file.by, "code": file.code, "visibility": file.visibility}
    return change(
        was,
        name,
        at,
        event=event,
        files=files or tuple(file if file.id == known.id else known for known in was.files),
        payload=payload | ({"why": why} if why else {}),
        **more,
    )
