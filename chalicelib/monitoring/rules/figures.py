"""The figures that a rule compares, day by day, beside the values from which on it finds something: what a picture of an alert is made of. Pure.

A figure reaches its limit on the days on which its rule finds something: a test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import ceil, log
from typing import Final, Literal

import msgspec

from chalicelib.monitoring.rules import activity, chances, signs
from chalicelib.monitoring.rules.baseline import Baseline
from chalicelib.monitoring.rules.day import WINDOW_DAYS, Day
from chalicelib.monitoring.rules.facts import Facts
from chalicelib.monitoring.rules.finding import Rule
from chalicelib.monitoring.rules.policy import Policy

BP: Final = 10_000
Worse = Literal["higher", "lower"]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number on a day, `usual` where something is usual for the firm, and from which value on the rule finds it amber or red, where it does so by this figure."""

    name: str
    worse: Worse
    value: int
    usual: int | None = None
    amber: int | None = None
    red: int | None = None


def figures_of(rule: Rule, facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> tuple[Figure, ...]:
    """Of a day on which the rule judges; none of groups and feeds."""
    figures = _BY_RULE.get(rule)
    return tuple(figures(facts, baseline, policy, day)) if figures else ()


def _silence(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    terms, halves = policy.silence, baseline.interval_halves
    red = max(ceil(terms.red_intervals * halves / 2), terms.red_least_days)
    yield Figure(
        name="silent_days",
        worse="higher",
        value=activity.silent_days(facts, day),
        usual=round(halves / 2),
        amber=max(ceil(terms.amber_intervals * halves / 2), terms.amber_least_days),
        red=min(red, _unlikely_from(halves, policy) or red),
    )


def _unlikely_from(halves: int, policy: Policy) -> int | None:
    """From how many silent days on a firm with that usual gap is silent by chance too rarely; None where that is not asked."""
    terms = policy.silence
    if halves < 2 * terms.p_least_interval_days or halves <= 2 or not terms.red_p_ppm:
        return None
    days = max(terms.red_least_days, int(log(terms.red_p_ppm / chances.PPM) / log(1 - 2 / halves)))
    while chances.PPM * (1 - 2 / halves) ** days > terms.red_p_ppm:
        days += 1
    return days


def _trade(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    expected = facts.trade_84_minor * day.business[WINDOW_DAYS]
    measured = facts.trade_28_minor * day.base_business_days
    terms = policy.trade
    yield Figure(
        name="ratio_bp",
        worse="lower",
        value=-(-measured * BP // expected),
        usual=BP,
        amber=terms.amber_bp,
        red=terms.red_bp,
    )


def _orders(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    window = activity.order_window(facts, baseline, policy, day)
    assert window is not None, "the rule judges"
    _, counted, expected = window
    terms = policy.orders
    yield Figure(
        name="orders",
        worse="lower",
        value=counted,
        usual=round(expected),
        amber=_rare_until(expected, terms.amber_p_ppm),
        red=_rare_until(expected, terms.red_p_ppm),
    )


def _rare_until(expected: float, p_ppm: int) -> int | None:
    """The largest count that is so rare where so many are expected; None where not even none is."""
    count, rare = 0, None
    while count < expected and chances.PPM * chances.at_most(count, expected) <= p_ppm:
        count, rare = count + 1, count
    return rare


def _decline(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    assert baseline.trend is not None, "the rule judges"
    course = activity.course_of(facts, baseline.trend, policy)
    if course is None:
        return
    of = {name: activity.milli(getattr(course, name)) for name in ("mean", "ewma", "limit", "cusum", "decision")}
    yield Figure(name="ewma_milli", worse="lower", value=of["ewma"], usual=of["mean"], amber=of["limit"])
    yield Figure(name="cusum_milli", worse="higher", value=of["cusum"], red=of["decision"])


def _profile(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    grave, light = signs.profile_signs(facts, policy, day)
    yield Figure(name="grave_changes", worse="higher", value=grave, red=1)
    yield Figure(name="light_changes", worse="higher", value=light, amber=1, red=policy.profile.ambers_for_red)


def _repayment(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    terms = policy.repayment
    yield Figure(name="dpd", worse="higher", value=facts.dpd, amber=terms.amber_dpd, red=terms.red_dpd)


def _disputes(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    terms, usual = policy.disputes, signs.usual_dispute_bp(baseline, policy) * max(facts.orders_28, 1)
    amber, red = (max(terms.least_cases, -(-times * usual // BP)) for times in (terms.amber_times, terms.red_times))
    yield Figure(
        name="disputes", worse="higher", value=facts.disputes_28, usual=round(usual / BP), amber=amber, red=red
    )


def _reports(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Iterator[Figure]:
    reporters, notices = signs.report_signs(facts, policy, day)
    terms = policy.reports
    yield Figure(name="reporters", worse="higher", value=reporters, amber=terms.amber, red=terms.red)
    yield Figure(name="notices", worse="higher", value=notices, red=1)


_BY_RULE: Final[Mapping[Rule, Callable[[Facts, Baseline, Policy, Day], Iterator[Figure]]]] = {
    "login_silence": _silence,
    "trade_drop": _trade,
    "order_count": _orders,
    "slow_decline": _decline,
    "profile_change": _profile,
    "repayment": _repayment,
    "disputes": _disputes,
    "reports": _reports,
}
