"""A supplier as itself and officers see it, and what they send."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.shared.money import Money
from chalicelib.shared.pages import Paging
from chalicelib.shared.ranges import PastDay
from chalicelib.shared.request import Caller
from chalicelib.shared.text import prose
from chalicelib.shared.views import view_of
from chalicelib.suppliers.rules import penalties, programme
from chalicelib.suppliers.rules.coverage import ACTIVE, APPLIED, DISQUALIFIED, CoverPosition
from chalicelib.suppliers.rules.penalties import Penalty
from chalicelib.suppliers.rules.programme import Supplier
from chalicelib.suppliers.rules.qualification import PointTerms
from chalicelib.suppliers.rules.schedule import next_evaluation
from chalicelib.suppliers.views.money import BankAccountView, account_view
from chalicelib.suppliers.views.qualification import QualificationView, usd

Status = Literal["not_enrolled", "applied", "active", "suspended", "disqualified"]
Reason = Annotated[str, prose(500, least=1)]

_OWN: frozenset[str] = frozenset({programme.ENROL, programme.EVALUATE, programme.WITHDRAW})
SIMULATE = "limit-simulations"


class EnrolmentRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Joining the programme. The body may be empty: documents that the supplier's country asks for are taken from the firm's profile."""

    as_of: PastDay | None = None
    """Decide on the figures of an earlier business date: officers only, for history that was brought in late."""


class PenaltyRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reason: Annotated[str, Meta(pattern="^[a-z][a-z_]{0,59}$", examples=["failed_delivery"])]
    """A reason of the policy `qualification`, or another one with its points stated."""
    points: Annotated[int, Meta(ge=1, le=100)] | None = None
    """How many points, where not as many as the policy gives for the reason."""
    note: Annotated[str, prose(500)] = ""
    """What there is to add, in words."""


class ReasonRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    reason: Reason
    """Shown to the supplier."""


class AppealRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    text: Annotated[str, prose(2000, least=1)]
    """Why the penalty is wrong: read by the officer who decides."""


class SupplierQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    as_of: PastDay | None = None
    """Qualification as of this business date instead of today: officers only."""


class SuppliersQuery(Paging, frozen=True, kw_only=True):
    status: Status | None = None
    """Only those in this status."""


class DeadlineView(msgspec.Struct, frozen=True):
    """`owner` can meet it; `default_outcome` is what comes of it otherwise."""

    name: str
    due_at: datetime
    owner: str
    default_outcome: str


class AppealView(msgspec.Struct, frozen=True, kw_only=True):
    """One for each penalty. Undecided at `due_at`, it succeeds: the penalty is lifted."""

    status: Literal["open", "upheld", "lifted"]
    text: str
    appealed_at: datetime
    owner: Literal["officer"] = "officer"
    due_at: datetime
    default_outcome: Literal["penalty_lifted"] = "penalty_lifted"
    decided_at: datetime | None
    decided_for: str


class PenaltyView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    reason: str
    points: int
    note: str
    given_at: datetime
    expires_at: datetime
    counts: bool
    """Whether its points count now."""
    lifted_at: datetime | None
    lifted_for: str
    cause: str
    """What it was given for where no officer gave it: a claim, say."""
    appeal: AppealView | None
    allowed_actions: list[str]


class AppealsQuery(Paging, frozen=True, kw_only=True):
    """Appeals that wait for a decision, the earliest due first; with `supplier_id` every appeal of that supplier, decided ones too."""

    supplier_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """The supplier whose appeals these are."""


