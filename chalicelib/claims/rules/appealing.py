"""Appeals, and what becomes of a decision that is final. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import deciding, negotiation, refunds, undisputed
from chalicelib.claims.rules.case_assignment import ConflictOfInterest, must_not_be_excluded
from chalicelib.claims.rules.changing import change, end, end_as_moot
from chalicelib.claims.rules.claim import Appeal, Claim, Decision, OfficerDecision, existing
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.claims.rules.verdict.book import Verdict
from chalicelib.orders.rules.order import Side
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money


class NewEvidenceNeeded(RuleViolation):
    code = "new_evidence_needed"
    title = "An appeal needs evidence that was not there before."
    fix = "Add and submit at least one new file, then appeal."


def appeal(was: Claim, context: Context, side: Side, now: datetime, grounds: str, concedes_minor: int) -> ClaimChange:
    """Once for each side, with evidence that was not there before. Another officer decides; what nobody contests is paid until then."""
    fresh = tuple(file.id for file in was.submitted() if file.by == side and file.round == was.round)
    if not fresh:
        raise NewEvidenceNeeded("Nothing has been submitted since the determination.", param="grounds")
    undisputed.must_be_concedable(was, side, concedes_minor)
    appeal = Appeal(by=side, grounds=grounds, files=fresh, at=now, concedes_minor=concedes_minor)
    due = now + timedelta(days=context.policy.appeal_decide_days)
    payload: dict[str, Any] = {"by": side, "evidence": list(fresh), "due_at": due}
    more: dict[str, Any] = {
        "event": "appealed",
        "status": "appealed",
        "appeals": (*was.appeals, appeal),
        "review_due_at": due,
        "reviewer": "",
    }
    share = undisputed.interim_payment_minor(was, appeal)
    if share == 0:
        return change(was, "appeal", now, payload=payload, **more)
    return refunds.interim_payment(
        was, context, "appeal", share, now, payload=payload | {"undisputed_minor": share}, **more
    )


def decide_appeal(was: Claim, context: Context, officer: str, now: datetime, ruling: OfficerDecision) -> ClaimChange:
    """Somebody else decides, and that is final; the event says what differs."""
    must_not_be_excluded(was, officer)
    first = existing(was.decision)
    if officer in first.by:
        raise ConflictOfInterest("Whoever took a decision does not decide on the appeal against it.")
    undisputed.must_be_kept(was, ruling)
    deciding.must_fit(was, context, ruling, now)
    final = replace(deciding.decision(was, context, ruling, (officer,), now), final=True)
    decided = replace(was, decisions=(*was.decisions, final))
    payload = deciding.payload(final) | {"changed": _changed(first.verdict, final.verdict, was.currency)}
    return _carry_out(decided, context, "decide-appeal", final, now, payload=payload)


def _changed(was: Verdict, now_is: Verdict, currency: str) -> dict[str, list[Any]]:
    """What an appeal changed: before and after."""
    shown = [
        {
            "outcome": verdict.outcome,
            "approved": Money.of(verdict.approved_minor, currency).amount,
            "supplier_fault_percent": verdict.supplier_fault_percent,
        }
        for verdict in (was, now_is)
    ]
    return {name: [shown[0][name], shown[1][name]] for name in shown[0] if shown[0][name] != shown[1][name]}


def appeal_overdue(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """Nobody decided on the appeal in time: the first decision stands."""
    return become_final(was, context, at, why="the appeal was not decided in time")


def become_final(was: Claim, context: Context, at: datetime, *, why: str = "no appeal") -> ClaimChange:
    """No appeal came: the decision is final, and is carried out."""
    final = replace(existing(was.decision), final=True)
    decided = replace(was, decisions=(*was.decisions[:-1], final))
    return _carry_out(decided, context, "become_final", final, at, payload=deciding.payload(final) | {"final": why})


def _carry_out(
    was: Claim, context: Context, name: str, final: Decision, at: datetime, *, payload: dict[str, Any]
) -> ClaimChange:
    """A final decision comes to money, goods back first, or nothing."""
    verdict = final.verdict
    if verdict.approved_minor == 0 and context.is_moot(was) and final.case.ceiling_minor == 0:
        return end_as_moot(was, context, name, at, payload=payload)
    if verdict.approved_minor == 0:
        duty = verdict.missed_duty
        missed = f" {duty.party}: {duty.duty} ({duty.rule})." if duty else ""
        remains = ", ".join(remedy.code for remedy in verdict.remaining_remedies if remedy.code != "appeal")
        why = f"DE-1: decision {final.case_hash} approves nothing.{missed} What remains: {remains or 'nothing here'}."
        return end(was, context, name, "rejected", at, why=why, payload=payload)
    if verdict.outcome == "return":
        settlement = negotiation.settlement("return_and_refund", verdict.approved_minor, final.case_hash, final.by, at)
        return change(
            was,
            name,
            at,
            event="return_ordered",
            status="agreed",
            agreed_at=at,
            settlement=settlement,
            payload=payload,
        )
    fault_percent = verdict.supplier_fault_percent
    return refunds.refund(was, context, name, verdict.approved_minor, at, payload=payload, fault_percent=fault_percent)
