"""Every deadline of a claim, whose it is, and what comes of it when it passes. Pure.

A deadline is met iff `now < due_at`. Every state that is no end has one: nobody waits for ever. What becomes payable by itself is paid from
what the supplier's own money holds at that instant, so those timers are `funded`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal

from chalicelib.claims.rules import (
    appealing,
    deciding,
    evidence_phase,
    inspecting,
    negotiation,
    refund_tracking,
    settlement_agreement,
    undisputed,
)
from chalicelib.claims.rules.claim import GOODS_BACK, INTERIM_PAYMENT, Claim, Status, existing
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import TABLE
from chalicelib.shared.state_machine import Among, Deadline, StateMachine, Timer, kept, rings_next


def _supplier_answer_due(claim: Claim, context: Context) -> datetime | None:
    answered = claim.supplier_answered or claim.supplier_silent
    return None if answered else claim.filed_at + timedelta(hours=context.policy.respond_hours)


def _settlement_due(claim: Claim, context: Context) -> datetime:
    return claim.filed_at + timedelta(hours=context.policy.auto_escalate_hours)


def _offers_expire(claim: Claim, context: Context) -> Iterator[Deadline]:
    for offer in claim.offers:
        if offer.status == "open":
            yield Deadline(
                name=f"offer {offer.id}",
                due_at=offer.expires_at,
                owner="supplier" if offer.by == "buyer" else "buyer",
                default_outcome="offer_expired",
                by_clock=False,
            )


def _remedy_due(claim: Claim, context: Context) -> datetime | None:
    kind, agreed_at = existing(claim.settlement).kind, existing(claim.agreed_at)
    return None if kind in GOODS_BACK else agreed_at + timedelta(days=context.policy.remedy_days)


def _return_due(claim: Claim, context: Context) -> datetime | None:
    settlement, agreed_at = existing(claim.settlement), existing(claim.agreed_at)
    if settlement.kind not in GOODS_BACK or settlement.returned_at:
        return None
    return agreed_at + timedelta(days=context.policy.return_ship_days)


def _return_receipt_due(claim: Claim, context: Context) -> datetime | None:
    returned_at = existing(claim.settlement).returned_at
    return returned_at and returned_at + timedelta(days=context.policy.return_acknowledge_days)


def _case_opening_due(claim: Claim, context: Context) -> datetime:
    return existing(claim.escalated_at) + timedelta(hours=context.policy.review_hours)


def _fee_due(claim: Claim, context: Context) -> datetime | None:
    inspection = existing(claim.inspection)
    return None if inspection.paid_at else inspection.fee_due_at


def _report_due(claim: Claim, context: Context) -> datetime | None:
    inspection = existing(claim.inspection)
    return inspection.report_due_at if inspection.is_paid_for else None


def _other_inspector_due(claim: Claim, context: Context) -> datetime | None:
    return claim.review_due_at if existing(claim.inspection).fee_returned else None


_review_due = kept("review_due_at")
_appeal_due = kept("appeal_due_at")


def _other_appeal_due(claim: Claim, context: Context) -> datetime | None:
    return claim.appeal_due_at if undisputed.waits_for_the_supplier(claim) else None


def _refund(name: str, purpose: str) -> Timer[Claim, Context]:
    """Until banks have settled a payment, an officer is told that it is late, after waits that double."""

    def days(context: Context) -> timedelta:
        return timedelta(days=context.policy.refund_overdue_days)

    def due_at(claim: Claim, context: Context) -> datetime | None:
        payment = refund_tracking.open_payment(claim, purpose)
        return payment.at + days(context) if payment else None

    def rings_at(claim: Claim, context: Context) -> datetime | None:
        payment = refund_tracking.open_payment(claim, purpose)
        return rings_next(due_at(claim, context), payment.overdue if payment else 0, days(context))

    def owner(claim: Claim) -> str:
        return "officer" if existing(refund_tracking.open_payment(claim, purpose)).overdue else "bank"

    fire = partial(refund_tracking.overdue, purpose=purpose)
    return Timer(name, _in("appealed", "payable"), due_at, owner, "officer_queue", fire, rings_at=rings_at)


_paying: Final = partial(Timer[Claim, Context], funded=True)
"""What makes money payable."""


_in: Final = Among[Status]()


def _after_review(claim: Claim) -> Literal["determined_by_rules", "another_officer"]:
    return "determined_by_rules" if claim.overdue else "another_officer"


_NEGOTIATING: Final = _in("negotiating")
_AGREED: Final = _in("agreed")
_INSPECTION: Final = _in("inspection")
_APPEALED: Final = _in("appealed")

MACHINE: Final = StateMachine[Claim, Context](
    table=TABLE,
    timers=(
        Timer("supplier_answer", _NEGOTIATING, _supplier_answer_due, "supplier", "supplier_silent", negotiation.silent),
        Timer("settlement", _NEGOTIATING, _settlement_due, "both", "escalated", negotiation.auto_escalate),
        Timer("offer", _NEGOTIATING, _offers_expire, "both", "offer_expired"),
        Timer("remedy", _AGREED, _remedy_due, "both", "closed_no_payment", settlement_agreement.remedy_due),
        Timer("return", _AGREED, _return_due, "buyer", "closed_no_payment", settlement_agreement.not_returned),
        _paying(
            "return_receipt", _AGREED, _return_receipt_due, "supplier", "payable", settlement_agreement.take_as_received
        ),
        Timer("case_opening", _in("escalated"), _case_opening_due, "officer", "evidence", evidence_phase.open_unasked),
        Timer(
            "evidence", _in("evidence"), lambda claim, _: claim.evidence_due_at, "both", "review", evidence_phase.close
        ),
        Timer("inspection_fee", _INSPECTION, _fee_due, "buyer", "review", inspecting.fee_not_paid),
        Timer("inspection_report", _INSPECTION, _report_due, "inspector", "fee_refunded", inspecting.report_overdue),
        Timer("other_inspector", _INSPECTION, _other_inspector_due, "officer", "review", inspecting.no_inspector),
        Timer("review", _in("review"), _review_due, "officer", _after_review, deciding.review_overdue),
        _paying("appeal", _in("determined"), _appeal_due, "both", "final", appealing.become_final),
        _paying(
            "appeal_decision", _APPEALED, _review_due, "officer", "first_decision_stands", appealing.appeal_overdue
        ),
        _paying(
            "other_appeal", _APPEALED, _other_appeal_due, "supplier", "undisputed_share_payable", undisputed.fall_due
        ),
        _refund("refund", ""),
        _refund("refund_of_share", INTERIM_PAYMENT),
    ),
)
