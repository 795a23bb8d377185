"""A call on the guarantors of a loan in default, with each guarantor's share, as a value. Pure.

Statuses:

    opened       the bank has certified what is owed; two officers check it and give notice
    noticed      each guarantor knows its share, and nothing has been paid
    partly_paid  something has
    paid         the guarantors, or the debtor, have paid all
    exhausted    nobody can be made to pay the rest
    withdrawn    the bank asks no more, and gives back what was paid
    closed       over: refunds and the claims between members are settled, or their time is

A share:

    pending   not noticed yet             disputed  its guarantor objects, and its clock stands still
    due       is to be paid by its date   overdue   nobody paid within the days of grace, and an officer has to confirm that
    paid      nothing of it is due        failed    its guarantor did not pay: the others bear its part
    refunded  what was paid went back     released  an officer has found that the firm does not stand for the loan
    left_out  its guarantor is in default itself

The loan is the book of what was certified, charged and paid; a call works out from it, and from the other calls of its group, who has to pay
what (`groups/rules/joint_liability.py`). So facts may come in any order, and twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.groups.rules import joint_liability
from chalicelib.groups.rules.guarantee import MOST_GUARANTORS
from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.loans.rules.loan import MOST_PAUSES, Pause
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.periods import Calendar, business_days_at_most, start_of
from chalicelib.shared.state_machine import Versioned

Status = Literal["opened", "noticed", "partly_paid", "paid", "exhausted", "withdrawn", "closed"]
ShareStatus = Literal["pending", "due", "disputed", "overdue", "paid", "failed", "refunded", "released", "left_out"]
Actor = Literal["officer", "bank", "debtor", "guarantor"]
Decision = Literal["upheld", "dismissed"]
Outcome = Literal["upheld", "dismissed", "undecided"]
"""What became of an objection: an officer's decision, or that nobody decided in time."""
Why = Literal["paid", "exhausted", "withdrawn", "left_open"]
"""What ended a call. `left_open`: after a year something was still to be given back, or owed between members."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"closed"})
OPEN: Final[frozenset[Status]] = frozenset({"opened", "noticed", "partly_paid"})
"""Guarantors may have to pay more."""
MOST_NOTICES: Final = 12
MOST_OBJECTIONS: Final = 3
MOST_CHARACTERS: Final = 1_000


class TooManyObjections(NoRoom):
    code = "too_many_objections"
    title = "The share has been objected to as often as it may be."
    fix = "Put what is left to say to the bank or a court: a decision of an officer here binds nobody there."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of calls: `chalicelib/policies/guarantee-calls/`. Days until payment and of grace are the rule sheet's.

    Officers have `check_business_days` to give notice; after `notice_business_days` it is given without them. Beyond what the calendar
    knows, n business days are 2n days and `longest_holidays_days`. A call that is over is looked at every `closing_days`, and closed after
    `most_closing_days` whatever is open.
    """

    calendar: str
    check_business_days: int
    notice_business_days: int
    objection_business_days: int
    decision_business_days: int
    confirmation_business_days: int
    longest_holidays_days: int
    closing_days: int
    most_closing_days: int


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """So much was claimed of a guarantor at once: the first time, or what came on top. Its days run from `at`, longer by what was paused."""

    minor: int
    at: datetime
    due_at: datetime
    fails_at: datetime
    object_until: datetime


