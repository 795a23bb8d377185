"""Which proof a claim asks of each party, what of it is there, and what fits into one round. Pure.

Limits hold for each party in each round: so many bytes a file, so many files, so many bytes in all (source: protection.md 3).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import PARTIES, PartyName, Reason
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.texts import say

Level = Literal["required", "recommended"]


class UnknownEvidence(RuleViolation):
    code = "unknown_evidence"
    title = "That is no kind of evidence."
    fix = "Use a code of the claim's checklist."


class MediaTypeNotTaken(RuleViolation):
    code = "media_type_not_taken"
    title = "Files of that type are not taken here."
    fix = "Send one of the types in `media_types`."


class FileEmpty(RuleViolation):
    code = "file_empty"
    title = "The file is empty."
    fix = "Send a file with at least one byte."


class FileTooLarge(RuleViolation):
    code = "file_too_large"
    title = "The file is too large."
    fix = "Send a file of at most `maximum` bytes."


class TooManyOfThatKind(RuleViolation):
    code = "too_many_of_that_kind"
    title = "No more files of that kind fit."
    fix = "Withdraw one that is staged, or use another code that describes the file."


class TooManyFiles(RuleViolation):
    code = "too_many_files"
    title = "No more files fit into this round."
    fix = "Withdraw one that is staged."


class TooMuchInAll(RuleViolation):
    code = "too_much_in_all"
    title = "The files of this round would be too large together."
    fix = "Send a file of at most `maximum` bytes, or withdraw one that is staged."


class Requirement(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of proof that one party is asked for."""

    code: str
    party: PartyName
    media_types: tuple[str, ...]
    most_bytes: int
    most_count: int
    level: Level


class Item(Requirement, frozen=True, kw_only=True):
    """A requirement, and whether something was submitted for it."""

    satisfied: bool


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it was announced: `size` in bytes."""

    code: str
    media_type: str
    size: int


def required(reason: Reason, party: PartyName, amount_usd_minor: int, policy: ClaimPolicy) -> tuple[Requirement, ...]:
    """What a party is asked for, what it must prove first. From the threshold on, a large claim needs more."""
    needed = policy.evidence[reason][party]
    large = amount_usd_minor >= policy.report_needed_from_usd_minor
    must = needed.required + (needed.large if large else ())
    may = (() if large else needed.large) + needed.recommended
    return tuple(_requirement(code, party, "required", policy) for code in must) + tuple(
        _requirement(code, party, "recommended", policy) for code in may
    )


def checklist(
    reason: Reason, submitted: Iterable[tuple[PartyName, str]], amount_usd_minor: int, policy: ClaimPolicy
) -> list[Item]:
    """All that is asked for, the buyer's part first, and what of it was submitted as (party, code)."""
    there = set(submitted)
    return [
        Item(**msgspec.structs.asdict(requirement), satisfied=(party, requirement.code) in there)
        for party in PARTIES
        for requirement in required(reason, party, amount_usd_minor, policy)
    ]


def must_fit(file: File, there: Sequence[File], policy: ClaimPolicy) -> File:
    """The file, or the limit it breaks beside what the party has already handed in this round."""
    _must_be_taken(file, policy)
    _must_be_of_size(file, policy)
    limits, kind = policy.evidence_limits, policy.evidence_kinds[file.code]
    if len(there) >= limits.most_files:
        raise TooManyFiles(
            say("A round takes {most_files} files of one party.", most_files=limits.most_files),
            maximum=limits.most_files,
        )
    if sum(other.code == file.code for other in there) >= kind.most_count:
        raise TooManyOfThatKind(
            say("Of {code}, {most_count} files are taken.", code=file.code, most_count=kind.most_count),
            param="code",
            maximum=kind.most_count,
        )
    left = limits.most_bytes - sum(other.size for other in there)
    if file.size > left:
        raise TooMuchInAll(say("{left} bytes are left in this round.", left=left), param="size", maximum=max(0, left))
    return file


def _must_be_taken(file: File, policy: ClaimPolicy) -> None:
    kind = policy.evidence_kinds.get(file.code)
    if kind is None:
        raise UnknownEvidence(
            say("{code!r:.60} is no kind of evidence.", code=file.code),
            param="code",
            codes=sorted(policy.evidence_kinds),
        )
    if file.media_type not in kind.media_types:
        raise MediaTypeNotTaken(
            say("{code} is not taken as {media_type!r:.60}.", code=file.code, media_type=file.media_type),
            param="media_type",
            media_types=list(kind.media_types),
        )


def _must_be_of_size(file: File, policy: ClaimPolicy) -> None:
    most = policy.evidence_limits.most_file_bytes
    if file.size <= 0:
        raise FileEmpty("A file has at least one byte.", param="size", minimum=1)
    if file.size > most:
        raise FileTooLarge(say("A file has at most {most} bytes.", most=most), param="size", maximum=most)


def _requirement(code: str, party: PartyName, level: Level, policy: ClaimPolicy) -> Requirement:
    kind = policy.evidence_kinds[code]
    return Requirement(
        code=code,
        party=party,
        media_types=kind.media_types,
        most_bytes=policy.evidence_limits.most_file_bytes,
        most_count=kind.most_count,
        level=level,
    )
