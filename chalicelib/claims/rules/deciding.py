"""With an officer: evidence is opened, goods are inspected, a decision is drafted, taken, appealed and becomes final. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import files, moves, negotiation, paying, verdict
from chalicelib.claims.rules.claim import Appeal, Claim, Decision, Inspection, Proposed, Ruling
from chalicelib.claims.rules.step import Dossier, Step, end, fee_back, step
from chalicelib.claims.rules.verdict import Case, Finding, Verdict
from chalicelib.ledger.rules import BANK_CLEARING, INSPECTION_ESCROW, INSPECTORS_PAYABLE
from chalicelib.orders.rules import Side, ship_by_at
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.periods import wire
from chalicelib.shared.refusal import Conflict, NotAllowed, Unfit

BY_RULES = "clock"
"""Who decided where no officer did in time."""


class ConflictOfInterest(NotAllowed):
    code = "conflict_of_interest"
    title = "This officer may not decide on this claim."
    fix = "Leave it to another officer."


class NotDesignated(Unfit):
    code = "inspector_not_designated"
    title = "That inspector is not designated."
    fix = "Choose one of `inspectors`."


class NewEvidenceNeeded(Unfit):
    code = "new_evidence_needed"
    title = "An appeal needs evidence that was not there before."
    fix = "Add and submit at least one new file, then appeal."


class AppealOver(Conflict):
    code = "appeal_over"
    title = "The time to appeal is over."
    fix = "The decision is final; other_claim and law are what remains."


class DecisionDoesNotFit(Unfit):
    code = "decision_does_not_fit"
    title = "That decision does not hold together."
    fix = "Change the field named in param."


class FeeDiffers(Unfit):
    code = "inspection_fee_differs"
    title = "That is not the fee that is awaited."


def open_evidence(dossier: Dossier, now: datetime, *, by: str) -> Step:
    """Both sides may hand in evidence until it is due."""
    if by != BY_RULES:
        _officer(dossier, by, "open-evidence", now)
    due = now + timedelta(hours=dossier.policy.evidence_hours)
    return step(
        dossier.claim,
        "evidence_opened",
        now,
        status="evidence",
        evidence_due_at=due,
        complete=(),
        overdue=0,
        proposed=None,
        reviewer="" if by == BY_RULES else by,
        facts={"by": _told_by(by), "due_at": due},
    )


def complete_evidence(dossier: Dossier, side: Side, now: datetime) -> Step:
    """A side has nothing more to add; when both say so, the review begins."""
    claim = dossier.claim
    moves.must_be_allowed("complete-evidence", claim, side, dossier.policy, now)
    complete = (*claim.complete, side)
    if len(complete) == 2:
        return to_review(dossier.after(replace(claim, complete=complete)), now, why="both sides are complete")
    return step(
        claim,
        "evidence_complete",
        now,
        complete=complete,
        supplier_answered=claim.supplier_answered or side == "supplier",
        facts={"by": side},
    )


def evidence_due(dossier: Dossier, at: datetime) -> Step:
    """What was staged is handed in. A buyer who proved nothing, where the record proves nothing either, has lapsed."""
    claim = replace(dossier.claim, files=files.hand_in(dossier.claim, at))
    heard = "buyer" in claim.complete or any(file.by == "buyer" for file in claim.submitted())
    if heard or verdict.draft(case_of(dossier.after(claim)), dossier.policy).approved_minor:
        return to_review(dossier.after(claim), at, why="evidence was due")
    why = (
        "EV-1: the buyer handed in no evidence in time and the record of the order does not prove the claim;"
        " it can be claimed again while its window is open."
    )
    return end(dossier, "lapsed", "lapsed", at, why=why, files=claim.files)


def to_review(dossier: Dossier, now: datetime, *, why: str, **changes: Any) -> Step:
    due = now + timedelta(days=dossier.policy.determine_days)
    handed_in = files.hand_in(dossier.claim, now)
    told = {"files": handed_in, "complete": dossier.claim.complete} | changes
    return step(
        dossier.claim, "in_review", now, status="review", review_due_at=due, overdue=0, facts={"why": why}, **told
    )


def inspect(dossier: Dossier, officer: str, inspector: str, fee_minor: int, now: datetime) -> Step:
    """Order an inspection: the buyer pays its fee in advance, and has it back as far as the supplier was at fault."""
    claim = dossier.claim
    _officer(dossier, officer, "inspection", now)
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
    _officer(dossier, officer, "inspection-report", now)
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


def assign(dossier: Dossier, by: str, officer: str, now: datetime) -> Step:
    moves.must_be_allowed("assign", dossier.claim, "officer", dossier.policy, now)
    _must_not_be_barred(dossier.claim, officer)
    return step(dossier.claim, "assigned", now, reviewer=officer, facts={"private": {"by": by, "officer": officer}})


def recuse(dossier: Dossier, officer: str, now: datetime) -> Step:
    """The officer has an interest in the claim and takes no part in it any more; what it proposed is void."""
    claim = dossier.claim
    moves.must_be_allowed("recuse", claim, "officer", dossier.policy, now)
    _must_not_be_barred(claim, officer)
    proposed = claim.proposed if claim.proposed and claim.proposed.by != officer else None
    reviewer = "" if claim.reviewer == officer else claim.reviewer
    return step(
        claim,
        "officer_recused",
        now,
        barred=(*claim.barred, officer),
        reviewer=reviewer,
        proposed=proposed,
        facts={"private": {"officer": officer}},
    )


def case_of(dossier: Dossier, ruling: Ruling | None = None) -> Case:
    """All that a decision rests on, as it stands now."""
    claim, order = dossier.claim, dossier.order
    assert order.cover is not None, "only covered orders are claimed on"
    done = claim.inspection
    buyer_heard = any(file.by == "buyer" for file in claim.submitted())
    return Case(
        policy=claim.policy,
        reason=claim.reason,
        filed_at=claim.filed_at,
        currency=claim.currency,
        requested_minor=claim.requested_minor,
        requested_usd_minor=order.cover.quote.convert(claim.requested_minor),
        ceiling_minor=paying.payable(dossier, claim.requested_minor)[0],
        total_minor=order.terms.total_minor,
        lines=verdict.claimed_lines(order, claim.lines),
        cover=order.terms.cover,
        cap_minor=order.cover.cap_minor,
        incoterm=order.terms.incoterm,
        ship_by_at=ship_by_at(order, dossier.terms),
        shipped_at=order.shipped_at,
        proven_shipped_at=ruling.proven_shipped_at if ruling else None,
        delivered_at=order.delivered_at,
        received_at=order.received_at,
        received_automatically=order.received_automatically,
        evidence=tuple((file.by, file.code) for file in claim.submitted()),
        supplier_silent=not claim.supplier_answered,
        buyer_silent=not buyer_heard,
        inspection=done.finding if done and done.finding else None,
        inspection_missed_by=claim.adverse_to,
        forged_by=ruling.forged_by if ruling else None,
    )


def draft(dossier: Dossier, ruling: Ruling | None = None) -> Verdict:
    """What the rules make of the case; an officer decides on it."""
    return verdict.draft(case_of(dossier, ruling), dossier.policy)


def determine(dossier: Dossier, officer: str, ruling: Ruling, now: datetime) -> Step:
    """Decide. From the policy's threshold on two officers decide the same: the first one's decision waits for the second's."""
    claim = dossier.claim
    _officer(dossier, officer, "determine", now)
    _must_fit(dossier, ruling)
    if case_of(dossier).requested_usd_minor < dossier.policy.two_officers_from_usd_minor:
        return decided(dossier, ruling, (officer,), now)
    waiting = claim.proposed
    if waiting is not None and waiting.by != officer and waiting.ruling == _bare(ruling):
        return decided(dossier, ruling, (waiting.by, officer), now)
    return step(
        claim,
        "determination_proposed",
        now,
        proposed=Proposed(by=officer, ruling=_bare(ruling), at=now),
        reviewer=officer,
        facts={"private": {"officer": officer, "approved_minor": ruling.approved_minor}},
    )


