"""R1 to R4: whether a firm still logs in, trades and sells as it did. None of them judges a day whose own data lack. Pure.

R1  silent days over the usual gap between logins
R2  completed trade of 28 days over that of the 84 days before, by business days
R3  orders of 1, 2 or 4 weeks, a Poisson variable with the mean of the 84 days before the first draw
R4  weekly log values since the first draw: EWMA (Lucas & Saccucci 1990) and CUSUM
"""

from __future__ import annotations

from math import ceil, log1p, sqrt
from typing import Final, NamedTuple

from chalicelib.monitoring.rules import chances
from chalicelib.monitoring.rules.baseline import Baseline, Trend
from chalicelib.monitoring.rules.day import BASE_DAYS, WEEK, WINDOW_DAYS, Day
from chalicelib.monitoring.rules.facts import Facts, Week
from chalicelib.monitoring.rules.finding import Finding, Level, Rule, Why
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.shared.money import divide

BP: Final = 10_000
WEEK_BUSINESS_DAYS: Final = 5
"""What trade of a week with holidays is brought to."""
FOUR_WEEKS: Final = 4 * WEEK_BUSINESS_DAYS
MICRO: Final = 1_000_000
_FEN: Final = 100


def silence(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | Why | None:
    """R1. The first draw took somebody's hand: where no login is known, silence counts from then."""
    if baseline.uses_api:
        return "uses_api"
    if day.gaps["logins"]:
        return "data_lack"
    terms = policy.silence
    days = silent_days(facts, day)
    halves = baseline.interval_halves
    amber = max(ceil(terms.amber_intervals * halves / 2), terms.amber_least_days)
    if days < min(amber, terms.red_least_days):
        return None
    red = max(ceil(terms.red_intervals * halves / 2), terms.red_least_days)
    p = (1 - 2 / halves) ** days
    is_unlikely = (
        chances.PPM * p <= terms.red_p_ppm
        and halves >= 2 * terms.p_least_interval_days
        and days >= terms.red_least_days
    )
    level: Level | None = "red" if days >= red or is_unlikely else "amber" if days >= amber else None
    if level is None:
        return None
    return Finding(
        rule="login_silence",
        level=level,
        numbers={"silent_days": days, "amber_days": amber, "red_days": red},
        baseline={"interval_halves": halves, "login_days": baseline.login_days},
        p_ppm=chances.ppm(p) if halves > 2 else None,
        low_confidence=baseline.low_confidence or not day.holidays_known,
    )


def trade(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | Why | None:
    """R2. A festival is no drop: what is expected goes by business days, of the window and of the base."""
    window_days, base_days = day.business[WINDOW_DAYS], day.base_business_days
    if day.gaps["trade"] or not window_days or not base_days:
        return "data_lack"
    terms = policy.trade
    expected, measured = facts.trade_84_minor * window_days, facts.trade_28_minor * base_days
    if expected < terms.least_expected_minor * base_days:
        return "too_little_expected"
    if measured * BP > terms.amber_bp * expected:
        return None
    return Finding(
        rule="trade_drop",
        level="red" if measured * BP <= terms.red_bp * expected else "amber",
        numbers={
            "trade_minor": facts.trade_28_minor,
            "expected_minor": divide(expected, base_days, "half_even"),
            "ratio_bp": divide(measured * BP, expected, "half_even"),
        },
        baseline={
            "trade_minor": facts.trade_84_minor,
            "business_days": base_days,
            "window_business_days": window_days,
        },
        p_ppm=_chance_of_drop(measured / expected, baseline.trend),
        low_confidence=not day.holidays_known,
    )


def orders(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | Why | None:
    """R3. The shortest window in which enough is expected: in a shorter one, none at all would be no sign."""
    if day.gaps["trade"]:
        return "data_lack"
    if not baseline.business_days:
        return "no_baseline"
    terms = policy.orders
    window = order_window(facts, baseline, policy, day)
    if window is None:
        return "too_little_expected"
    days, counted, expected = window
    if counted >= expected:
        return None
    p = chances.at_most(counted, expected, stop=terms.amber_p_ppm / chances.PPM)
    if p * chances.PPM > terms.amber_p_ppm:
        return None
    return Finding(
        rule="order_count",
        level="red" if p * chances.PPM <= terms.red_p_ppm else "amber",
        numbers={"orders": counted, "days": days, "business_days": day.business[days]},
        baseline={
            "orders": baseline.orders,
            "business_days": baseline.business_days,
            "expected_milli": round(1000 * expected),
        },
        p_ppm=chances.ppm(p),
        low_confidence=not day.holidays_known,
    )


def decline(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> Finding | Why | None:
    """R4. Judged by the last whole week: the EWMA below its lower limit, and whether the CUSUM signals too."""
    trend = usable_trend(baseline, policy)
    if day.gaps["trade"]:
        return "data_lack"
    if trend is None:
        return "no_baseline"
    course = course_of(facts, trend, policy)
    if course is None or course.ewma >= course.limit:
        return None
    return Finding(
        rule="slow_decline",
        level="red" if course.cusum > course.decision else "amber",
        numbers={
            "ewma_milli": milli(course.ewma),
            "limit_milli": milli(course.limit),
            "cusum_milli": milli(course.cusum),
            "decision_milli": milli(course.decision),
            "weeks": course.weeks,
        },
        baseline={
            "mean_milli": milli(course.mean),
            "sigma_milli": milli(_sigma(trend, policy)),
            "weeks": trend.weeks,
        },
        p_ppm=chances.ppm(chances.below((course.ewma - course.mean) / course.deviation)),
        low_confidence=not day.holidays_known,
    )


class Course(NamedTuple):
    """How weekly log values have gone: the EWMA with its deviation and lower limit, and the CUSUM with what it signals from."""

    mean: float
    ewma: float
    deviation: float
    limit: float
    cusum: float
    decision: float
    weeks: int


def course_of(facts: Facts, trend: Trend, policy: Policy) -> Course | None:
    """None where no week is known."""
    terms = policy.decline
    weight, mean, sigma = terms.weight_bp / BP, trend.mean_micro / MICRO, _sigma(trend, policy)
    reference = mean - terms.slack_hundredths / 100 * sigma
    ewma, cusum, count = mean, 0.0, 0
    for week in facts.weeks:
        if week[1]:
            value = weekly_value(week)
            ewma += weight * (value - ewma)
            cusum = max(0.0, cusum + reference - value)
            count += 1
    if not count:
        return None
    deviation = sigma * sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * count)))
    limit = mean - terms.limit_hundredths / 100 * deviation
    return Course(mean, ewma, deviation, limit, cusum, terms.decision_hundredths / 100 * sigma, count)


def usable_trend(baseline: Baseline, policy: Policy) -> Trend | None:
    """None where too few weeks are known to say what is usual."""
    trend = baseline.trend
    return trend if trend and trend.weeks >= policy.decline.least_weeks else None


def never_judged(baseline: Baseline, policy: Policy) -> dict[Rule, Why]:
    """The rules that cannot judge by this baseline, even in four weeks without a holiday."""
    known: dict[Rule, Why] = {}
    if baseline.uses_api:
        known["login_silence"] = "uses_api"
    if not baseline.business_days:
        known["order_count"] = "no_baseline"
    elif baseline.orders * FOUR_WEEKS < policy.orders.least_expected * baseline.business_days:
        known["order_count"] = "too_little_expected"
    if usable_trend(baseline, policy) is None:
        known["slow_decline"] = "no_baseline"
    return known


def silent_days(facts: Facts, day: Day) -> int:
    """Days without a login on which there could have been one."""
    return day.almanac.silent_days(facts.last_login_on or facts.drawn_on, day.on)


def order_window(facts: Facts, baseline: Baseline, policy: Policy, day: Day) -> tuple[int, int, float] | None:
    """The shortest window in which enough is expected: its days, what was counted, what was expected."""
    least = policy.orders.least_expected * baseline.business_days
    for days, counted in ((WEEK, facts.orders_7), (2 * WEEK, facts.orders_14), (4 * WEEK, facts.orders_28)):
        if baseline.orders * day.business[days] >= least:
            return days, counted, baseline.orders * day.business[days] / baseline.business_days
    return None


def weekly_value(week: Week) -> float:
    """ln(1 + CNY), of a week brought to five business days. A week without trade is 0.0; one without a known business day has no value."""
    minor, business_days = week
    return log1p(minor * WEEK_BUSINESS_DAYS / (_FEN * business_days))


def _chance_of_drop(ratio: float, trend: Trend | None) -> int | None:
    """Known where it is known how much the weeks of the firm differ."""
    if trend is None or not trend.sigma_micro:
        return None
    chance = chances.of_ratio(ratio, trend.sigma_micro / MICRO, WINDOW_DAYS // WEEK, BASE_DAYS // WEEK)
    return chances.ppm(chance)


def _sigma(trend: Trend, policy: Policy) -> float:
    return max(trend.sigma_micro / MICRO, policy.decline.least_sigma_milli / 1000)


def milli(value: float) -> int:
    return round(1000 * value)