class PenaltyAppealView(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal against a penalty. `id` is the penalty's."""

    id: str
    supplier_id: str
    version: int
    """The supplier's: its commands decide the appeal."""
    status: Literal["open", "upheld", "lifted"]
    penalty: PenaltyView
    created_at: datetime
    due_at: datetime
    decided_at: datetime | None
    allowed_actions: list[str]


class PointsView(msgspec.Struct, frozen=True, kw_only=True):
    """The points that count now, the steps they lead to, and every penalty there ever was."""

    total: int
    limit_frozen_from: int
    no_new_cover_from: int
    disqualified_from: int
    penalties: list[PenaltyView]


class EnrolmentDocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """A document that has to be in the firm's profile on enrolment. Null: it is not on file."""

    kind: str
    document_id: str | None
    sha256: str | None


class JurisdictionView(msgspec.Struct, frozen=True, kw_only=True):
    """What the supplier's country decides: its limit and what is available in the country's currency, rounded down at the month's table rate, the zone of its dates, the documents that have to be on file, and whose business days count.

    `documents` come with a nomination by an agency, `enrolment_documents` stand in the firm's profile; who has joined stays in whatever is asked for later. Limits are kept and compared in US dollars; an order reserves what it says there.
    """

    country: str
    joins: bool
    limit: Money
    available: Money
    rate_as_of: str
    """The month of the rate, `2026-03`."""
    zone: str
    calendar: str
    documents: list[str]
    enrolment_documents: list[EnrolmentDocumentView]


class SupplierView(msgspec.Struct, frozen=True, kw_only=True):
    """A member in its role of supplier. `id` is the member's; version 0 is a member that never joined."""

    id: str
    name: str | None
    """The member's. Not in answers to commands."""
    version: int
    status: Status
    listed: bool
    """Whether storefronts show it as protected."""
    enrolled_at: datetime | None
    qualified_at: datetime | None
    """When it first was active."""
    suspended_for: str | None
    disqualified_at: datetime | None
    limit: Money
    reserved: Money
    advanced: Money
    available: Money
    """limit - reserved - advanced; below zero only after a cut of the limit: existing cover stands."""
    points: PointsView
    accounts: list[BankAccountView]
    """Where it is paid and debited; for its own eyes and officers'."""
    decision: QualificationView | None
    """The qualification the limit was decided on, with its working."""
    qualification: QualificationView | None = None
    """What it would be now, or as of the date asked about. Not in lists and not in answers to commands."""
    jurisdiction: JurisdictionView | None = None
    """What its country decides; null where that has no entry in the policy `jurisdictions`. Not in lists and not in answers to commands."""
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[DeadlineView]


def view(
    supplier: Supplier,
    position: CoverPosition,
    terms: PointTerms,
    *,
    caller: Caller,
    now: datetime,
    decision: QualificationView | None,
    name: str | None = None,
    qualification: QualificationView | None = None,
    jurisdiction: JurisdictionView | None = None,
) -> SupplierView:
    return view_of(
        SupplierView,
        supplier,
        name=name,
        listed=supplier.status == ACTIVE,
        suspended_for=_suspended_for(supplier),
        limit=usd(position.limit_minor),
        reserved=usd(position.reserved_minor),
        advanced=usd(position.advanced_minor),
        available=usd(position.available_minor),
        points=_points(supplier, terms, caller, now),
        accounts=[account_view(bank_account) for bank_account in supplier.accounts],
        decision=decision,
        qualification=qualification,
        jurisdiction=jurisdiction,
        allowed_actions=_allowed(supplier, terms, caller, now),
        deadlines=_deadlines(supplier, terms, now),
    )


def _allowed(supplier: Supplier, terms: PointTerms, caller: Caller, now: datetime) -> list[str]:
    """An officer with the duty may make every move that is open; the member itself may join, leave and ask."""
    moves = programme.allows(supplier, terms, now)
    may_decide = _may_decide(caller)
    own = caller.is_member(supplier.id)
    return [*(move for move in moves if may_decide or (own and move in _OWN)), SIMULATE]


def _may_decide(caller: Caller) -> bool:
    return caller.has_duty("risk")


def _suspended_for(supplier: Supplier) -> str | None:
    """An officer's reason, and every debt that is overdue."""
    reasons = [*([supplier.suspended_for] if supplier.suspended_for else []), *supplier.overdue.values()]
    return "; ".join(reasons) or None


def appeal_view(supplier: Supplier, penalty: Penalty, caller: Caller, now: datetime) -> PenaltyAppealView:
    shown = _penalty(penalty, supplier.id, caller, now)
    assert shown.appeal is not None, f"{penalty.id} was appealed"
    return PenaltyAppealView(
        id=penalty.id,
        supplier_id=supplier.id,
        version=supplier.version,
        status=shown.appeal.status,
        penalty=shown,
        created_at=shown.appeal.appealed_at,
        due_at=shown.appeal.due_at,
        decided_at=shown.appeal.decided_at,
        allowed_actions=shown.allowed_actions,
    )


def _points(supplier: Supplier, terms: PointTerms, caller: Caller, now: datetime) -> PointsView:
    return PointsView(
        total=supplier.points(now),
        limit_frozen_from=terms.freeze_from,
        no_new_cover_from=terms.delist_from,
        disqualified_from=terms.disqualify_from,
        penalties=[_penalty(penalty, supplier.id, caller, now) for penalty in supplier.penalties],
    )


def _penalty(penalty: Penalty, supplier_id: str, caller: Caller, now: datetime) -> PenaltyView:
    return view_of(
        PenaltyView,
        penalty,
        counts=penalty.counts(now),
        appeal=view_of(AppealView, penalty.appeal, status=penalty.appeal.outcome) if penalty.appeal else None,
        allowed_actions=_allowed_on(penalty, supplier_id, caller, now),
    )


def _allowed_on(penalty: Penalty, supplier_id: str, caller: Caller, now: datetime) -> list[str]:
    if caller.is_member(supplier_id):
        return ["appeal"] if penalty.may_be_appealed(now) else []
    if not _may_decide(caller) or penalty.lifted_at is not None:
        return []
    return ["lift", "uphold"] if penalty.decided_by else ["lift"]


def _deadlines(supplier: Supplier, terms: PointTerms, now: datetime) -> list[DeadlineView]:
    deadlines = [
        DeadlineView("points_expire", penalty.expires_at, "clock", "points_expired")
        for penalty in penalties.counting(supplier.penalties, now)
    ]
    deadlines += [
        DeadlineView("appeal", penalty.decided_by, "officer", "penalty_lifted")
        for penalty in supplier.penalties
        if penalty.decided_by
    ]
    if supplier.status in (ACTIVE, APPLIED):
        deadlines.append(DeadlineView("evaluation", next_evaluation(now), "clock", "limit_recomputed"))
    again = programme.evaluation_opens(supplier, now)
    if supplier.status == APPLIED and again is not None:
        deadlines.append(DeadlineView("evaluation_on_demand", again, "supplier", "evaluation_opens"))
    opens = programme.reapply_from(supplier, terms)
    if supplier.status == DISQUALIFIED and opens is not None and now < opens:
        deadlines.append(DeadlineView("reapplication", opens, "clock", "enrolment_opens"))
    return sorted(deadlines, key=lambda deadline: deadline.due_at)
