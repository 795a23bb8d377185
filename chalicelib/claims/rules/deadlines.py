"""Every deadline of a claim, whose it is, and what happens by itself when it passes. Pure.

A deadline is met iff `now < due_at`. What fell due is applied before every read and write with the instant it fell due, so a late sweep
changes nothing but the moment it becomes visible. Every state that is no end has one: nobody waits for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
    officers,
    proving,
    undisputed,
)
from chalicelib.claims.rules.claim import SHARE, Claim
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.step import Dossier, Step, end, end_as_moot, is_moot, step
from chalicelib.shared.state_machine import Deadline


def deadlines(claim: Claim, policy: ClaimPolicy) -> list[Deadline]:
    """All that run now, the earliest first."""
    return sorted(_of(claim, policy), key=lambda deadline: deadline.due_at)


def next_due(claim: Claim, policy: ClaimPolicy) -> datetime | None:
    """The instant at which something happens to this claim by itself, or None."""
    first = _first(claim, policy)
    return first.due_at if first else None


def first_due(dossier: Dossier, now: datetime) -> Step | None:
    """The next step the clock takes, if it fell due by `now`: with the instant at which it took effect."""
    deadline = _first(dossier.claim, dossier.policy)
    if deadline is None or deadline.due_at > now:
        return None
    return _TAKES[deadline.name](dossier, deadline.due_at)


def _first(claim: Claim, policy: ClaimPolicy) -> Deadline | None:
    return next((deadline for deadline in deadlines(claim, policy) if deadline.by_clock), None)


def _of(claim: Claim, policy: ClaimPolicy) -> Iterator[Deadline]:
    match claim.status:
        case "negotiating":
            yield from _while_negotiating(claim, policy)
        case "agreed":
            yield _while_agreed(claim, policy)
        case "escalated" if claim.escalated_at:
            due = claim.escalated_at + timedelta(hours=policy.review_hours)
            yield Deadline(name="case_opening", due_at=due, owner="officer", default_outcome="evidence")
        case "evidence" if claim.evidence_due_at:
            yield Deadline(name="evidence", due_at=claim.evidence_due_at, owner="both", default_outcome="review")
        case "inspection":
            yield _while_inspected(claim)
        case "review" if claim.review_due_at:
            outcome = "determined_by_rules" if claim.overdue else "another_officer"
            yield Deadline(name="review", due_at=claim.review_due_at, owner="officer", default_outcome=outcome)
        case "determined" if claim.appeal_due_at:
            yield Deadline(name="appeal", due_at=claim.appeal_due_at, owner="both", default_outcome="final")
        case "appealed":
            yield from _while_appealed(claim)
            yield from _while_paid(claim, policy)
        case "payable":
            yield from _while_paid(claim, policy)


def _while_negotiating(claim: Claim, policy: ClaimPolicy) -> Iterator[Deadline]:
    if not claim.supplier_answered and not claim.supplier_silent:
        due = claim.filed_at + timedelta(hours=policy.respond_hours)
        yield Deadline(name="supplier_answer", due_at=due, owner="supplier", default_outcome="supplier_silent")
    due = claim.filed_at + timedelta(hours=policy.auto_escalate_hours)
    yield Deadline(name="settlement", due_at=due, owner="both", default_outcome="escalated")
    for offer in claim.offers:
        if offer.status == "open":
            owner = "supplier" if offer.by == "buyer" else "buyer"
            yield Deadline(
                name=f"offer {offer.id}",
                due_at=offer.expires_at,
                owner=owner,
                default_outcome="offer_expired",
                by_clock=False,
            )


def _while_agreed(claim: Claim, policy: ClaimPolicy) -> Deadline:
    made = claim.settlement
    assert made is not None
    assert claim.agreed_at is not None
    if made.kind == "replace":
        due = claim.agreed_at + timedelta(days=policy.remedy_days)
        return Deadline(name="remedy", due_at=due, owner="both", default_outcome="closed_no_payment")
    if made.returned_at is None:
        due = claim.agreed_at + timedelta(days=policy.return_ship_days)
        return Deadline(name="return", due_at=due, owner="buyer", default_outcome="closed_no_payment")
    due = made.returned_at + timedelta(days=policy.return_acknowledge_days)
    return Deadline(name="return_receipt", due_at=due, owner="supplier", default_outcome="payable")


def _while_inspected(claim: Claim) -> Deadline:
    running = claim.inspection
    assert running is not None
    if running.paid_at is None:
        return Deadline(name="inspection_fee", due_at=running.fee_due_at, owner="buyer", default_outcome="review")
    if running.fee_returned:
        assert claim.review_due_at is not None
        return Deadline(name="other_inspector", due_at=claim.review_due_at, owner="officer", default_outcome="review")
    assert running.report_due_at is not None
    return Deadline(
        name="inspection_report", due_at=running.report_due_at, owner="inspector", default_outcome="fee_refunded"
    )


def _while_appealed(claim: Claim) -> Iterator[Deadline]:
    assert claim.review_due_at is not None
    yield Deadline(
        name="appeal_decision", due_at=claim.review_due_at, owner="officer", default_outcome="first_decision_stands"
    )
    if claim.appeal_due_at and undisputed.waits_for_the_supplier(claim):
        yield Deadline(
            name="other_appeal",
            due_at=claim.appeal_due_at,
            owner="supplier",
            default_outcome="undisputed_share_payable",
        )


def _while_paid(claim: Claim, policy: ClaimPolicy) -> Iterator[Deadline]:
    """Until banks have settled a payment."""
    for name, paid in (("refund", claim.paying), ("refund_of_share", claim.share)):
        if paid and not paid.is_settled:
            due = paid.at + timedelta(days=policy.refund_overdue_days * (paid.overdue + 1))
            owner = "officer" if paid.overdue else "bank"
            yield Deadline(name=name, due_at=due, owner=owner, default_outcome="officer_queue")


def _silent(dossier: Dossier, at: datetime) -> Step:
    return step(dossier.claim, "supplier_silent", at, supplier_silent=True)


def _not_returned(dossier: Dossier, at: datetime) -> Step:
    if is_moot(dossier):
        return end_as_moot(dossier, at)
    why = "AG-2: the goods were not sent back in time; the settlement is void, and the claim is over."
    return end(dossier, "closed", "closed_no_payment", at, why=why)


def _remedy_due(dossier: Dossier, at: datetime) -> Step:
    why = "AG-3: nobody called an officer in the time for the agreed remedy; it counts as carried out."
    return end(dossier, "closed", "closed_no_payment", at, why=why)


_TAKES: Final[dict[str, Callable[[Dossier, datetime], Step]]] = {
    "supplier_answer": _silent,
    "settlement": lambda dossier, at: negotiation.escalate(dossier.claim, None, dossier.policy, at),
    "return": _not_returned,
    "return_receipt": lambda dossier, at: agreeing.acknowledge_return(dossier, "received", at, by="clock"),
    "remedy": _remedy_due,
    "case_opening": lambda dossier, at: proving.open_evidence(dossier, at, by=officers.BY_RULES),
    "evidence": proving.evidence_due,
    "inspection_fee": lambda dossier, at: proving.to_review(
        dossier, at, why="the fee was not paid", adverse_to="buyer"
    ),
    "inspection_report": inspecting.report_overdue,
    "other_inspector": lambda dossier, at: proving.to_review(dossier, at, why="no inspector reported"),
    "review": deciding.review_overdue,
    "appeal": appealing.become_final,
    "other_appeal": undisputed.fall_due,
    "appeal_decision": appealing.appeal_overdue,
    "refund": arriving.overdue,
    "refund_of_share": partial(arriving.overdue, purpose=SHARE),
}
