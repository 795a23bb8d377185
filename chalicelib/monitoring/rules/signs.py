"""R5 to R8: what happened to a firm or was said of it: profile changes, arrears, disputes, verified reports. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from chalicelib.monitoring.rules import chances
from chalicelib.monitoring.rules.baseline import Baseline
from chalicelib.monitoring.rules.day import Day
from chalicelib.monitoring.rules.facts import Facts
from chalicelib.monitoring.rules.finding import Finding, Level
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.shared.money import divide

BP: Final = 10_000


def profile(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | None:
    """R5. One that hides what it sells, moves its account or changes hands after its draw; several lighter changes are as grave."""
    grave, light = profile_signs(facts, policy, day)
    if not grave and not light:
        return None
    return Finding(
        rule="profile_change",
        level="red" if grave or light >= policy.profile.ambers_for_red else "amber",
        numbers={"grave_changes": grave, "light_changes": light, "listings_removed_bp": _removed_bp(facts)},
    )


def profile_signs(facts: Facts, policy: Policy, day: Day) -> tuple[int, int]:
    """How many grave changes there were lately, and how many light ones."""
    terms, removed_bp = policy.profile, _removed_bp(facts)
    if not facts.changes and not removed_bp:
        return 0, 0
    since = max(facts.drawn_on - timedelta(days=1), day.on - timedelta(days=terms.days))
    recent = {(change.field, change.on) for change in facts.changes if since < change.on <= day.on}
    grave = sum(field in terms.red for field, _ in recent)
    light = sum(field in terms.amber for field, _ in recent)
    return grave, light + (removed_bp >= terms.listings_bp and "listings" in terms.amber)


def repayment(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | None:
    """R6. What is below materiality is 0 days past due already (`loans/rules/arrears.py`)."""
    terms, dpd = policy.repayment, facts.dpd
    if dpd < terms.amber_dpd:
        return None
    return Finding(
        rule="repayment",
        level="red" if dpd >= terms.red_dpd else "amber",
        numbers={"dpd": dpd},
        proposes="default" if dpd >= terms.default_dpd else None,
    )


def disputes(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | None:
    """R7. Disputes by orders, over the firm's own rate before its first draw."""
    terms, count, orders = policy.disputes, facts.disputes_28, max(facts.orders_28, 1)
    if count < terms.least_cases:
        return None
    base_bp = _base_bp(baseline)
    usual_bp = usual_dispute_bp(baseline, policy)
    if count * BP < terms.amber_times * usual_bp * orders:
        return None
    return Finding(
        rule="disputes",
        level="red" if count * BP >= terms.red_times * usual_bp * orders else "amber",
        numbers={"disputes": count, "orders": facts.orders_28, "rate_bp": divide(count * BP, orders, "half_even")},
        baseline={"disputes": baseline.disputes, "orders": baseline.orders, "rate_bp": usual_bp},
        p_ppm=chances.ppm(chances.at_least(count, usual_bp * orders / BP)),
        low_confidence=base_bp < terms.least_base_bp,
    )


def reports(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | None:
    """R8. Two are independent where their reporters are; a bank's or a court's word is enough by itself."""
    if not facts.reports and not facts.notices:
        return None
    terms, (reporters, notices) = policy.reports, report_signs(facts, policy, day)
    level: Level | None = "red" if notices or reporters >= terms.red else "amber" if reporters >= terms.amber else None
    return level and Finding(rule="reports", level=level, numbers={"reporters": reporters, "notices": notices})


def report_signs(facts: Facts, policy: Policy, day: Day) -> tuple[int, int]:
    """How many have reported the firm lately, each once, and how many notices there were."""
    since = day.on - timedelta(days=policy.reports.days)
    reporters = len({report.reporter for report in facts.reports if since < report.on <= day.on})
    return reporters, sum(since < on <= day.on for on in facts.notices)


def usual_dispute_bp(baseline: Baseline, policy: Policy) -> int:
    """Disputes by orders before the first draw, in basis points: at least what the policy takes for any firm."""
    return max(_base_bp(baseline), policy.disputes.least_base_bp)


def _base_bp(baseline: Baseline) -> int:
    return divide(baseline.disputes * BP, baseline.orders, "half_even") if baseline.orders else 0


def _removed_bp(facts: Facts) -> int:
    """What part of the firm's offers has gone in seven days."""
    if facts.listings is None:
        return 0
    before, now = facts.listings
    return divide((before - now) * BP, before, "down") if before > now else 0
