"""An oracle of the rules of monitoring: written from credit.md 7 and 17 alone, slowly and plainly. It imports nothing of ours.

It takes what happened as single facts with their instants, in any order, and goes through them for each day anew; numbers are fractions where
they can be. The holidays are those of the library that the business calendar was generated from.
"""

from __future__ import annotations

import functools
import itertools
import math
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

import chinese_calendar

ONE = timedelta(days=1)


@dataclass
class Firm:
    """Instants of logins, orders, disputes, and listings put up and taken down; completed trade in fen; what changed, who reported, who gave notice; days past due by day."""

    drawn_on: date
    known_from: date
    logins: list[datetime] = field(default_factory=list)
    orders: list[datetime] = field(default_factory=list)
    trade: list[tuple[datetime, int]] = field(default_factory=list)
    disputes: list[datetime] = field(default_factory=list)
    put_up: list[datetime] = field(default_factory=list)
    taken_down: list[datetime] = field(default_factory=list)
    changes: list[tuple[str, date]] = field(default_factory=list)
    reports: list[tuple[str, date]] = field(default_factory=list)
    notices: list[date] = field(default_factory=list)
    dpd: dict[date, int] = field(default_factory=dict)
    no_logins: set[date] = field(default_factory=set)
    no_trade: set[date] = field(default_factory=set)
    consents: bool = True
    uses_api: bool = False

    @functools.cached_property
    def login_days(self) -> list[date]:
        return sorted({shanghai(at) for at in self.logins} - self.no_logins)

    @functools.cached_property
    def ordered(self) -> Counter[date]:
        return Counter(shanghai(at) for at in self.orders)

    @functools.cached_property
    def disputed(self) -> Counter[date]:
        return Counter(shanghai(at) for at in self.disputes)

    @functools.cached_property
    def fen(self) -> Counter[date]:
        days = Counter[date]()
        for at, fen in self.trade:
            days[shanghai(at)] += fen
        return days


@dataclass
class Alert:
    rule: str
    started_on: date
    red_on: date | None
    closed_on: date | None = None


def shanghai(instant: datetime) -> date:
    return (instant + timedelta(hours=8)).date()


