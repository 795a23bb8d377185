"""The programme: who is in it, on what standing, and the points that count against a supplier. Pure.

A supplier's status follows from what happened to it, never from a flag of its own:

    disqualified   48 points were reached; it may apply again after 180 days
    not_enrolled   it never joined, or left
    suspended      an officer took it out until it is reinstated
    active         in the programme and qualified: it has a limit
    applied        in the programme and not qualified at present; evaluated again each month

    enrolment      not_enrolled, disqualified     withdrawal      applied, active
    penalties      any status once it has joined  suspension      applied, active
    reinstatement  suspended                      recomputation   applied, active
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from chalicelib.shared.periods import business_date, months_before, start_of, wire
from chalicelib.shared.refusal import Conflict, Malformed, NotFound, Unfit
from chalicelib.suppliers.rules.coverage import ACTIVE, APPLIED, DISQUALIFIED, NOT_ENROLLED, STATUSES, SUSPENDED
from chalicelib.suppliers.rules.qualification import Inputs, PointTerms, Qualification

ENROL: Final = "enrolment"
WITHDRAW: Final = "withdrawal"
PENALIZE: Final = "penalties"
SUSPEND: Final = "suspension"
REINSTATE: Final = "reinstatement"
RECOMPUTE: Final = "recomputation"

EVALUATED_ON: Final = 10
EVALUATED_AT: Final = timedelta(minutes=30)
"""Every supplier in the programme is evaluated on the 10th of each month, at 00:30 in Shanghai."""

MOVES: Final[dict[str, frozenset[str]]] = {
    ENROL: frozenset({NOT_ENROLLED, DISQUALIFIED}),
    WITHDRAW: frozenset({APPLIED, ACTIVE}),
    PENALIZE: frozenset(STATUSES),
    SUSPEND: frozenset({APPLIED, ACTIVE}),
    REINSTATE: frozenset({SUSPENDED}),
    RECOMPUTE: frozenset({APPLIED, ACTIVE}),
}


class NotInThisStatus(Conflict):
    code = "not_in_this_status"
    title = "The supplier's status does not allow that."
    fix = "Read the supplier and choose one of its allowed actions."


class TooSoonToReapply(Conflict):
    code = "too_soon_to_reapply"
    title = "A disqualified supplier may apply again only after a while."
    fix = "Enrol again from `due_at` on."


class NeverJoined(Conflict):
    code = "never_joined"
    title = "The member has never been in the programme."
    fix = "Enrol the supplier first."


class UnknownPenalty(Unfit):
    code = "unknown_penalty_reason"
    title = "The policy gives no points for that reason."
    fix = "Use one of `known`, or state the points."


class PenaltyGone(Conflict):
    code = "penalty_lifted"
    title = "That penalty was lifted already."
    fix = "Read the supplier: lifted penalties no longer count."


class Penalty(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Points given for a reason. They count from `given_at` until, and not at, `expires_at`, unless they were lifted."""

    id: str
    reason: str
    points: int
    given_at: datetime
    expires_at: datetime
    note: str = ""
    lifted_at: datetime | None = None
    lifted_for: str = ""

    def counts(self, at: datetime) -> bool:
        return self.lifted_at is None and self.given_at <= at < self.expires_at


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a standing was decided on: with these inputs and the pinned policy its working can be shown again at any time."""

    as_of: date
    at: datetime
    policy: str
    inputs: Inputs


class Supplier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What only a change of standing alters; what orders alter is in `Standing`. Amounts are US cents.

    `held_minor` is the limit it last had in the programme: it outlives a suspension, and is what points freeze.
    """

    id: str
    version: int
    status: str
    created_at: datetime
    updated_at: datetime
    head: str = ""
    limit_minor: int = 0
    held_minor: int = 0
    penalties: tuple[Penalty, ...] = ()
    enrolled_at: datetime | None = None
    qualified_at: datetime | None = None
    suspended_for: str | None = None
    disqualified_at: datetime | None = None
    decision: Decision | None = None

    def points(self, at: datetime) -> int:
        return sum(penalty.points for penalty in self.penalties if penalty.counts(at))


def outsider(member_id: str, registered_at: datetime) -> Supplier:
    """A member that has never been in the programme: version 0, nothing stored."""
    return Supplier(id=member_id, version=0, status=NOT_ENROLLED, created_at=registered_at, updated_at=registered_at)


def enrolled(was: Supplier, terms: PointTerms, now: datetime) -> Supplier:
    """In the programme from now on. A disqualified supplier waits first; what it was suspended for before is over then."""
    _must_allow(was, ENROL)
    opens = reapply_from(was, terms)
    if opens is not None and now < opens:
        raise TooSoonToReapply(f"{was.id} may apply again from {wire(opens)}.", due_at=wire(opens))
    return replace(was, enrolled_at=now, disqualified_at=None, suspended_for=None)


def withdrawn(was: Supplier) -> Supplier:
    """Out of the programme. Cover that orders hold stands until they end; points stay."""
    _must_allow(was, WITHDRAW)
    return replace(was, enrolled_at=None)


def suspended(was: Supplier, reason: str) -> Supplier:
    _must_allow(was, SUSPEND)
    return replace(was, suspended_for=reason)


