"""Appeals, and what becomes of a decision that is final. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import deciding, moves, negotiation, paying, undisputed
from chalicelib.claims.rules.claim import Appeal, Decision, Ruling
from chalicelib.claims.rules.officers import ConflictOfInterest, must_be_open_to
from chalicelib.claims.rules.step import Dossier, Step, end, end_as_moot, is_moot, step
from chalicelib.claims.rules.verdict.book import Verdict
from chalicelib.orders.rules.order import Side
from chalicelib.shared.money import Money
from chalicelib.shared.periods import wire
from chalicelib.shared.refusal import Conflict, Unfit


class NewEvidenceNeeded(Unfit):
    code = "new_evidence_needed"
    title = "An appeal needs evidence that was not there before."
    fix = "Add and submit at least one new file, then appeal."


class AppealOver(Conflict):
    code = "appeal_over"
    title = "The time to appeal is over."
    fix = "The decision is final; other_claim and law are what remains."


def appeal(dossier: Dossier, side: Side, grounds: str, now: datetime, *, concedes_minor: int = 0) -> Step:
    """Once for each side, with evidence that was not there before. Another officer decides; what nobody contests is paid until then."""
    claim = dossier.claim
    moves.must_be_allowed("appeal", claim, side, dossier.policy, now)
    assert claim.appeal_due_at is not None
    if now >= claim.appeal_due_at:
        raise AppealOver(
            f"An appeal was possible before {wire(claim.appeal_due_at)}.", due_at=wire(claim.appeal_due_at)
        )
    fresh = tuple(file.id for file in claim.submitted() if file.by == side and file.round == claim.round)
    if not fresh:
        raise NewEvidenceNeeded("Nothing has been submitted since the determination.", param="grounds")
    undisputed.must_be_concedable(claim, side, concedes_minor)
    made = Appeal(by=side, grounds=grounds, files=fresh, at=now, concedes_minor=concedes_minor)
    due = now + timedelta(days=dossier.policy.appeal_decide_days)
    facts: dict[str, Any] = {"by": side, "evidence": list(fresh), "due_at": due}
    changes: dict[str, Any] = {
        "status": "appealed",
        "appeals": (*claim.appeals, made),
        "review_due_at": due,
        "reviewer": "",
    }
    share = undisputed.share_minor(claim, made)
    if share == 0:
        return step(claim, "appealed", now, facts=facts, **changes)
    return paying.share(dossier, "appealed", share, now, facts=facts | {"undisputed_minor": share}, **changes)


def decide_appeal(dossier: Dossier, officer: str, ruling: Ruling, now: datetime) -> Step:
    """Somebody else decides, and that is final; the event says what differs."""
    claim = dossier.claim
    must_be_open_to(dossier, officer, "decide-appeal", now)
    first = claim.decision
    assert first is not None
    if officer in first.by:
        raise ConflictOfInterest("Whoever took a decision does not decide on the appeal against it.")
    undisputed.must_be_kept(claim, ruling)
    deciding.must_fit(dossier, ruling, now)
    made = replace(deciding.decision(dossier, ruling, (officer,), now), final=True)
    after = replace(claim, decisions=(*claim.decisions, made))
    changed = {"changed": _changed(first.verdict, made.verdict, claim.currency)}
    return _final(dossier.after(after), made, now, facts=deciding.told(made) | changed)


def _changed(was: Verdict, now_is: Verdict, currency: str) -> dict[str, list[Any]]:
    """What an appeal changed: before and after."""
    shown = [
        {
            "outcome": found.outcome,
            "approved": Money.of(found.approved_minor, currency).amount,
            "supplier_fault_percent": found.supplier_fault_percent,
        }
        for found in (was, now_is)
    ]
    return {name: [shown[0][name], shown[1][name]] for name in shown[0] if shown[0][name] != shown[1][name]}


def appeal_overdue(dossier: Dossier, at: datetime) -> Step:
    """Nobody decided on the appeal in time: the first decision stands."""
    return become_final(dossier, at, why="the appeal was not decided in time")


def become_final(dossier: Dossier, at: datetime, *, why: str = "no appeal") -> Step:
    """No appeal came: the decision is final, and is carried out."""
    claim = dossier.claim
    assert claim.decision is not None
    final = replace(claim.decision, final=True)
    after = replace(claim, decisions=(*claim.decisions[:-1], final))
    return _final(dossier.after(after), final, at, facts=deciding.told(final) | {"final": why})


def _final(dossier: Dossier, made: Decision, now: datetime, *, facts: dict[str, Any]) -> Step:
    """Carry a final decision out: money, goods back first, or nothing."""
    claim, found = dossier.claim, made.verdict
    if found.approved_minor == 0 and is_moot(dossier) and made.case.ceiling_minor == 0:
        return end_as_moot(dossier, now, facts=facts, decisions=claim.decisions)
    if found.approved_minor == 0:
        duty = found.missed_duty
        missed = f" {duty.party}: {duty.duty} ({duty.rule})." if duty else ""
        remains = ", ".join(remedy.code for remedy in found.remaining_remedies if remedy.code != "appeal")
        why = f"DE-1: decision {made.case_hash} approves nothing.{missed} What remains: {remains or 'nothing here'}."
        return end(dossier, "rejected", "rejected", now, why=why, facts=facts, decisions=claim.decisions)
    if found.outcome == "return":
        agreed = negotiation.settlement("return_and_refund", found.approved_minor, made.case_hash, made.by, now)
        return step(claim, "return_ordered", now, status="agreed", agreed_at=now, settlement=agreed, facts=facts)
    return paying.refund(dossier, found.approved_minor, now, facts=facts, fault_percent=found.supplier_fault_percent)
