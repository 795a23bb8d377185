"""Inspections: ordered, paid in advance by the buyer, reported in time or late. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.claims.rules import files
from chalicelib.claims.rules.claim import Claim, Inspection
from chalicelib.claims.rules.officers import must_be_open_to
from chalicelib.claims.rules.proving import to_review
from chalicelib.claims.rules.step import Dossier, Step, fee_back, step
from chalicelib.claims.rules.verdict.case import Finding
from chalicelib.ledger.rules.chart import BANK_CLEARING, INSPECTION_ESCROW, INSPECTORS_PAYABLE
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.refusal import Unfit


class NotDesignated(Unfit):
    code = "inspector_not_designated"
    title = "That inspector is not designated."
    fix = "Choose one of `inspectors`."


class FeeDiffers(Unfit):
    code = "inspection_fee_differs"
    title = "That is not the fee that is awaited."


def inspect(dossier: Dossier, officer: str, inspector: str, fee_minor: int, now: datetime) -> Step:
    """Order an inspection: the buyer pays its fee in advance, and has it back as far as the supplier was at fault."""
    claim = dossier.claim
    must_be_open_to(dossier, officer, "inspection", now)
    known = [each.id for each in dossier.policy.inspectors]
    if inspector not in known or inspector in {past.inspector for past in claim.inspections}:
        raise NotDesignated(
            f"{inspector!r:.60} is not designated, or was late with its report before.",
            param="inspector",
            inspectors=[each for each in known if each not in {past.inspector for past in claim.inspections}],
        )
    ordered = Inspection(
        inspector=inspector,
        fee_minor=fee_minor,
        ordered_by=officer,
        ordered_at=now,
        fee_due_at=now + timedelta(days=dossier.policy.inspection_days),
    )
    facts = {"by": "officer", "inspector": inspector, "fee_minor": fee_minor, "due_at": ordered.fee_due_at}
    inspections = (*claim.inspections, ordered)
    return step(
        claim,
        "inspection_ordered",
        now,
        status="inspection",
        reviewer=officer,
        inspections=inspections,
        files=files.hand_in(claim, now),
        facts=facts,
    )


def fee_paid(dossier: Dossier, bank_id: str, bank_ref: str, minor: int, currency: str, now: datetime) -> Step:
    """The bank says that the buyer paid the fee. Any other amount is FeeDiffers: it goes to suspense, not into the claim."""
    claim, running = dossier.claim, dossier.claim.inspection
    awaited = claim.status == "inspection" and running is not None and running.paid_at is None
    if running is None or not awaited or (minor, currency) != (running.fee_minor, claim.currency):
        raise FeeDiffers(
            f"{Money.of(minor, currency).amount} {currency} came; no inspection of {claim.id} awaits exactly that."
        )
    policy = dossier.policy
    paid = replace(
        running,
        paid_at=now,
        bank_id=bank_id,
        bank_ref=bank_ref,
        report_due_at=now + timedelta(days=policy.inspection_days + policy.report_days),
    )
    legs = transfer(minor, currency, debit_to=(BANK_CLEARING, bank_id), credit_to=(INSPECTION_ESCROW, claim.id))
    facts = {"fee_minor": minor, "due_at": paid.report_due_at}
    return step(claim, "inspection_paid", now, inspections=_last(claim, paid), facts=facts, postings=legs)


def report(dossier: Dossier, officer: str, finding: Finding, sha256: str, now: datetime) -> Step:
    """The inspector's report is in: its fee is earned, the review begins."""
    claim = dossier.claim
    must_be_open_to(dossier, officer, "inspection-report", now)
    assert claim.inspection is not None
    done = replace(claim.inspection, reported_at=now, report_sha256=sha256, finding=finding)
    after = replace(claim, inspections=_last(claim, done))
    legs = transfer(
        done.fee_minor,
        claim.currency,
        debit_to=(INSPECTION_ESCROW, claim.id),
        credit_to=(INSPECTORS_PAYABLE, done.inspector),
    )
    made = to_review(dossier.after(after), now, why="the report is in", postings=legs)
    told = made.event.facts | {"conforms": finding.conforms, "defect_bp": finding.defect_bp}
    return replace(made, event=replace(made.event, facts=told))


def report_overdue(dossier: Dossier, at: datetime) -> Step:
    """No report in time: the fee goes back, an officer may name another inspector."""
    back, legs, told = fee_back(dossier.claim)
    assert back.inspection is not None
    facts = {"inspector": back.inspection.inspector, "fee_minor": back.inspection.fee_minor}
    return step(
        dossier.claim,
        "inspection_overdue",
        at,
        inspections=back.inspections,
        review_due_at=at + timedelta(hours=dossier.policy.review_hours),
        facts=facts,
        postings=legs,
        instructs=told,
    )


def _last(claim: Claim, changed: Inspection) -> tuple[Inspection, ...]:
    return (*claim.inspections[:-1], changed)
