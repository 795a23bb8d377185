"""Inspections: ordered, paid in advance by the buyer, reported in time or late. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from chalicelib.claims.rules import files
from chalicelib.claims.rules.case_assignment import must_not_be_excluded
from chalicelib.claims.rules.changing import change, fee_back
from chalicelib.claims.rules.claim import Claim, Inspection, existing
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.evidence_phase import to_review
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.claims.rules.verdict.case import Finding
from chalicelib.ledger.rules.chart import BANK_CLEARING, INSPECTION_ESCROW, INSPECTORS_PAYABLE
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say


class NotDesignated(RuleViolation):
    code = "inspector_not_designated"
    title = "That inspector is not designated."
    fix = "Choose one of `inspectors`."


class FeeDiffers(RuleViolation):
    code = "inspection_fee_differs"
    title = "That is not the fee that is awaited."


def inspect(was: Claim, context: Context, officer: str, now: datetime, inspector: str, fee_minor: int) -> ClaimChange:
    """Order an inspection: the buyer pays its fee in advance, and has it back as far as the supplier was at fault."""
    must_not_be_excluded(was, officer)
    late = {past.inspector for past in was.inspections}
    free = [each.id for each in context.policy.inspectors if each.id not in late]
    if inspector not in free:
        raise NotDesignated(
            say("{inspector!r:.60} is not designated, or was late with its report before.", inspector=inspector),
            param="inspector",
            inspectors=free,
        )
    ordered = Inspection(
        inspector=inspector,
        fee_minor=fee_minor,
        ordered_by=officer,
        ordered_at=now,
        fee_due_at=now + timedelta(days=context.policy.inspection_days),
    )
    return change(
        was,
        "inspection",
        now,
        event="inspection_ordered",
        status="inspection",
        reviewer=officer,
        inspections=(*was.inspections, ordered),
        files=files.hand_in(was, now),
        payload={"by": "officer", "inspector": inspector, "fee_minor": fee_minor, "due_at": ordered.fee_due_at},
    )


def fee_paid(
    was: Claim, context: Context, bank_id: str, bank_ref: str, minor: int, currency: str, now: datetime
) -> ClaimChange:
    """The bank says that the buyer paid the fee. Any other amount is FeeDiffers: it goes to suspense, not into the claim."""
    running = was.inspection
    awaited = was.status == "inspection" and running is not None and running.paid_at is None
    if running is None or not awaited or (minor, currency) != (running.fee_minor, was.currency):
        raise FeeDiffers(
            say(
                "{amount} {currency} came; no inspection of {id} awaits exactly that.",
                amount=Money.of(minor, currency).grouped,
                currency=currency,
                id=was.id,
            )
        )
    due = now + timedelta(days=context.policy.inspection_days + context.policy.report_days)
    paid = replace(running, paid_at=now, bank_id=bank_id, bank_ref=bank_ref, report_due_at=due)
    return change(
        was,
        "fee.paid",
        now,
        event="inspection_paid",
        inspections=_last(was, paid),
        payload={"fee_minor": minor, "due_at": due},
        postings=transfer(minor, currency, debit_to=(BANK_CLEARING, bank_id), credit_to=(INSPECTION_ESCROW, was.id)),
    )


def report(was: Claim, context: Context, officer: str, now: datetime, finding: Finding, sha256: str) -> ClaimChange:
    """The inspector's report is in: its fee is earned, the review begins."""
    must_not_be_excluded(was, officer)
    done = replace(existing(was.inspection), reported_at=now, report_sha256=sha256, finding=finding)
    escrow, payable = (INSPECTION_ESCROW, was.id), (INSPECTORS_PAYABLE, done.inspector)
    return to_review(
        replace(was, inspections=_last(was, done)),
        context,
        "inspection-report",
        now,
        why="the report is in",
        payload={"conforms": finding.conforms, "defect_bp": finding.defect_bp},
        postings=transfer(done.fee_minor, was.currency, debit_to=escrow, credit_to=payable),
    )


def fee_not_paid(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """Without the fee there is no inspection, and that is held against the buyer."""
    return to_review(was, context, "end_inspection", at, why="the fee was not paid", adverse_to="buyer")


def report_overdue(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """No report in time: the fee goes back, an officer may name another inspector."""
    running = existing(was.inspection)
    return change(
        was,
        "report_overdue",
        at,
        event="inspection_overdue",
        review_due_at=at + timedelta(hours=context.policy.review_hours),
        payload={"inspector": running.inspector, "fee_minor": running.fee_minor},
        **fee_back(was, running),
    )


def no_inspector(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """No other inspector was named in time."""
    return to_review(was, context, "end_inspection", at, why="no inspector reported")


def _last(claim: Claim, changed: Inspection) -> tuple[Inspection, ...]:
    return (*claim.inspections[:-1], changed)