class Objection(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a guarantor does not owe its share. Who decides is neither of the officers who gave notice."""

    id: str
    at: datetime
    reason: Annotated[str, characters(MOST_CHARACTERS)]
    decide_by: datetime
    outcome: Outcome | None = None
    decided_at: datetime | None = None
    decided_by: Annotated[str, characters(100)] = ""
    answer: Annotated[str, characters(MOST_CHARACTERS)] = ""


class Share(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One guarantor's part of a call.

    `cap_minor` is what it answers for over all calls of the group, `room_minor` what of that this call may take; of `unbound_minor`, by which
    the loan became heavier without its consent, it answers for nothing. `fair_minor` is what it
    bears in the end, `eff_minor` what it has to front while others fail, `due_minor` what of it is still to be paid, `paid_minor` what the
    bank has and `refund_minor` what of that the bank has to give back, of which it was told of `refund_noticed_minor`.
    """

    seat: int
    member_id: str
    weight: int
    cap_minor: int | None = None
    room_minor: int | None = None
    unbound_minor: int = 0
    fair_minor: int = 0
    eff_minor: int = 0
    due_minor: int = 0
    paid_minor: int = 0
    refund_minor: int = 0
    refund_noticed_minor: int = 0
    refunded_minor: int = 0
    notices: Annotated[tuple[Notice, ...], most(MOST_NOTICES, why="the last one takes what comes on top")] = ()
    objections: Annotated[tuple[Objection, ...], most(MOST_OBJECTIONS)] = ()
    is_left_out: bool = False
    overdue_at: datetime | None = None
    confirm_by: datetime | None = None
    failed_at: datetime | None = None
    failed_by: Annotated[str, characters(100)] = ""

    @property
    def is_released(self) -> bool:
        return any(each.outcome == "upheld" for each in self.objections)

    @property
    def open_objection(self) -> Objection | None:
        return next((each for each in self.objections if each.outcome is None), None)

    @property
    def noticed_minor(self) -> int:
        return sum(notice.minor for notice in self.notices)

    @property
    def unpaid_notice(self) -> Notice | None:
        """The oldest of which something is unpaid, where something is due."""
        before = 0
        for notice in self.notices if self.due_minor else ():
            before += notice.minor
            if before > self.paid_minor:
                return notice
        return None

    @property
    def status(self) -> ShareStatus:
        if self.is_left_out:
            return "left_out"
        if self.is_released:
            return "released"
        if self.failed_at and self.paid_minor < self.fair_minor:
            return "failed"
        if self.open_objection:
            return "disputed"
        if self.due_minor:
            return ("overdue" if self.overdue_at else "due") if self.notices else "pending"
        if self.refunded_minor and not self.paid_minor:
            return "refunded"
        return "paid" if self.notices or self.paid_minor else "pending"


class Certified(msgspec.Struct, frozen=True, kw_only=True):
    """What the bank says was owed at the end of a day, and what we had for it: the bank's figure stands, whatever changes it later."""

    cut_off: date
    principal_minor: int
    interest_minor: int
    penalty_minor: int
    ours_minor: int

    @property
    def minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.penalty_minor


class Call(Versioned, frozen=True, kw_only=True, omit_defaults=True):
    """One call. `version` counts its changes, `entry_hash` is that of its last journal entry, `recent` names the last few.

    `call_ref` is what the bank calls it. `net_minor` is what is owed under it, `shortfall_minor` what of that no guarantor can be made to
    pay, of which the pool has paid `pool_minor`; `surplus_minor` is what the debtor paid beyond its debt. `loan_version` is the loan's from
    which that was worked out, with what accrued until `accrued_until`. The debtor's `pauses` lengthen every day that runs.
    """

    id: str
    loan_id: str
    group_id: str
    bank_id: str
    call_ref: str
    debtor_id: str
    debtor_seat: int
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    currency: str
    mode: LiabilityMode
    weight_basis: WeightBasis
    sheet_version: int
    sheet_sha256: str
    due_business_days: int
    grace_business_days: int
    pool_id: str = ""
    certified: Certified
    accrued_until: date
    net_minor: int = 0
    shortfall_minor: int = 0
    pool_minor: int = 0
    surplus_minor: int = 0
    shares: Annotated[tuple[Share, ...], most(MOST_GUARANTORS)]
    pauses: Annotated[tuple[Pause, ...], most(MOST_PAUSES, why="the loan holds no more")] = ()
    loan_version: int = 0
    check_by: datetime
    notice_by: datetime
    escalated_at: datetime | None = None
    checked_by: Annotated[str, characters(100)] = ""
    checked_at: datetime | None = None
    noticed_by: Annotated[str, characters(100)] = ""
    noticed_at: datetime | None = None
    confirmed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    over_at: datetime | None = None
    look_at: datetime | None = None
    ended_at: datetime | None = None
    why: Why | None = None

    @property
    def due_minor(self) -> int:
        return sum(share.due_minor for share in self.shares)

    @property
    def paid_minor(self) -> int:
        return sum(share.paid_minor for share in self.shares)

    @property
    def refund_minor(self) -> int:
        return sum(share.refund_minor for share in self.shares)

    @property
    def uncovered_minor(self) -> int:
        """What of the shortfall no pool has paid either."""
        return max(0, self.shortfall_minor - self.pool_minor)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def failed(self) -> frozenset[int]:
        return frozenset(share.seat for share in self.shares if share.failed_at)

    @property
    def weights(self) -> dict[int, int]:
        """Of those who stand for the loan: who is in default itself, or was released, has none."""
        return {share.seat: share.weight for share in self.shares if not (share.is_left_out or share.is_released)}

    @property
    def paid(self) -> dict[int, int]:
        return {share.seat: share.paid_minor for share in self.shares if share.paid_minor}

    @property
    def engine(self) -> joint_liability.Call:
        """Its facts, as the engine takes them."""
        return joint_liability.Call(
            net=self.net_minor - self.surplus_minor,
            weights=self.weights,
            paid=self.paid,
            failed=self.failed,
            mode=self.mode,
            is_open=self.is_open,
        )

    @property
    def caps(self) -> dict[int, int]:
        """What this call may take of each member at most, where there is a cap."""
        return {share.seat: share.room_minor for share in self.shares if share.room_minor is not None}

    @property
    def takes(self) -> dict[int, int]:
        """What it takes of each member's cap over all calls."""
        return {
            share.seat: max(share.paid_minor, share.eff_minor if self.is_open else 0)
            for share in self.shares
            if share.paid_minor or share.eff_minor
        }

    def share(self, seat: int) -> Share | None:
        return next((share for share in self.shares if share.seat == seat), None)

    def share_of(self, member_id: str) -> Share | None:
        return next((share for share in self.shares if share.member_id == member_id), None)

    def paused(self, moment: datetime, since: datetime, share: Share | None = None) -> datetime:
        """A moment that days from `since` on lead to, later by what was paused meanwhile: hardship of the debtor, objections of a share."""
        for begin, end in _merged((*_hardship(self.pauses), *_disputes(share))):
            if begin < moment and end > since:
                moment += end - max(begin, since)
        return moment

    def due_at(self, share: Share) -> datetime | None:
        """Until when the oldest of what a share owes is to be paid. None where nothing is, or its clock stands still."""
        notice = share.unpaid_notice
        return self.paused(notice.due_at, notice.at, share) if notice and not share.open_objection else None

    def fails_at(self, share: Share) -> datetime | None:
        """The end of the days of grace."""
        notice = share.unpaid_notice
        return self.paused(notice.fails_at, notice.at, share) if notice and not share.open_objection else None

    def object_until(self, share: Share) -> datetime | None:
        """Until when its guarantor may object: some days from the last notice on."""
        notice = share.notices[-1] if share.notices else None
        return self.paused(notice.object_until, notice.at, share) if notice else None

    def confirm_by(self, share: Share) -> datetime | None:
        """Until when an officer has to confirm that its guarantor failed."""
        if share.overdue_at is None or share.confirm_by is None or share.open_objection or share.failed_at:
            return None
        return self.paused(share.confirm_by, share.overdue_at, share)


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What the loan and the other calls of the group say, of which a call's shares follow.

    `owed_minor` is what the debtor owes under the call as of `accrued_until`, below nothing where it paid too much. `paid` is by seat. `earlier` is what earlier calls
    take of each member's cap, `later` what was paid on later ones. `in_default` are the guarantors that have defaulted themselves.
    """

    loan_version: int
    accrued_until: date
    owed_minor: int
    paid: Mapping[int, int]
    pool_minor: int = 0
    pauses: tuple[Pause, ...] = ()
    is_withdrawn: bool = False
    is_confirmed: bool = False
    in_default: AbstractSet[int] = frozenset()
    earlier: tuple[Mapping[int, int], ...] = ()
    later: tuple[Mapping[int, int], ...] = ()
    open_claims: int = 0


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of a call is decided on: the policy it pinned, the calendar, and, where they were gathered, the facts of now."""

    policy: Policy
    calendar: Calendar
    facts: Facts | None = None

    def after(self, start: datetime, days: int) -> datetime:
        """So many business days later. A call is made whether or not the holidays of the coming year are known."""
        return business_days_at_most(start, days, self.calendar, self.policy.longest_holidays_days)


def _hardship(pauses: Iterable[Pause]) -> Iterator[tuple[datetime, datetime]]:
    return ((start_of(pause.from_on), start_of(pause.to_on)) for pause in pauses)


def _disputes(share: Share | None) -> Iterator[tuple[datetime, datetime]]:
    return ((each.at, each.decided_at) for each in (share.objections if share else ()) if each.decided_at)


def _merged(intervals: Iterable[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    merged: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(intervals):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