def reinstated(was: Supplier) -> Supplier:
    _must_allow(was, REINSTATE)
    return replace(was, suspended_for=None)


def penalized(was: Supplier, penalty: Penalty, terms: PointTerms, now: datetime) -> Supplier:
    """With the penalty added; disqualified where its points reach the last step, whatever the status was."""
    _must_have_joined(was)
    given = replace(was, penalties=(*was.penalties, penalty))
    if given.points(now) >= terms.disqualify_from and was.disqualified_at is None:
        return replace(given, disqualified_at=now)
    return given


def lifted(was: Supplier, penalty_id: str, reason: str, terms: PointTerms, now: datetime) -> Supplier:
    """Without the points of a penalty that was appealed with success, and without the disqualification they made."""
    found = next((penalty for penalty in was.penalties if penalty.id == penalty_id), None)
    if found is None:
        raise NotFound(f"There is no penalty {penalty_id!r:.60}.")
    if found.lifted_at is not None:
        raise PenaltyGone(f"{penalty_id} was lifted at {wire(found.lifted_at)}.")
    gone = replace(found, lifted_at=now, lifted_for=reason)
    left = replace(was, penalties=tuple(gone if each is found else each for each in was.penalties))
    return replace(left, disqualified_at=None) if left.points(now) < terms.disqualify_from else left


def penalty(penalty_id: str, reason: str, points: int | None, note: str, terms: PointTerms, now: datetime) -> Penalty:
    """A penalty worth what the policy gives for the reason, or `points` where an officer says so."""
    worth = terms.by_reason.get(reason) if points is None else points
    if worth is None:
        raise UnknownPenalty(f"{reason!r:.60} has no points.", param="reason", known=sorted(terms.by_reason))
    expires = now + timedelta(days=terms.expire_days)
    return Penalty(id=penalty_id, reason=reason, points=worth, given_at=now, expires_at=expires, note=note)


def settled(was: Supplier, moved: Supplier, made: Qualification, decision: Decision, now: datetime) -> Supplier:
    """The supplier's next version: the status that follows from what happened, and the limit that follows from the status."""
    status = _status(moved, made.qualified)
    in_force = status in (ACTIVE, APPLIED)
    return replace(
        moved,
        version=was.version + 1,
        status=status,
        created_at=was.created_at if was.version else now,
        updated_at=now,
        limit_minor=made.limit_minor if status == ACTIVE else 0,
        held_minor=made.limit_minor if in_force else was.held_minor,
        qualified_at=moved.qualified_at or (now if status == ACTIVE else None),
        decision=decision,
    )


def recomputes(was: Supplier, as_of: date) -> bool:
    """Whether a run for a date decides on this supplier. One that came late does not set back a newer decision in force."""
    newer = was.decision is not None and was.decision.as_of > as_of
    return was.status in MOVES[RECOMPUTE] and not (newer and was.status == ACTIVE)


def allows(supplier: Supplier, terms: PointTerms, now: datetime) -> list[str]:
    """The moves that are open now, whoever may make them."""
    opens = reapply_from(supplier, terms)
    waits = opens is not None and now < opens
    return [
        move
        for move, statuses in MOVES.items()
        if supplier.status in statuses
        and not (move == ENROL and waits)
        and not (move == PENALIZE and not supplier.version)
        and move != RECOMPUTE
    ]


def reapply_from(supplier: Supplier, terms: PointTerms) -> datetime | None:
    """When a disqualified supplier may apply again."""
    if supplier.disqualified_at is None:
        return None
    return supplier.disqualified_at + timedelta(days=terms.reapply_days)


def next_evaluation(now: datetime) -> datetime:
    """The next monthly evaluation after now."""
    today = business_date(now)
    this_month = start_of(today.replace(day=EVALUATED_ON)) + EVALUATED_AT
    if now < this_month:
        return this_month
    following = months_before(today.replace(day=1), -1)
    return start_of(following.replace(day=EVALUATED_ON)) + EVALUATED_AT


def counting(penalties: Iterable[Penalty], at: datetime) -> list[Penalty]:
    """Those that count, the first to expire first."""
    return sorted((each for each in penalties if each.counts(at)), key=lambda each: (each.expires_at, each.id))


def clean_text(text: str, *, param: str) -> str:
    """A reason or note: NFC, blanks folded, no control characters; people will read it."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    if not folded.isprintable():
        raise Malformed("The text has characters that cannot be shown.", param=param)
    return folded


def _status(supplier: Supplier, qualified: bool) -> str:
    if supplier.disqualified_at is not None:
        return DISQUALIFIED
    if supplier.enrolled_at is None:
        return NOT_ENROLLED
    if supplier.suspended_for is not None:
        return SUSPENDED
    return ACTIVE if qualified else APPLIED


def _must_allow(was: Supplier, move: str) -> None:
    if was.status not in MOVES[move]:
        raise NotInThisStatus(
            f"A supplier that is {was.status} takes no {move}.",
            supplier_status=was.status,
            allowed_in=sorted(MOVES[move]),
        )


def _must_have_joined(was: Supplier) -> None:
    if not was.version:
        raise NeverJoined(f"{was.id} has never been in the programme.")