def span(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE


@functools.cache
def works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


@functools.cache
def is_off_for_a_holiday(day: date) -> bool:
    """A weekday off, or a weekend day that touches one through days off only."""
    for step in (-ONE, ONE):
        each = day
        while not works(each):
            if each.weekday() < 5:
                return True
            each += step
    return False


def levels(firm: Firm, on: date, decline_from: date | None = None) -> dict[str, str]:
    """What each rule says on a day: amber, red, or why it is not judged; rules that are content are left out."""
    said = {
        "login_silence": silence(firm, on),
        "trade_drop": drop(firm, on),
        "order_count": count(firm, on),
        "slow_decline": decline(firm, on, decline_from or firm.drawn_on),
        "profile_change": profile(firm, on),
        "disputes": disputes(firm, on),
        "reports": reports(firm, on),
    }
    if not firm.consents:
        said = dict.fromkeys(said, "no_consent")
    dpd = firm.dpd.get(on, 0)
    said["repayment"] = "red" if dpd > 30 else "amber" if dpd > 0 else ""
    return {rule: word for rule, word in said.items() if word}


def alerts(firm: Firm, last: date) -> list[Alert]:
    """Every episode from the draw to a day, in the order in which they began: over after three days in a row without it, of those judged."""
    running: dict[str, Alert] = {}
    ended: list[Alert] = []
    normal: dict[str, int] = {}
    decline_from = firm.drawn_on
    for on in span(firm.drawn_on, last):
        said = levels(firm, on, decline_from)
        for rule in (
            "login_silence",
            "trade_drop",
            "order_count",
            "slow_decline",
            "profile_change",
            "disputes",
            "reports",
            "repayment",
        ):
            word = said.get(rule, "")
            if word in ("amber", "red"):
                normal[rule] = 0
                alert = running.setdefault(rule, Alert(rule, on, None))
                if word == "red" and alert.red_on is None:
                    alert.red_on = on
            elif not word and rule in running:
                normal[rule] += 1
                if normal[rule] == 3:
                    running[rule].closed_on = on
                    ended.append(running.pop(rule))
                    if rule == "slow_decline":
                        decline_from = on + ONE
    return sorted([*ended, *running.values()], key=lambda alert: (alert.started_on, alert.rule))


def silence(firm: Firm, on: date) -> str:
    if firm.uses_api:
        return "uses_api"
    if on in firm.no_logins:
        return "data_lack"
    days = firm.login_days
    base = [day for day in days if firm.drawn_on - 90 * ONE <= day < firm.drawn_on]
    b = Fraction(7)
    if len(base) >= 9:
        gaps = [
            Fraction((late - early).days)
            for early, late in itertools.pairwise(base)
            if not firm.no_logins & set(span(early, late))
        ]
        b = statistics.median(gaps) if gaps else b
    until_now = [day for day in days if day <= on]
    last = until_now[-1] if until_now else firm.drawn_on
    s = sum(not is_off_for_a_holiday(day) and day not in firm.no_logins for day in span(last + ONE, on))
    if s >= max(math.ceil(3 * b), 5):
        return "red"
    if b >= 2 and s >= 5 and (1 - 1 / b) ** s <= Fraction(1, 100):
        return "red"
    return "amber" if s >= max(math.ceil(2 * b), 3) else ""


def business(firm: Firm, first: date, last: date) -> int:
    return sum(works(day) and day not in firm.no_trade for day in span(first, last))


def traded(firm: Firm, first: date, last: date) -> int:
    return sum(firm.fen[day] for day in span(first, last) if day not in firm.no_trade)


def number(firm: Firm, which: Counter[date], first: date, last: date) -> int:
    return sum(which[day] for day in span(first, last) if day not in firm.no_trade)


def drop(firm: Firm, on: date) -> str:
    window = on - 27 * ONE, on
    base = on - 111 * ONE, on - 28 * ONE
    if on in firm.no_trade or not business(firm, *window) or not business(firm, *base):
        return "data_lack"
    expected = Fraction(traded(firm, *base) * business(firm, *window), business(firm, *base))
    if expected < 50_000 * 100:
        return "too_little_expected"
    ratio = traded(firm, *window) / expected
    return "red" if ratio <= Fraction(1, 5) else "amber" if ratio <= Fraction(1, 2) else ""


def base_of(firm: Firm) -> tuple[date, date]:
    return max(firm.drawn_on - 84 * ONE, firm.known_from), firm.drawn_on - ONE


def count(firm: Firm, on: date) -> str:
    if on in firm.no_trade:
        return "data_lack"
    base = base_of(firm)
    if not business(firm, *base):
        return "no_baseline"
    daily = Fraction(number(firm, firm.ordered, *base), business(firm, *base))
    for weeks in (1, 2, 4):
        window = on - (7 * weeks - 1) * ONE, on
        mean = daily * business(firm, *window)
        if mean >= 7:
            x = number(firm, firm.ordered, *window)
            p = sum(math.exp(-mean) * float(mean) ** k / math.factorial(k) for k in range(x + 1)) if x < mean else 1
            return "red" if p <= 0.001 else "amber" if p <= 0.01 else ""
    return "too_little_expected"


def value_of(firm: Firm, first: date, last: date) -> float | None:
    days = business(firm, first, last)
    return math.log(1 + traded(firm, first, last) / 100 / days * 5) if days else None


def weeks_from(start: date, on: date) -> Iterator[tuple[date, date]]:
    while start + 6 * ONE <= on:
        yield start, start + 6 * ONE
        start += 7 * ONE


def decline(firm: Firm, on: date, since: date) -> str:
    if on in firm.no_trade:
        return "data_lack"
    eve = firm.drawn_on - ONE
    before = [value_of(firm, *week) for week in weeks_from(firm.drawn_on - 84 * ONE, eve) if week[0] >= firm.known_from]
    values = [value for value in before if value is not None]
    if len(values) < 8:
        return "no_baseline"
    mean, sigma = round(statistics.mean(values), 6), max(round(statistics.stdev(values), 6), 0.05)
    z, c, t, word = mean, 0.0, 0, ""
    for week in weeks_from(firm.drawn_on, on):
        x = value_of(firm, *week)
        if week[1] < since or x is None:
            continue
        t += 1
        z = 0.3 * x + 0.7 * z
        c = max(0.0, c + (mean - 0.5 * sigma) - x)
        is_low = z < mean - 2.7 * sigma * math.sqrt(0.3 / 1.7 * (1 - 0.7 ** (2 * t)))
        word = ("red" if c > 4 * sigma else "amber") if is_low else ""
    return word


def profile(firm: Firm, on: date) -> str:
    recent = {each for each in firm.changes if max(firm.drawn_on, on - 29 * ONE) <= each[1] <= on}
    grave = {"settlement_account", "legal_representative", "controller", "capital_cut"}
    light = len(recent) + hides(firm, on)
    if any(what in grave for what, _ in recent) or light >= 2:
        return "red"
    return "amber" if light else ""


def hides(firm: Firm, on: date) -> bool:
    """Whether half of the offers are gone that there were a week ago, or before the draw."""
    start = max(on - 7 * ONE, firm.drawn_on - ONE)
    before, now = (
        sum(shanghai(at) <= day for at in firm.put_up) - sum(shanghai(at) <= day for at in firm.taken_down)
        for day in (start, on)
    )
    return before > 0 and 2 * now <= before


def disputes(firm: Firm, on: date) -> str:
    window = on - 27 * ONE, on
    cases, sold = number(firm, firm.disputed, *window), max(number(firm, firm.ordered, *window), 1)
    before, sold_before = (number(firm, which, *base_of(firm)) for which in (firm.disputed, firm.ordered))
    # a rate is kept in whole basis points, half to even, and is one in a hundred at least
    usual = max(Fraction(round(Fraction(10_000 * before, sold_before)) if sold_before else 0, 10_000), Fraction(1, 100))
    times = Fraction(cases, sold) / usual
    return "" if cases < 5 else "red" if times >= 6 else "amber" if times >= 3 else ""


def reports(firm: Firm, on: date) -> str:
    recent = set(span(on - 179 * ONE, on))
    who = {reporter for reporter, day in firm.reports if day in recent}
    if recent & set(firm.notices) or len(who) >= 2:
        return "red"
    return "amber" if who else ""
