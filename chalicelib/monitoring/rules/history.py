"""A firm's days as running sums, so that any window is a difference; out of them facts of a day and the baseline. Pure.

Figures of a day are sums themselves: in which order its facts came is gone. Days that are not known (`Day.lacking`) are left out, whatever
stands there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Set
from datetime import date, timedelta
from itertools import accumulate, pairwise
from statistics import fmean, median, stdev
from typing import Any, NamedTuple

from chalicelib.monitoring.rules.activity import MICRO, weekly_value
from chalicelib.monitoring.rules.baseline import Baseline, Trend
from chalicelib.monitoring.rules.day import BASE_DAYS, DAY, LOGIN_DAYS, WEEK, WINDOW_DAYS, Almanac, Day
from chalicelib.monitoring.rules.facts import Facts, Week
from chalicelib.monitoring.rules.policy import Policy


class Figures(NamedTuple):
    """One firm on one date: whether somebody logged in, orders paid, completed trade in fen, disputes filed, and by how many its offers became more."""

    logins: int = 0
    orders: int = 0
    trade_minor: int = 0
    disputes: int = 0
    offers: int = 0


class Sums:
    """A number by day, summed from the first day on."""

    def __init__(self, by_day: Iterable[tuple[date, int]]) -> None:
        kept = sorted((day, number) for day, number in by_day if number)
        self.days = [day for day, _ in kept]
        self._until = [0, *accumulate(number for _, number in kept)]

    def of(self, first: date, last: date) -> int:
        """Both days among them."""
        return self._until[bisect_right(self.days, last)] - self._until[bisect_left(self.days, first)]


class History:
    """One firm, without the days that lack."""

    def __init__(self, figures: Mapping[date, Figures], lacking: Mapping[Any, Set[date]]) -> None:
        no_logins, no_trade = lacking.get("logins", frozenset()), lacking.get("trade", frozenset())
        known = [(day, each) for day, each in figures.items() if day not in no_trade]
        self.login_days = sorted(day for day, each in figures.items() if each.logins and day not in no_logins)
        self.orders = Sums((day, each.orders) for day, each in known)
        self.trade = Sums((day, each.trade_minor) for day, each in known)
        self.disputes = Sums((day, each.disputes) for day, each in known)
        self.offers = Sums((day, each.offers) for day, each in figures.items())
        self._weeks: dict[tuple[date, Almanac], list[Week]] = {}

    def weeks(self, start: date, day: Day, after: date | None = None) -> list[Week]:
        """Whole weeks from `start` on, until a day; those that ended after another. Each is counted once for all days of an almanac."""
        weeks = self._weeks.setdefault((start, day.almanac), [])
        until = ((day.on - start).days + 1) // WEEK
        for number in range(len(weeks), until):
            first = start + timedelta(days=WEEK * number)
            last = first + timedelta(days=WEEK - 1)
            weeks.append((self.trade.of(first, last), day.almanac.business_days(first, last)))
        return weeks[((after - start).days + 1) // WEEK if after and after > start else 0 : until]

    def offered(self, on: date) -> int:
        """How many offers the firm had at the end of a day, of those that anybody told of."""
        return self.offers.of(date.min, on)

    def last_login(self, on: date) -> date | None:
        place = bisect_right(self.login_days, on)
        return self.login_days[place - 1] if place else None


def facts_of(history: History, day: Day, drawn_on: date, trend_after: date | None = None, **known: Any) -> Facts:
    """The facts of a day. `trend_after`: when the last episode of R4 ended. `known` is what does not come out of the day-book: the loan's and firm's ids, days past due, changes, reports, consent."""
    on = day.on
    window, base = on - timedelta(days=WINDOW_DAYS), on - timedelta(days=WINDOW_DAYS + BASE_DAYS)

    def orders(days: int) -> int:
        return history.orders.of(on - timedelta(days=days - 1), on)

    return Facts(
        drawn_on=drawn_on,
        last_login_on=history.last_login(on),
        trade_28_minor=history.trade.of(window + DAY, on),
        trade_84_minor=history.trade.of(base + DAY, window),
        orders_7=orders(WEEK),
        orders_14=orders(2 * WEEK),
        orders_28=orders(4 * WEEK),
        weeks=tuple(history.weeks(drawn_on, day, trend_after)),
        disputes_28=history.disputes.of(window + DAY, on),
        listings=_listings(history, max(on - timedelta(days=WEEK), drawn_on - DAY), on),
        **known,
    )


def _listings(history: History, before: date, on: date) -> tuple[int, int] | None:
    """None where there were none, or nobody has counted them."""
    was = history.offered(before)
    return (was, history.offered(on)) if was > 0 else None


def uses_api(history: History, eve: Day, policy: Policy) -> bool:
    """Whether a firm mostly does without interactive logins: they are too few for an interval of its own, and it traded on twice as many days or more."""
    least, logins, traded = policy.silence.least_login_days, len(history.login_days), len(history.orders.days)
    return not eve.gaps["logins"] and logins < least <= traded and 2 * logins <= traded


def freeze(history: History, eve: Day, known_from: date, policy: Policy, *, uses_api: bool = False) -> Baseline:
    """What was usual until `eve`, the day before the first draw. What lies before `known_from`, since when the firm is known, is no part of it."""
    drawn_on = eve.on + DAY
    first = max(drawn_on - timedelta(days=BASE_DAYS), known_from)
    login_days = [day for day in history.login_days if drawn_on - timedelta(days=LOGIN_DAYS) <= day < drawn_on]
    is_enough = len(login_days) >= policy.silence.least_login_days
    interval_halves = _interval_halves(login_days, eve) if is_enough else None
    return Baseline(
        frozen_on=drawn_on,
        interval_halves=interval_halves or 2 * policy.silence.default_interval_days,
        login_days=len(login_days),
        low_confidence=interval_halves is None,
        uses_api=uses_api,
        orders=history.orders.of(first, eve.on),
        disputes=history.disputes.of(first, eve.on),
        business_days=eve.almanac.business_days(first, eve.on),
        trend=_trend(history, eve, known_from),
    )


def _interval_halves(login_days: list[date], eve: Day) -> int | None:
    """Twice the median gap. A gap in which a day lacks is not known; None where none is."""
    lacking = eve.almanac.lacking.get("logins", frozenset[date]())
    gaps = [(late - early).days for early, late in pairwise(login_days) if not _has_any(lacking, early, late)]
    return round(2 * median(gaps)) if gaps else None


def _has_any(days: Set[date], early: date, late: date) -> bool:
    return any(early < day < late for day in days)


def _trend(history: History, eve: Day, known_from: date) -> Trend | None:
    """Of the whole weeks before the draw in which anything is known."""
    start = eve.on + DAY - timedelta(days=BASE_DAYS)
    known = max(known_from - start, timedelta(0))
    weeks = history.weeks(start, eve)[-(-known.days // WEEK) :]
    values = [weekly_value(week) for week in weeks if week[1]]
    if len(values) < 2:
        return None
    return Trend(mean_micro=round(MICRO * fmean(values)), sigma_micro=round(MICRO * stdev(values)), weeks=len(values))
