"""A decision as an object: what it rests on, what the rules make of it, what was decided, and the same computed again."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.claims.rules import evidence
from chalicelib.claims.rules.claim import Claim, Decision
from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.verdict import draft as claims_draft
from chalicelib.claims.rules.verdict.case import Case
from chalicelib.claims.views.verdict import VerdictView, verdict_view
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.texts import Text
from chalicelib.shared.views import view_of


class Recomputed(msgspec.Struct, frozen=True, kw_only=True):
    """The decision computed again just now from the case that is kept: `same` where hash and draft come out as they were."""

    id: str
    same: bool


class DecisionView(msgspec.Struct, frozen=True, kw_only=True):
    """`id` names case and policy. `decided` differs from `drafted` only where officers decided otherwise, and `reasoning` says why."""

    id: str
    number: int
    claim_id: str
    policy: str
    case: Case
    drafted: VerdictView
    decided: VerdictView
    differs: bool
    reasoning: str
    cites: list[str]
    officers: int
    by_rules: bool
    at: datetime
    final: bool
    recomputed: Recomputed


class DecisionsView(msgspec.Struct, frozen=True, kw_only=True):
    """All determinations of a claim, the first first."""

    claim_id: str
    version: int
    items: list[DecisionView]


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules would decide as things stand. It binds nobody."""

    claim_id: str
    version: int
    case: Case
    draft: VerdictView
    officers_needed: int


class SimulationView(msgspec.Struct, frozen=True, kw_only=True):
    """What such a claim would meet. `why_not` says what stands against it; `least` and `most` what it may come to."""

    order_id: str
    reason: str
    eligible: bool
    why_not: Text | None
    why_not_code: str | None
    opens_at: datetime | None
    window_ends_at: datetime | None
    requested: Money
    cap: Money
    ceiling_left: Money
    would_reserve: Money
    least: Money
    most: Money
    required_evidence: list[evidence.Item]
    missing_evidence: list[str]
    deadlines: list[Deadline]


def decision_view(decision: Decision, claim: Claim, policy: ClaimPolicy) -> DecisionView:
    again = claims_draft.digest(decision.case, policy)
    steps = claims_draft.arithmetic(decision.case, policy)
    return view_of(
        DecisionView,
        decision,
        id=decision.case_hash,
        claim_id=claim.id,
        policy=decision.case.policy,
        drafted=verdict_view(decision.drafted, steps, claim.currency),
        decided=verdict_view(decision.verdict, steps, claim.currency),
        differs=decision.verdict != decision.drafted,
        officers=0 if decision.default else len(decision.by),
        by_rules=decision.default,
        recomputed=Recomputed(
            id=again, same=again == decision.case_hash and claims_draft.draft(decision.case, policy) == decision.drafted
        ),
    )
