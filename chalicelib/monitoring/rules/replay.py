"""The past of a loan judged again by one version of the rules: which alarms there would have been. Pure.

An alarm is the course of an alert without the people who see to it: it begins with the first day of a finding, becomes red once, and is over
after the version's days in a row without one, of those that were judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.monitoring.rules.day import DAY, Almanac, Day
from chalicelib.monitoring.rules.facts import Facts
from chalicelib.monitoring.rules.finding import OF_LOANS, Judgement, Level, Rule
from chalicelib.monitoring.rules.history import History, facts_of, freeze
from chalicelib.monitoring.rules.judging import judge
from chalicelib.monitoring.rules.policy import Policy


class Alarm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    rule: Rule
    started_on: date
    red_on: date | None = None
    normal_days: int = 0
    ended_on: date | None = None

    @property
    def level(self) -> Level:
        return "red" if self.red_on else "amber"


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a loan: its firm's days since long before its first draw, and what of a day does not come out of the day-book."""

    loan_id: str
    member_id: str
    drawn_on: date
    ended_on: date | None = None
    known_from: date
    uses_api: bool = False
    history: History
    beside: Callable[[date], dict[str, object]] = lambda on: {}


class Replayed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it: alarms in the order in which they began, and on how many days each rule could judge."""

    alarms: tuple[Alarm, ...] = ()
    judged: Mapping[Rule, int] = {}


def replay(past: Past, policy: Policy, almanac: Almanac, first: date, last: date) -> Replayed:
    """From the draw, or `first`, to `last` or the loan's end."""
    first = max(first, past.drawn_on)
    last = min(last, past.ended_on - DAY) if past.ended_on else last
    eve = almanac.day(past.drawn_on - DAY)
    baseline = freeze(past.history, eve, past.known_from, policy, uses_api=past.uses_api)
    course = _Course(policy.normal_days)
    for number in range((last - first).days + 1):
        day = almanac.day(first + timedelta(days=number))
        course.go_on(day.on, judge(_facts(past, day, course.trend_after), baseline, policy, day))
    return course.replayed


class _Course:
    """The alarms of a loan until a day. R4 begins anew when an alarm of its own has ended."""

    def __init__(self, normal_days: int) -> None:
        self._normal_days = normal_days
        self._running: dict[Rule, Alarm] = {}
        self._ended: list[Alarm] = []
        self._judged: Counter[Rule] = Counter()
        self.trend_after: date | None = None

    @property
    def replayed(self) -> Replayed:
        alarms = sorted((*self._ended, *self._running.values()), key=lambda alarm: (alarm.started_on, alarm.rule))
        return Replayed(alarms=tuple(alarms), judged=dict(self._judged))

    def go_on(self, on: date, judgement: Judgement) -> None:
        self._judged.update(rule for rule in OF_LOANS if rule not in judgement.not_judged)
        levels = {finding.rule: finding.level for finding in judgement.findings}
        for rule, level in levels.items():
            alarm = self._running.get(rule) or Alarm(rule=rule, started_on=on)
            red_on = alarm.red_on or (on if level == "red" else None)
            self._running[rule] = replace(alarm, red_on=red_on, normal_days=0)
        for rule in self._running.keys() - levels.keys() - judgement.not_judged.keys():
            self._count_normal(rule, on)

    def _count_normal(self, rule: Rule, on: date) -> None:
        alarm = self._running[rule]
        if alarm.normal_days + 1 < self._normal_days:
            self._running[rule] = replace(alarm, normal_days=alarm.normal_days + 1)
            return
        self._ended.append(replace(self._running.pop(rule), normal_days=0, ended_on=on))
        if rule == "slow_decline":
            self.trend_after = on


def _facts(past: Past, day: Day, trend_after: date | None) -> Facts:
    return facts_of(
        past.history,
        day,
        past.drawn_on,
        trend_after,
        loan_id=past.loan_id,
        member_id=past.member_id,
        **past.beside(day.on),
    )