def decided(dossier: Dossier, ruling: Ruling, by: tuple[str, ...], now: datetime, *, default: bool = False) -> Step:
    """The determination stands; both sides may appeal, once, until the appeal is due."""
    made = _decision(dossier, ruling, by, now, default=default)
    due = now + timedelta(days=dossier.policy.appeal_days)
    return step(
        dossier.claim,
        "determined",
        now,
        status="determined",
        decisions=(*dossier.claim.decisions, made),
        proposed=None,
        appeal_due_at=due,
        facts=_told(made) | {"due_at": due},
    )


def review_overdue(dossier: Dossier, at: datetime) -> Step:
    """Nobody waits for ever: the first time another officer is asked for, the second time the rules decide."""
    claim = dossier.claim
    if claim.overdue:
        drafted = draft(dossier)
        ruling = Ruling(
            outcome=drafted.outcome,
            approved_minor=drafted.approved_minor,
            supplier_fault_percent=drafted.supplier_fault_percent,
        )
        return decided(dossier, ruling, (BY_RULES,), at, default=True)
    barred = (*claim.barred, claim.reviewer) if claim.reviewer else claim.barred
    due = at + timedelta(days=dossier.policy.determine_days)
    return step(
        claim,
        "review_overdue",
        at,
        overdue=1,
        barred=barred,
        reviewer="",
        proposed=None,
        review_due_at=due,
        facts={"due_at": due},
    )


