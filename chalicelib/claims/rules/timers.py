"""Every deadline of a claim, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`. Every state that is no end has one: nobody waits for ever. What becomes payable by itself is paid from
what the supplier's own money holds at that instant, so those timers are `funded`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from chalicelib.claims.rules import (
    agreeing,
    appealing,
    arriving,
    deciding,
    inspecting,
    negotiation,
    proving,
    undisputed,
)
from chalicelib.claims.rules.claim import GOODS_BACK, SHARE, Claim, Inspection, Paying
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import TABLE
from chalicelib.shared.state_machine import Deadline, StateMachine, Timer


def _supplier_answer_due(claim: Claim, context: Context) -> datetime | None:
    answered = claim.supplier_answered or claim.supplier_silent
    return None if answered else claim.filed_at + timedelta(hours=context.policy.respond_hours)


def _settlement_due(claim: Claim, context: Context) -> datetime:
    return claim.filed_at + timedelta(hours=context.policy.auto_escalate_hours)


def _offers_expire(claim: Claim, context: Context) -> Iterator[Deadline]:
    return (
        Deadline(
            name=f"offer {offer.id}",
            due_at=offer.expires_at,
            owner="supplier" if offer.by == "buyer" else "buyer",
            default_outcome="offer_expired",
            by_clock=False,
        )
        for offer in claim.offers
        if offer.status == "open"
    )


def _remedy_due(claim: Claim, context: Context) -> datetime | None:
    return None if _is_return(claim) else _agreed_at(claim) + timedelta(days=context.policy.remedy_days)


def _return_due(claim: Claim, context: Context) -> datetime | None:
    if not _is_return(claim) or _returned_at(claim):
        return None
    return _agreed_at(claim) + timedelta(days=context.policy.return_ship_days)


def _return_receipt_due(claim: Claim, context: Context) -> datetime | None:
    returned_at = _returned_at(claim)
    return returned_at and returned_at + timedelta(days=context.policy.return_acknowledge_days)


def _is_return(claim: Claim) -> bool:
    return claim.settlement is not None and claim.settlement.kind in GOODS_BACK


def _returned_at(claim: Claim) -> datetime | None:
    return claim.settlement.returned_at if claim.settlement else None


def _agreed_at(claim: Claim) -> datetime:
    assert claim.agreed_at is not None, "it is agreed"
    return claim.agreed_at


def _case_opening_due(claim: Claim, context: Context) -> datetime:
    assert claim.escalated_at is not None, "it is escalated"
    return claim.escalated_at + timedelta(hours=context.policy.review_hours)


def _evidence_due(claim: Claim, context: Context) -> datetime | None:
    return claim.evidence_due_at


def _fee_due(claim: Claim, context: Context) -> datetime | None:
    inspection = _inspection(claim)
    return None if inspection.paid_at else inspection.fee_due_at


def _report_due(claim: Claim, context: Context) -> datetime | None:
    inspection = _inspection(claim)
    return inspection.report_due_at if inspection.is_paid_for else None


def _other_inspector_due(claim: Claim, context: Context) -> datetime | None:
    return claim.review_due_at if _inspection(claim).fee_returned else None


def _inspection(claim: Claim) -> Inspection:
    assert claim.inspection is not None, "one was ordered"
    return claim.inspection


def _review_due(claim: Claim, context: Context) -> datetime | None:
    return claim.review_due_at


def _appeal_due(claim: Claim, context: Context) -> datetime | None:
    return claim.appeal_due_at


def _other_appeal_due(claim: Claim, context: Context) -> datetime | None:
    return claim.appeal_due_at if undisputed.waits_for_the_supplier(claim) else None


def _refund_timer(name: str, purpose: str) -> Timer[Claim, Context]:
    """Until banks have settled a payment: an officer is told that it is late, and again and again."""

    def payment(claim: Claim) -> Paying | None:
        return arriving.open_payment(claim, purpose)

    def due_at(claim: Claim, context: Context) -> datetime | None:
        paid = payment(claim)
        days = context.policy.refund_overdue_days
        return paid.at + timedelta(days=days * (paid.overdue + 1)) if paid else None

    def owner(claim: Claim) -> str:
        paid = payment(claim)
        return "officer" if paid and paid.overdue else "bank"

    fire = partial(arriving.overdue, purpose=purpose)
    return Timer(name, frozenset({"appealed", "payable"}), due_at, owner, "officer_queue", fire)


def _after_review(claim: Claim) -> str:
    return "determined_by_rules" if claim.overdue else "another_officer"


_NEGOTIATING: Final = frozenset({"negotiating"})
_AGREED: Final = frozenset({"agreed"})
_INSPECTION: Final = frozenset({"inspection"})
_APPEALED: Final = frozenset({"appealed"})

MACHINE: Final = StateMachine[Claim, Context](
    table=TABLE,
    timers=(
        Timer(
            "supplier_answer",
            _NEGOTIATING,
            _supplier_answer_due,
            "supplier",
            "supplier_silent",
            negotiation.supplier_silent,
        ),
        Timer("settlement", _NEGOTIATING, _settlement_due, "both", "escalated", negotiation.auto_escalate),
        Timer("offer", _NEGOTIATING, _offers_expire, "both", "offer_expired"),
        Timer("remedy", _AGREED, _remedy_due, "both", "closed_no_payment", agreeing.remedy_due),
        Timer("return", _AGREED, _return_due, "buyer", "closed_no_payment", agreeing.not_returned),
        Timer(
            "return_receipt",
            _AGREED,
            _return_receipt_due,
            "supplier",
            "payable",
            agreeing.take_as_received,
            funded=True,
        ),
        Timer("case_opening", frozenset({"escalated"}), _case_opening_due, "officer", "evidence", proving.open_unasked),
        Timer("evidence", frozenset({"evidence"}), _evidence_due, "both", "review", proving.evidence_due),
        Timer("inspection_fee", _INSPECTION, _fee_due, "buyer", "review", inspecting.fee_not_paid),
        Timer("inspection_report", _INSPECTION, _report_due, "inspector", "fee_refunded", inspecting.report_overdue),
        Timer("other_inspector", _INSPECTION, _other_inspector_due, "officer", "review", inspecting.no_inspector),
        Timer("review", frozenset({"review"}), _review_due, "officer", _after_review, deciding.review_overdue),
        Timer("appeal", frozenset({"determined"}), _appeal_due, "both", "final", appealing.become_final, funded=True),
        Timer(
            "appeal_decision",
            _APPEALED,
            _review_due,
            "officer",
            "first_decision_stands",
            appealing.appeal_overdue,
            funded=True,
        ),
        Timer(
            "other_appeal",
            _APPEALED,
            _other_appeal_due,
            "supplier",
            "undisputed_share_payable",
            undisputed.fall_due,
            funded=True,
        ),
        _refund_timer("refund", ""),
        _refund_timer("refund_of_share", SHARE),
    ),
)
