"""A claim as its parties and officers see it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.claims.rules import cases, evidence, files, negotiation
from chalicelib.claims.rules import claim as rules
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.reasons import Reason
from chalicelib.claims.rules.timers import MACHINE
from chalicelib.claims.rules.transitions import Actor
from chalicelib.claims.rules.undisputed import determined_minor
from chalicelib.claims.rules.verdict.book import Outcome
from chalicelib.claims.rules.verdict.case import Finding
from chalicelib.orders.rules.order import Side
from chalicelib.shared.files import UploadForm
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class OfferView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    by: Side
    kind: rules.Kind
    amount: Money
    note: str
    status: rules.OfferStatus | Literal["expired"]
    made_at: datetime
    expires_at: datetime


class SettlementView(msgspec.Struct, frozen=True, kw_only=True):
    """`hash` names the text that both signed. `signed_by` holds the sides that have; `final` as soon as it binds."""

    kind: rules.Kind
    amount: Money
    note: str
    hash: str
    signed_by: list[str]
    final: bool
    at: datetime
    returned_at: datetime | None
    return_tracking: str | None
    condition: rules.Condition | None
    confirmed_by: list[Side]


class EvidenceView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    by: Side
    code: str
    name: str
    media_type: str
    size: int
    sha256: str
    visibility: rules.Visibility
    status: rules.FileStatus
    round: int
    announced_at: datetime
    arrived_at: datetime | None
    submitted_at: datetime | None
    why: str | None
    carried_from: str | None
    """The claim it was handed in for, where that ended undecided: it counts for this one as well."""


class InspectionView(msgspec.Struct, frozen=True, kw_only=True):
    """`pay_to_reference` is what the buyer gives its bank with the fee."""

    inspector: str
    fee: Money
    ordered_at: datetime
    fee_due_at: datetime
    pay_to_reference: str
    paid_at: datetime | None
    report_due_at: datetime | None
    reported_at: datetime | None
    report_sha256: str | None
    finding: Finding | None
    fee_returned: bool


class DecisionSummary(msgspec.Struct, frozen=True, kw_only=True):
    """`id` names case and policy; GET /v1/claims/{id}/decisions shows both, and computes it again."""

    id: str
    number: int
    outcome: Outcome
    approved: Money
    supplier_fault_percent: int
    at: datetime
    final: bool
    by_rules: bool


class AppealView(msgspec.Struct, frozen=True, kw_only=True):
    """`concedes` is what the supplier does not contest."""

    by: Side
    grounds: str
    files: list[str]
    at: datetime
    concedes: Money


class RefundView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the refund comes from, and how much of it banks have settled. `not_guaranteed` is the supplier's own debt.

    Which of the supplier's money it is, and what the platform advances, is told to the supplier and officers: null for the buyer.
    `deposit_insured` is the part of `from_deposit` that insurers pay in the place of the supplier's deposit, before its money.
    `charged_back` the buyer has through its own bank, which took the payment back before that part of the refund had left.
    `status` tells who has something to do: the bank (in_flight, failed_and_retried), the buyer, who is asked for another account
    (needs_account), an officer (with_officer); overdue, where a bank is late.
    """

    total: Money
    from_held: Money
    from_supplier_balance: Money | None
    from_deposit: Money | None
    deposit_insured: Money | None
    advanced: Money | None
    inspection_fee: Money
    not_guaranteed: Money
    settled: Money
    charged_back: Money
    status: rules.RefundStatus | Literal["overdue", "settled"]
    at: datetime


class CaseFileView(msgspec.Struct, frozen=True, kw_only=True):
    """Officers only: who works on it, who may not, and what waits for a second officer."""

    reviewer: str | None
    excluded_reviewers: list[str]
    proposed_by: str | None
    proposed_outcome: Outcome | None
    proposed_amount: Money | None


class ClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """`interim_payment` is paid while an appeal runs, because no party contests it; `waits` is what was determined above what was paid. `refund` is
    what the final decision adds, or all of it; what is not guaranteed of the share is looked at again then.
    """

    id: str
    version: int
    status: rules.Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    order_id: str
    buyer_id: str
    supplier_id: str
    reason: Reason
    lines: list[int]
    statement: str
    requested: Money
    reserved: Money
    partially_reserved: str | None
    supplier_silent: bool
    offers: list[OfferView]
    overlap: Money | None
    settlement: SettlementView | None
    required_evidence: list[evidence.Item]
    evidence: list[EvidenceView]
    inspections: list[InspectionView]
    decisions: list[DecisionSummary]
    appeals: list[AppealView]
    interim_payment: RefundView | None
    waits: Money | None
    refund: RefundView | None
    why: str | None
    policy: str
    case: CaseFileView | None


class EvidenceAnnounced(msgspec.Struct, frozen=True, kw_only=True):
    """The claim with the file awaited, and the form to upload it with: these fields first, then the file in a field `file`.

    The form is signed anew whenever the request is repeated, and null once the file has come.
    """

    claim: ClaimView
    evidence_id: str
    upload: UploadForm | None = None


