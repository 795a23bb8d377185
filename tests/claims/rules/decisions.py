"""Short ways to say what was sent in a claim, and to have it decided by the rules."""

from __future__ import annotations

from typing import Any

from chalicelib.claims.rules.reasons import REASONS, PartyName, Reason
from chalicelib.claims.rules.verdict import draft
from chalicelib.claims.rules.verdict.book import RuleApplied, Verdict
from chalicelib.claims.views.verdict import verdict_view
from tests.claims.rules.given import (
    POLICY,
    case_of,
)

BUYERS_PROOF: dict[Reason, tuple[str, ...]] = {
    reason: (*POLICY.evidence[reason]["buyer"].required, *POLICY.evidence[reason]["buyer"].large) for reason in REASONS
}
SUPPLIERS_PROOF: dict[Reason, tuple[str, ...]] = {
    reason: POLICY.evidence[reason]["supplier"].required for reason in REASONS
}


def decided(reason: Reason, **changes: Any) -> Verdict:
    return draft.draft(case_of(reason, **changes), POLICY)


def arithmetic(reason: Reason, **changes: Any) -> list[str]:
    """How it is worked out, line by line, as people read it."""
    steps = draft.arithmetic(case_of(reason, **changes), POLICY)
    return [str(line) for line in verdict_view(decided(reason, **changes), steps, "USD").arithmetic]


def sent(party: PartyName, *codes: str) -> tuple[tuple[PartyName, str], ...]:
    return tuple((party, code) for code in codes)


def proof(reason: Reason, *parties: PartyName) -> tuple[tuple[PartyName, str], ...]:
    """All that is required of the parties."""
    of: dict[PartyName, tuple[str, ...]] = {"buyer": BUYERS_PROOF[reason], "supplier": SUPPLIERS_PROOF[reason]}
    return tuple(part for party in parties for part in sent(party, *of[party]))


def supported(reason: Reason) -> tuple[tuple[PartyName, str], ...]:
    return proof(reason, "buyer") + sent("buyer", *POLICY.evidence[reason]["buyer"].recommended)


def rule(verdict: Verdict, name: str) -> RuleApplied:
    (rule_applied,) = [finding for finding in verdict.findings if finding.rule == name]
    return rule_applied


def remedies(verdict: Verdict) -> list[str]:
    return [remedy.code for remedy in verdict.remaining_remedies]
