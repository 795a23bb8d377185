"""Determinations: on a draft of the rules, by one officer or two, or by the rules where nobody decided in time. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import paying
from chalicelib.claims.rules.cases import case_of, draft
from chalicelib.claims.rules.claim import Decision, Proposed, Ruling
from chalicelib.claims.rules.officers import BY_RULES, must_be_open_to, told_by
from chalicelib.claims.rules.step import Dossier, Step, step
from chalicelib.claims.rules.verdict import draft as claims_draft
from chalicelib.shared.money import Money
from chalicelib.shared.refusal import Unfit


class DecisionDoesNotFit(Unfit):
    code = "decision_does_not_fit"
    title = "That decision does not hold together."
    fix = "Change the field named in param."


def determine(dossier: Dossier, officer: str, ruling: Ruling, now: datetime) -> Step:
    """Decide. From the policy's threshold on two officers decide the same: the first one's decision waits for the second's."""
    claim = dossier.claim
    must_be_open_to(dossier, officer, "determine", now)
    must_fit(dossier, ruling, now)
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
    made = decision(dossier, ruling, by, now, default=default)
    due = now + timedelta(days=dossier.policy.appeal_days)
    return step(
        dossier.claim,
        "determined",
        now,
        status="determined",
        decisions=(*dossier.claim.decisions, made),
        proposed=None,
        appeal_due_at=due,
        facts=told(made) | {"due_at": due},
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


def decision(
    dossier: Dossier, ruling: Ruling, by: tuple[str, ...], now: datetime, *, default: bool = False
) -> Decision:
    case = case_of(dossier, ruling)
    drafted = claims_draft.draft(case, dossier.policy)
    made = replace(
        drafted,
        outcome=ruling.outcome,
        approved_minor=ruling.approved_minor,
        supplier_fault_percent=ruling.supplier_fault_percent,
    )
    return Decision(
        number=len(dossier.claim.decisions) + 1,
        case=case,
        case_hash=claims_draft.digest(case, dossier.policy),
        drafted=drafted,
        verdict=made,
        reasoning=ruling.reasoning,
        cites=ruling.cites,
        by=by,
        at=now,
        default=default,
    )


def must_fit(dossier: Dossier, ruling: Ruling, now: datetime) -> None:
    """Within the request and the ceiling, and of one piece; reasons are needed where the officer decides otherwise than the rules."""
    claim = dossier.claim
    _must_have_left_in_between(ruling.proven_shipped_at, dossier.order.agreed_at, now)
    drafted, most = draft(dossier, ruling), paying.approvable_minor(dossier)
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


def told(made: Decision) -> dict[str, Any]:
    return {
        "decision": made.case_hash,
        "by": told_by(made.by[0]),
        "outcome": made.verdict.outcome,
        "approved_minor": made.verdict.approved_minor,
        "supplier_fault_percent": made.verdict.supplier_fault_percent,
    }


def _must_have_left_in_between(proven: datetime | None, agreed_at: datetime | None, now: datetime) -> None:
    """Goods of an order leave after it was agreed, and have left by the time somebody has proved it."""
    if proven is not None and not (agreed_at or now) <= proven <= now:
        raise DecisionDoesNotFit(
            "The goods left between the agreement and now, or that day is not proven.",
            param="proven_shipped_at",
            agreed_at=agreed_at,
        )


def _bare(ruling: Ruling) -> Ruling:
    """What two officers have to agree on: everything but their words."""
    return replace(ruling, reasoning="", cites=())