def appeal(dossier: Dossier, side: Side, grounds: str, now: datetime) -> Step:
    """Once for each side, with evidence that was not there before. Another officer decides; nothing is paid until then."""
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
    made = Appeal(by=side, grounds=grounds, files=fresh, at=now)
    due = now + timedelta(days=dossier.policy.appeal_decide_days)
    return step(
        claim,
        "appealed",
        now,
        status="appealed",
        appeals=(*claim.appeals, made),
        review_due_at=due,
        reviewer="",
        facts={"by": side, "evidence": list(fresh), "due_at": due},
    )


def decide_appeal(dossier: Dossier, officer: str, ruling: Ruling, now: datetime) -> Step:
    """Somebody else decides, and that is final; the event says what differs."""
    claim = dossier.claim
    _officer(dossier, officer, "decide-appeal", now)
    first = claim.decision
    assert first is not None
    if officer in first.by:
        raise ConflictOfInterest("Whoever took a decision does not decide on the appeal against it.")
    _must_fit(dossier, ruling)
    made = replace(_decision(dossier, ruling, (officer,), now), final=True)
    after = replace(claim, decisions=(*claim.decisions, made))
    changed = {"changed": _changed(first.verdict, made.verdict, claim.currency)}
    return _final(dossier.after(after), made, now, facts=_told(made) | changed)


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
    return _final(dossier.after(after), final, at, facts=_told(final) | {"final": why})


def _final(dossier: Dossier, made: Decision, now: datetime, *, facts: dict[str, Any]) -> Step:
    """Carry a final decision out: money, goods back first, or nothing."""
    claim, found = dossier.claim, made.verdict
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


def _decision(
    dossier: Dossier, ruling: Ruling, by: tuple[str, ...], now: datetime, *, default: bool = False
) -> Decision:
    case = case_of(dossier, ruling)
    drafted = verdict.draft(case, dossier.policy)
    made = replace(
        drafted,
        outcome=ruling.outcome,
        approved_minor=ruling.approved_minor,
        supplier_fault_percent=ruling.supplier_fault_percent,
    )
    return Decision(
        number=len(dossier.claim.decisions) + 1,
        case=case,
        case_hash=verdict.digest(case, dossier.policy),
        drafted=drafted,
        verdict=made,
        reasoning=ruling.reasoning,
        cites=ruling.cites,
        by=by,
        at=now,
        default=default,
    )


def _must_fit(dossier: Dossier, ruling: Ruling) -> None:
    """Within the request and the ceiling, and of one piece; reasons are needed where the officer decides otherwise than the rules."""
    claim = dossier.claim
    drafted, most = draft(dossier, ruling), paying.payable(dossier, claim.requested_minor)[0]
    if ruling.approved_minor > most:
        maximum = Money.of(most, claim.currency)
        raise DecisionDoesNotFit(f"At most {maximum.amount} can be approved.", param="approved", maximum=maximum)
    if (ruling.outcome == "none") != (ruling.approved_minor == 0):
        raise DecisionDoesNotFit("`none` approves nothing, and only that does.", param="outcome")
    if unknown := sorted(set(ruling.cites) - {file.id for file in claim.submitted()}):
        raise DecisionDoesNotFit(f"{unknown[0]!r:.60} is no submitted evidence of this claim.", param="cites")
    same = (ruling.outcome, ruling.approved_minor, ruling.supplier_fault_percent) == (
        drafted.outcome,
        drafted.approved_minor,
        drafted.supplier_fault_percent,
    )
    if not same and not ruling.reasoning.strip():
        raise DecisionDoesNotFit("The decision differs from the draft: say why.", param="reasoning")


def _officer(dossier: Dossier, officer: str, action: str, now: datetime) -> None:
    moves.must_be_allowed(action, dossier.claim, "officer", dossier.policy, now)
    _must_not_be_barred(dossier.claim, officer)


def _must_not_be_barred(claim: Claim, officer: str) -> None:
    if officer in (*claim.barred, claim.buyer_id, claim.supplier_id):
        raise ConflictOfInterest("The officer recused itself, or was replaced when its review was overdue.")


def _bare(ruling: Ruling) -> Ruling:
    """What two officers have to agree on: everything but their words."""
    return replace(ruling, reasoning="", cites=())


def _last(claim: Claim, changed: Inspection) -> tuple[Inspection, ...]:
    return (*claim.inspections[:-1], changed)


def _told(made: Decision) -> dict[str, Any]:
    return {
        "decision": made.case_hash,
        "by": _told_by(made.by[0]),
        "outcome": made.verdict.outcome,
        "approved_minor": made.verdict.approved_minor,
        "supplier_fault_percent": made.verdict.supplier_fault_percent,
    }


def _told_by(name: str) -> str:
    return "clock" if name == BY_RULES else "officer"
