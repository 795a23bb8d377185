"""Determinations: on a draft of the rules, by one officer or two, or by the rules where nobody decided in time. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.claims.rules import refunds
from chalicelib.claims.rules.case_assignment import BY_RULES, must_not_be_excluded, written_by
from chalicelib.claims.rules.cases import case_of, draft
from chalicelib.claims.rules.changing import change
from chalicelib.claims.rules.claim import Claim, Decision, OfficerDecision, Proposed
from chalicelib.claims.rules.context import Context
from chalicelib.claims.rules.transitions import ClaimChange
from chalicelib.claims.rules.verdict import draft as claims_draft
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say


class DecisionDoesNotFit(RuleViolation):
    code = "decision_does_not_fit"
    title = "That decision does not hold together."
    fix = "Change the field named in param."


def determine(was: Claim, context: Context, officer: str, now: datetime, ruling: OfficerDecision) -> ClaimChange:
    """Decide. From the policy's threshold on two officers decide the same: the first one's decision waits for the second's."""
    must_not_be_excluded(was, officer)
    must_fit(was, context, ruling, now)
    if case_of(was, context).requested_usd_minor < context.policy.two_officers_from_usd_minor:
        return _decided(was, context, "determine", ruling, (officer,), now)
    waiting = was.proposed
    if waiting is not None and waiting.by != officer and waiting.decision == _bare(ruling):
        return _decided(was, context, "determine", ruling, (waiting.by, officer), now)
    return change(
        was,
        "determine",
        now,
        event="determination_proposed",
        proposed=Proposed(by=officer, decision=_bare(ruling), at=now),
        reviewer=officer,
        payload={"private": {"officer": officer, "approved_minor": ruling.approved_minor}},
    )


def _decided(
    was: Claim,
    context: Context,
    name: str,
    ruling: OfficerDecision,
    by: tuple[str, ...],
    at: datetime,
    *,
    default: bool = False,
) -> ClaimChange:
    """The determination stands; both sides may appeal, once, until the appeal is due."""
    determination = decision(was, context, ruling, by, at, default=default)
    due = at + timedelta(days=context.policy.appeal_days)
    return change(
        was,
        name,
        at,
        event="determined",
        status="determined",
        decisions=(*was.decisions, determination),
        proposed=None,
        appeal_due_at=due,
        payload=payload(determination) | {"due_at": due, "days": (at - was.filed_at).days},
    )


def review_overdue(was: Claim, context: Context, at: datetime) -> ClaimChange:
    """Nobody waits for ever: the first time another officer is asked for, the second time the rules decide."""
    if was.overdue:
        drafted = draft(was, context)
        ruling = OfficerDecision(
            outcome=drafted.outcome,
            approved_minor=drafted.approved_minor,
            supplier_fault_percent=drafted.supplier_fault_percent,
        )
        return _decided(was, context, "review_overdue", ruling, (BY_RULES,), at, default=True)
    due = at + timedelta(days=context.policy.determine_days)
    return change(
        was,
        "review_overdue",
        at,
        overdue=1,
        excluded_reviewers=(*was.excluded_reviewers, was.reviewer) if was.reviewer else was.excluded_reviewers,
        reviewer="",
        proposed=None,
        review_due_at=due,
        payload={"due_at": due},
    )


def decision(
    claim: Claim, context: Context, ruling: OfficerDecision, by: tuple[str, ...], at: datetime, *, default: bool = False
) -> Decision:
    case = case_of(claim, context, ruling)
    drafted = claims_draft.draft(case, context.policy)
    verdict = replace(
        drafted,
        outcome=ruling.outcome,
        approved_minor=ruling.approved_minor,
        supplier_fault_percent=ruling.supplier_fault_percent,
    )
    return Decision(
        number=len(claim.decisions) + 1,
        case=case,
        case_hash=claims_draft.digest(case, context.policy),
        drafted=drafted,
        verdict=verdict,
        reasoning=ruling.reasoning,
        cites=ruling.cites,
        by=by,
        at=at,
        default=default,
    )


def must_fit(claim: Claim, context: Context, ruling: OfficerDecision, now: datetime) -> None:
    """Within the request and the ceiling, and of one piece; reasons are needed where the officer decides otherwise than the rules."""
    _must_have_left_in_between(ruling.proven_shipped_at, context.order.agreed_at, now)
    drafted, most = draft(claim, context, ruling), refunds.approvable_minor(claim, context)
    if ruling.approved_minor > most:
        maximum = Money.of(most, claim.currency)
        raise DecisionDoesNotFit(
            say("At most {amount} can be approved.", amount=maximum.grouped), param="approved", maximum=maximum
        )
    if (ruling.outcome == "none") != (ruling.approved_minor == 0):
        raise DecisionDoesNotFit("`none` approves nothing, and only that does.", param="outcome")
    if unknown := sorted(set(ruling.cites) - {file.id for file in claim.submitted()}):
        raise DecisionDoesNotFit(
            say("{unknown!r:.60} is no submitted evidence of this claim.", unknown=unknown[0]), param="cites"
        )
    same = (ruling.outcome, ruling.approved_minor, ruling.supplier_fault_percent) == (
        drafted.outcome,
        drafted.approved_minor,
        drafted.supplier_fault_percent,
    )
    if not same and not ruling.reasoning.strip():
        raise DecisionDoesNotFit("The decision differs from the draft: say why.", param="reasoning")


def payload(decision: Decision) -> dict[str, Any]:
    """What the event of a decision tells."""
    return {
        "decision": decision.case_hash,
        "by": written_by(decision.by[0]),
        "outcome": decision.verdict.outcome,
        "approved_minor": decision.verdict.approved_minor,
        "supplier_fault_percent": decision.verdict.supplier_fault_percent,
    }


def _must_have_left_in_between(proven: datetime | None, agreed_at: datetime | None, now: datetime) -> None:
    """Goods of an order leave after it was agreed, and have left by the time somebody has proved it."""
    if proven is not None and not (agreed_at or now) <= proven <= now:
        raise DecisionDoesNotFit(
            "The goods left between the agreement and now, or that day is not proven.",
            param="proven_shipped_at",
            agreed_at=agreed_at,
        )


def _bare(ruling: OfficerDecision) -> OfficerDecision:
    """What two officers have to agree on: everything but their words."""
    return replace(ruling, reasoning="", cites=())
