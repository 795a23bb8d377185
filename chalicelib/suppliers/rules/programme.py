"""The programme: who is in it, and on what standing. Pure.

A supplier's status follows from what happened to it, never from a flag of its own:

    disqualified   48 points were reached; it may apply again after 180 days
    not_enrolled   it never joined, or left
    suspended      an officer took it out until it is reinstated, or what it owes is overdue
    active         in the programme and qualified: it has a limit
    applied        in the programme and not qualified at present; evaluated again each month

    enrolment      not_enrolled, disqualified     withdrawal      applied, active
    penalties      any status once it has joined  suspension      applied, active
    reinstatement  suspended                      recomputation   applied, active
    evaluation     applied, once a business date
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Final

import msgspec
from msgspec.structs import replace

from chalicelib.shared.bounds import most
from chalicelib.shared.errors import Conflict
from chalicelib.shared.periods import business_date, start_of, wire
from chalicelib.shared.texts import say, term
from chalicelib.suppliers.rules import penalties
from chalicelib.suppliers.rules.balance import BankAccount
from chalicelib.suppliers.rules.coverage import ACTIVE, APPLIED, DISQUALIFIED, NOT_ENROLLED, STATUSES, SUSPENDED
from chalicelib.suppliers.rules.penalties import Penalties, Penalty
from chalicelib.suppliers.rules.qualification import Inputs, PointTerms, Qualification

ENROL: Final = "enrolment"
WITHDRAW: Final = "withdrawal"
PENALIZE: Final = "penalties"
SUSPEND: Final = "suspension"
REINSTATE: Final = "reinstatement"
RECOMPUTE: Final = "recomputation"
EVALUATE: Final = "evaluation"

TRANSITIONS: Final[dict[str, frozenset[str]]] = {
    ENROL: frozenset({NOT_ENROLLED, DISQUALIFIED}),
    WITHDRAW: frozenset({APPLIED, ACTIVE}),
    PENALIZE: frozenset(STATUSES),
    SUSPEND: frozenset({APPLIED, ACTIVE}),
    REINSTATE: frozenset({SUSPENDED}),
    RECOMPUTE: frozenset({APPLIED, ACTIVE}),
    EVALUATE: frozenset({APPLIED}),
}


class NotInThisStatus(Conflict):
    code = "not_in_this_status"
    title = "The supplier's status does not allow that."
    fix = "Read the supplier and choose one of its allowed actions."


class EvaluatedToday(Conflict):
    code = "evaluated_today"
    title = "The supplier was evaluated on demand today."
    fix = "Ask again from `due_at` on; the monthly evaluation comes by itself."


class TooSoonToReapply(Conflict):
    code = "too_soon_to_reapply"
    title = "A disqualified supplier may apply again only after a while."
    fix = "Enrol again from `due_at` on."


class NeverJoined(Conflict):
    code = "never_joined"
    title = "The member has never been in the programme."
    fix = "Enrol the supplier first."


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a standing was decided on: with these inputs and the pinned policy its working can be shown again at any time."""

    as_of: date
    at: datetime
    policy: str
    inputs: Inputs


