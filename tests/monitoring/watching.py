"""Facts, baselines and days of monitoring, as the worked examples of credit.md 7.4 and the cases MO have them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from math import expm1
from typing import Any, Final

from chalicelib.monitoring.rules.baseline import Baseline, Trend
from chalicelib.monitoring.rules.day import Day, Lacking, day_of
from chalicelib.monitoring.rules.facts import Facts, Week
from chalicelib.monitoring.rules.finding import Finding, Judgement, Rule
from chalicelib.monitoring.rules.judging import judge
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.shared import calendars, policies

POLICY: Final = policies.versions("monitoring")[0].read_as(Policy)
CN: Final = calendars.calendar("CN")
TODAY: Final = date(2025, 9, 26)
"""A Friday: of the 28 days that end with it twenty are business days, of the 84 before sixty."""
DRAWN: Final = date(2025, 8, 25)
MICRO: Final = 1_000_000
CNY: Final = 100


def day(on: date = TODAY, **lacking: Iterable[date]) -> Day:
    lacks: Lacking = {feed: frozenset(days) for feed, days in lacking.items()}  # type: ignore[misc]
    return day_of(on, CN, lacks)


def ago(days: int, on: date = TODAY) -> date:
    return on - timedelta(days=days)


def baseline(b: float = 2, **known: Any) -> Baseline:
    return Baseline(frozen_on=DRAWN, interval_halves=round(2 * b), login_days=40, **known)


def trend(mean: float, sigma: float, weeks: int = 12) -> Trend:
    return Trend(mean_micro=round(mean * MICRO), sigma_micro=round(sigma * MICRO), weeks=weeks)


def facts(**known: Any) -> Facts:
    """Of a firm that is as usual in everything else: it logged in today."""
    known = {"drawn_on": DRAWN, "last_login_on": TODAY, **known}
    return Facts(loan_id="lon_1", member_id="mem_1", **known)


def week_of(value: float) -> Week:
    """A week of five business days with that log value, to the fen."""
    return round(expm1(value) * CNY), 5


def judged(known: Facts, usual: Baseline | None = None, on: Day | None = None, policy: Policy = POLICY) -> Judgement:
    return judge(known, usual or baseline(), policy, on or day())


def found(rule: Rule, judgement: Judgement) -> Finding | None:
    return next((finding for finding in judgement.findings if finding.rule == rule), None)


def level(rule: Rule, judgement: Judgement) -> str | None:
    """The level that a rule concludes, None where all is as usual; why, where it does not judge."""
    finding = found(rule, judgement)
    return finding.level if finding else judgement.not_judged.get(rule)
