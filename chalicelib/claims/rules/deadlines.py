"""Every deadline of a claim, whose it is, and what happens by itself when it passes. Pure.

A deadline is met iff `now < due_at`. What fell due is applied before every read and write with the instant it fell due, so a late sweep
changes nothing but the moment it becomes visible. Every state that is no end has one: nobody waits for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from chalicelib.claims.rules import agreeing, appealing, deciding, inspecting, negotiation, officers, proving
from chalicelib.claims.rules.claim import Claim
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.step import Dossier, Step, end, step
from chalicelib.orders.rules import Deadline


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
        case "appealed" if claim.review_due_at:
            yield Deadline(
                name="appeal_decision",
                due_at=claim.review_due_at,
                owner="officer",
                default_outcome="first_decision_stands",
            )
        case "payable" if claim.paying:
            due = claim.paying.at + timedelta(days=policy.refund_overdue_days * (claim.paying.overdue + 1))
            owner = "officer" if claim.paying.overdue else "bank"
            yield Deadline(name="refund", due_at=due, owner=owner, default_outcome="officer_queue")


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


def _silent(dossier: Dossier, at: datetime) -> Step:
    return step(dossier.claim, "supplier_silent", at, supplier_silent=True)


def _not_returned(dossier: Dossier, at: datetime) -> Step:
    why = "AG-2: the goods were not sent back in time; the settlement is void, and the claim is over."
    return end(dossier, "closed", "closed_no_payment", at, why=why)


def _remedy_due(dossier: Dossier, at: datetime) -> Step:
    why = "AG-3: nobody called an officer in the time for the agreed remedy; it counts as carried out."
    return end(dossier, "closed", "closed_no_payment", at, why=why)


def _refund_overdue(dossier: Dossier, at: datetime) -> Step:
    """An officer looks at the instructions; the claim waits for the bank, and rings again until it is paid."""
    paying = dossier.claim.paying
    assert paying is not None
    return step(dossier.claim, "refund_overdue", at, paying=replace(paying, overdue=paying.overdue + 1))


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
    "appeal_decision": appealing.appeal_overdue,
    "refund": _refund_overdue,
}