def claim_view(claim: rules.Claim, context: Context, actor: Actor, now: datetime) -> ClaimView:
    secured = next(mark for mark in context.order.claims if mark.claim_id == claim.id)
    side: Side | None = None if actor == "officer" else actor
    overlap = negotiation.overlap(claim, now) if claim.status == "negotiating" else None
    waits = max(0, determined_minor(claim) - claim.interim_payment_minor) if claim.status == "appealed" else None
    return view_of(
        ClaimView,
        claim,
        created_at=claim.filed_at,
        **MACHINE.offer(claim, actor, context, now),
        reserved=Money.of(secured.reserved_minor, claim.currency),
        partially_reserved=_partially_reserved(claim, secured.reserved_minor + secured.paid_minor),
        offers=[offer_view(offer, claim, now) for offer in claim.offers],
        overlap=Money.of(overlap, claim.currency) if overlap else None,
        settlement=_settlement_view(claim.settlement, claim) if claim.settlement else None,
        required_evidence=_checklist(claim, context),
        evidence=[
            evidence_view(file) for file in claim.files if file.status != "removed" and files.seen_by(file, side)
        ],
        inspections=[
            view_of(InspectionView, done, claim.currency, pay_to_reference=claim.id) for done in claim.inspections
        ],
        decisions=[_decision_summary(decision, claim) for decision in claim.decisions],
        interim_payment=_refund_view(claim.interim_payment, claim, actor) if claim.interim_payment else None,
        waits=None if waits is None else Money.of(waits, claim.currency),
        refund=_refund_view(claim.refund, claim, actor) if claim.refund else None,
        case=_case_view(claim) if actor == "officer" else None,
    )


def offer_view(offer: rules.Offer, claim: rules.Claim, now: datetime) -> OfferView:
    is_expired = offer.status == "open" and not offer.is_live(now)
    return view_of(OfferView, offer, claim.currency, status="expired" if is_expired else offer.status, made_at=offer.at)


def evidence_view(file: rules.File) -> EvidenceView:
    return view_of(EvidenceView, file, announced_at=file.at)


def _decision_summary(decision: rules.Decision, claim: rules.Claim) -> DecisionSummary:
    return view_of(
        DecisionSummary,
        decision,
        id=decision.case_hash,
        outcome=decision.verdict.outcome,
        approved=Money.of(decision.verdict.approved_minor, claim.currency),
        supplier_fault_percent=decision.verdict.supplier_fault_percent,
        by_rules=decision.default,
    )


def _partially_reserved(claim: rules.Claim, secured_minor: int) -> str | None:
    """Why less is reserved than was asked for, or paid already, while that is so."""
    if not claim.is_open or claim.status == "payable" or secured_minor >= claim.requested_minor:
        return None
    return (
        "Only so much of what was received is covered and not reserved for claims before this one;"
        " what those free is added, up to the amount asked for."
    )


def _settlement_view(settlement: rules.Settlement, claim: rules.Claim) -> SettlementView:
    sides = {claim.buyer_id: "buyer", claim.supplier_id: "supplier"}
    return view_of(
        SettlementView,
        settlement,
        claim.currency,
        signed_by=sorted({sides.get(name, "officer") for name in settlement.signed_by}),
        final=claim.agreed_at is not None,
    )


def _checklist(claim: rules.Claim, context: Context) -> list[evidence.Item]:
    usd = cases.requested_usd_minor(context.order, claim.requested_minor)
    return evidence.checklist(claim.reason, [(file.by, file.code) for file in claim.submitted()], usd, context.policy)


def _refund_view(refund: rules.Refund, claim: rules.Claim, actor: Actor) -> RefundView:
    def own(minor: int) -> Money | None:
        return None if actor == "buyer" else Money.of(minor, claim.currency)

    return view_of(
        RefundView,
        refund,
        claim.currency,
        from_held=Money.of(refund.held_minor, claim.currency),
        from_supplier_balance=own(refund.balance_minor),
        from_deposit=own(refund.deposit_minor),
        deposit_insured=own(refund.insured_minor),
        advanced=own(refund.advance_minor),
        inspection_fee=Money.of(refund.fee_minor, claim.currency),
        status=_refund_status(refund),
    )


def _refund_status(refund: rules.Refund) -> rules.RefundStatus | Literal["overdue", "settled"]:
    if refund.is_settled:
        return "settled"
    waits_for_people = refund.status in ("needs_account", "with_officer")
    return "overdue" if refund.overdue and not waits_for_people else refund.status


def _case_view(claim: rules.Claim) -> CaseFileView:
    waiting = claim.proposed
    return view_of(
        CaseFileView,
        claim,
        proposed_by=waiting.by if waiting else None,
        proposed_outcome=waiting.decision.outcome if waiting else None,
        proposed_amount=Money.of(waiting.decision.approved_minor, claim.currency) if waiting else None,
    )