class Supplier(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What only a change of standing alters; what orders alter is in `CoverPosition`. Amounts are US cents.

    `held_minor` is the limit it last had in the programme: it outlives a suspension, and is what points freeze. `overdue` says, by
    recovery, what it has not paid back in time: it is suspended until it has.
    """

    id: str
    version: int
    status: str
    created_at: datetime
    updated_at: datetime
    entry_hash: str = ""
    limit_minor: int = 0
    held_minor: int = 0
    penalties: Annotated[Penalties, most(penalties.MOST_PENALTIES)] = ()
    enrolled_at: datetime | None = None
    qualified_at: datetime | None = None
    suspended_for: str | None = None
    overdue: Annotated[
        dict[str, str], most(200, why="each is of a claim under its cover, and suspended it takes no more")
    ] = {}
    disqualified_at: datetime | None = None
    decision: Decision | None = None
    evaluated_on: date | None = None
    """The business date of its last evaluation on demand."""
    accounts: Annotated[tuple[BankAccount, ...], most(40, why="one for each currency that can be paid in")] = ()

    def points(self, at: datetime) -> int:
        return sum(penalty.points for penalty in self.penalties if penalty.counts(at))

    @property
    def is_suspended(self) -> bool:
        return self.suspended_for is not None or bool(self.overdue)

    @property
    def has_joined(self) -> bool:
        """Whether it was ever in the programme; a member that only has a bank account was not."""
        return self.decision is not None or self.status != NOT_ENROLLED

    def account(self, currency: str) -> BankAccount | None:
        return next((bank_account for bank_account in self.accounts if bank_account.currency == currency), None)


def non_member(member_id: str, registered_at: datetime) -> Supplier:
    """A member that has never been in the programme: version 0, nothing stored."""
    return Supplier(id=member_id, version=0, status=NOT_ENROLLED, created_at=registered_at, updated_at=registered_at)


def enrolled(was: Supplier, terms: PointTerms, now: datetime) -> Supplier:
    """In the programme from now on. A disqualified supplier waits first; what it was suspended for before is over then."""
    _must_allow(was, ENROL)
    opens = reapply_from(was, terms)
    if opens is not None and now < opens:
        raise TooSoonToReapply(
            say("{id} may apply again from {opens}.", id=was.id, opens=wire(opens)), due_at=wire(opens)
        )
    return replace(was, enrolled_at=now, disqualified_at=None, suspended_for=None)


def evaluated(was: Supplier, now: datetime) -> Supplier:
    """Evaluated again because it was asked for: who waits may have that once a business date, whatever came in since."""
    _must_allow(was, EVALUATE)
    opens = evaluation_opens(was, now)
    if opens is not None:
        raise EvaluatedToday(
            say("{id} may be evaluated again from {opens}.", id=was.id, opens=wire(opens)), due_at=wire(opens)
        )
    return replace(was, evaluated_on=business_date(now))


def evaluation_opens(supplier: Supplier, now: datetime) -> datetime | None:
    """When an evaluation can be asked for again; None where that is now."""
    today = business_date(now)
    return start_of(today + timedelta(days=1)) if supplier.evaluated_on == today else None


def withdrawn(was: Supplier) -> Supplier:
    """Out of the programme. Cover that orders hold stands until they end; points stay."""
    _must_allow(was, WITHDRAW)
    return replace(was, enrolled_at=None)


def suspended(was: Supplier, reason: str) -> Supplier:
    _must_allow(was, SUSPEND)
    return replace(was, suspended_for=reason)


def reinstated(was: Supplier) -> Supplier:
    """Back in by an officer's word, whatever it was suspended for."""
    _must_allow(was, REINSTATE)
    return replace(was, suspended_for=None, overdue={})


def in_default(was: Supplier, cause: str, reason: str) -> Supplier:
    """Suspended for a debt that is overdue, on top of whatever else it is suspended for. Open in every status."""
    return replace(was, overdue={**was.overdue, cause: reason})


def paid_up(was: Supplier, cause: str) -> Supplier:
    """Without that debt; other debts and an officer's suspension stand."""
    return replace(was, overdue={name: reason for name, reason in was.overdue.items() if name != cause})


def with_account(was: Supplier, account: BankAccount) -> Supplier:
    """With a bank account in the place of an earlier one of the same currency."""
    others = (bank_account for bank_account in was.accounts if bank_account.currency != account.currency)
    return replace(was, accounts=(*others, account))


def penalized(was: Supplier, penalty: Penalty, terms: PointTerms, now: datetime) -> Supplier:
    """With the penalty added; disqualified where its points reach the last step, whatever the status was."""
    _must_have_joined(was)
    supplier = replace(was, penalties=penalties.added(was.penalties, penalty, now))
    if supplier.points(now) >= terms.disqualify_from and was.disqualified_at is None:
        return replace(supplier, disqualified_at=now)
    return supplier


def lifted(was: Supplier, penalty_id: str, reason: str, terms: PointTerms, now: datetime) -> Supplier:
    """Without the points of a penalty, and without the disqualification they made. What others made stays for its time, though they expire."""
    left = replace(was, penalties=penalties.lifted(was.penalties, penalty_id, reason, now))
    made_by_others = max(left.points(now), left.points(was.disqualified_at or now)) >= terms.disqualify_from
    return left if made_by_others else replace(left, disqualified_at=None)


def appealed(was: Supplier, penalty_id: str, text: str, terms: PointTerms, now: datetime) -> Supplier:
    return replace(was, penalties=penalties.appealed(was.penalties, penalty_id, text, terms, now))


def upheld(was: Supplier, penalty_id: str, reason: str, now: datetime) -> Supplier:
    return replace(was, penalties=penalties.upheld(was.penalties, penalty_id, reason, now))


def appeal_overdue(was: Supplier, now: datetime) -> Penalty | None:
    """The first penalty whose appeal nobody decided in time."""
    first = penalties.next_default(was.penalties)
    return first if first and first.decided_by and first.decided_by <= now else None


def as_of(was: Supplier, terms: PointTerms, now: datetime) -> Supplier:
    """As its points stand now: appeals that nobody decided in time have succeeded, each at its own moment."""
    while due := appeal_overdue(was, now):
        was = lifted(was, due.id, penalties.UNDECIDED, terms, due.decided_by or now)
    return was


def recorded(was: Supplier, moved: Supplier, now: datetime) -> Supplier:
    """The supplier's next version where neither status nor limit is touched."""
    created = was.created_at if was.version else now
    return replace(moved, version=was.version + 1, created_at=created, updated_at=now)


def settled(
    was: Supplier, moved: Supplier, qualification: Qualification, decision: Decision, now: datetime
) -> Supplier:
    """The supplier's next version: the status that follows from what happened, and the limit that follows from the status."""
    status = _status(moved, qualification.qualified)
    in_force = status in (ACTIVE, APPLIED)
    return replace(
        moved,
        version=was.version + 1,
        status=status,
        created_at=was.created_at if was.version else now,
        updated_at=now,
        limit_minor=qualification.limit_minor if status == ACTIVE else 0,
        held_minor=qualification.limit_minor if in_force else was.held_minor,
        qualified_at=moved.qualified_at or (now if status == ACTIVE else None),
        decision=decision,
    )


def recomputes(was: Supplier, as_of: date) -> bool:
    """Whether a run for a date decides on this supplier. One that came late does not set back a newer decision in force."""
    newer = was.decision is not None and was.decision.as_of > as_of
    return was.status in TRANSITIONS[RECOMPUTE] and not (newer and was.status == ACTIVE)


def allows(supplier: Supplier, terms: PointTerms, now: datetime) -> list[str]:
    """The moves that are open now, whoever may make them."""
    opens = reapply_from(supplier, terms)
    waits = opens is not None and now < opens
    return [
        move
        for move, statuses in TRANSITIONS.items()
        if supplier.status in statuses
        and not (move == ENROL and waits)
        and not (move == PENALIZE and not supplier.has_joined)
        and not (move == EVALUATE and evaluation_opens(supplier, now))
        and move != RECOMPUTE
    ]


def reapply_from(supplier: Supplier, terms: PointTerms) -> datetime | None:
    """When a disqualified supplier may apply again."""
    if supplier.disqualified_at is None:
        return None
    return supplier.disqualified_at + timedelta(days=terms.reapply_days)


def _status(supplier: Supplier, qualified: bool) -> str:
    if supplier.disqualified_at is not None:
        return DISQUALIFIED
    if supplier.enrolled_at is None:
        return NOT_ENROLLED
    if supplier.is_suspended:
        return SUSPENDED
    return ACTIVE if qualified else APPLIED


def _must_allow(was: Supplier, move: str) -> None:
    if was.status not in TRANSITIONS[move]:
        waits = move == ENROL and was.status in TRANSITIONS[EVALUATE]
        raise NotInThisStatus(
            say("A supplier that is {status} takes no {move}.", status=term("programme", was.status), move=move),
            fix="It has joined and waits: POST /v1/suppliers/{id}/evaluation evaluates it again." if waits else None,
            supplier_status=was.status,
            allowed_in=sorted(TRANSITIONS[move]),
        )


def _must_have_joined(was: Supplier) -> None:
    if not was.has_joined:
        raise NeverJoined(say("{id} has never been in the programme.", id=was.id))
