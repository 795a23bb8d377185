"""All rules on one loan, on one group, on the feeds. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from chalicelib.monitoring.rules import activity, signs
from chalicelib.monitoring.rules.baseline import Baseline
from chalicelib.monitoring.rules.day import Day, Feed
from chalicelib.monitoring.rules.facts import Facts, GroupFacts
from chalicelib.monitoring.rules.finding import NEEDS_CONSENT, Finding, Judgement, Rule, Why
from chalicelib.monitoring.rules.policy import Policy

_RULES: Final[tuple[tuple[Rule, Callable[[Facts, Baseline, Policy, Day], Finding | Why | None]], ...]] = (
    ("login_silence", activity.silence),
    ("trade_drop", activity.trade),
    ("order_count", activity.orders),
    ("slow_decline", activity.decline),
    ("profile_change", signs.profile),
    ("repayment", signs.repayment),
    ("disputes", signs.disputes),
    ("reports", signs.reports),
)


def judge(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Judgement:
    """R1 to R8 on one loan. The same facts give the same findings, whenever and in whatever order they came."""
    findings: list[Finding] = []
    not_judged: dict[Rule, Why] = {}
    for rule, judge_by in _RULES:
        if not facts.consents and rule in NEEDS_CONSENT:
            not_judged[rule] = "no_consent"
        elif isinstance(verdict := judge_by(facts, baseline, policy, day), Finding):
            findings.append(verdict)
        elif verdict is not None:
            not_judged[rule] = verdict
    return Judgement(findings=tuple(findings), not_judged=not_judged)


def judge_group(facts: GroupFacts, policy: Policy) -> Finding | None:
    """R9. A group of which two members are in trouble, or one is late, takes no more draws."""
    terms, red = policy.group, len(set(facts.red_members))
    is_red = red >= terms.red_members or facts.worst_dpd >= terms.red_dpd
    if not is_red and red < terms.amber_members:
        return None
    return Finding(
        rule="group",
        level="red" if is_red else "amber",
        numbers={"red_members": red, "worst_dpd": facts.worst_dpd},
        proposes="suspension" if is_red else None,
    )


def judge_feeds(day: Day, policy: Policy) -> dict[Feed, Finding]:
    """R10, of each feed that lacks too long: one finding for the feed, not one for each firm. It says nothing of anybody's credit."""
    terms = policy.feed
    return {
        feed: Finding(rule="data_gap", level="red" if days >= terms.red_days else "amber", numbers={"days": days})
        for feed, days in day.gaps.items()
        if days >= terms.amber_days
    }
