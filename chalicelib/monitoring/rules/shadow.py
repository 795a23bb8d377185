"""A version of the rules beside the one in force, over the same past: how often each alarms, how often rightly, how early, and of whom. Pure.

An alarm is right where the loan was in default within `HORIZON` behind it, wrong where it was not, and open where the past ends before. A
default is warned of by a rule that had raised an alarm before it, within the horizon; how early is told of the first such.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median_low
from typing import Final, Literal

import msgspec

from chalicelib.monitoring.rules.finding import NEEDS_CONSENT, RULES, Rule
from chalicelib.monitoring.rules.policy import Policy
from chalicelib.monitoring.rules.replay import Alarm, Replayed
from chalicelib.shared.money import divide
from chalicelib.shared.periods import month_of

Verdict = Literal["right", "wrong", "open"]
TUNED: Final = tuple(rule for rule in RULES if rule in NEEDS_CONSENT)
"""R1 to R5, R7 and R8. Arrears, groups and feeds are what they are: there is nothing to try out."""
HORIZON: Final = timedelta(days=180)
YEAR: Final = 365
MILLI: Final = 1_000
BP: Final = 10_000
MOST_DIFFERENCES: Final = 100
"""That are shown; files have more."""


class Trial(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is tried out: `rules` beside the version with the hash `in_force`, over the days from `from_on` to `until`, on one in so many loans."""

    from_on: date
    until: date
    in_force: str
    rules: Policy
    one_in: int = 1


class Compared(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One loan under both versions, of which nothing is known after `last`."""

    loan_id: str
    member_id: str
    last: date
    defaulted_on: date | None = None
    in_force: Replayed
    shadow: Replayed

    @property
    def differs(self) -> bool:
        return self.in_force.alarms != self.shadow.alarms


class MonthSums(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Alarms that began in a month, and how many of them were right, wrong, or are open."""

    right: int = 0
    wrong: int = 0
    open: int = 0

    @property
    def alarms(self) -> int:
        return self.right + self.wrong + self.open

    @property
    def precision_bp(self) -> int | None:
        """The right ones among those of which one knows."""
        known = self.right + self.wrong
        return divide(self.right * BP, known) if known else None

    def count(self, verdict: Verdict) -> None:
        setattr(self, verdict, getattr(self, verdict) + 1)

    def add(self, other: MonthSums) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.open += other.open


class RuleSums(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What one rule of a version came to. Mutable while loans are added; numbers only, so that parts can be added up in any order."""

    judged_days: int = 0
    amber: int = 0
    red: int = 0
    lead_days: dict[int, int] = {}
    """Of how many defaults it warned so many days ahead."""
    months: dict[str, MonthSums] = {}

    @property
    def alarms(self) -> int:
        return self.amber + self.red

    @property
    def all_months(self) -> MonthSums:
        whole = MonthSums()
        for month in self.months.values():
            whole.add(month)
        return whole

    @property
    def alarms_per_year_milli(self) -> int | None:
        """In thousandths, for a firm that could be judged all year."""
        return divide(self.alarms * YEAR * MILLI, self.judged_days) if self.judged_days else None

    @property
    def warned(self) -> int:
        return sum(self.lead_days.values())

    @property
    def median_lead_days(self) -> int | None:
        days = Counter(self.lead_days)
        return median_low(days.elements()) if days else None

    def count(self, alarms: Iterable[Alarm], judged_days: int, loan: Compared) -> None:
        self.judged_days += judged_days
        leads = []
        for alarm in alarms:
            self.amber += alarm.level == "amber"
            self.red += alarm.level == "red"
            verdict = verdict_of(alarm, loan.defaulted_on, loan.last)
            self.months.setdefault(month_of(alarm.started_on), MonthSums()).count(verdict)
            if verdict == "right" and loan.defaulted_on and alarm.started_on < loan.defaulted_on:
                leads.append((loan.defaulted_on - alarm.started_on).days)
        if leads:
            self.lead_days[max(leads)] = self.lead_days.get(max(leads), 0) + 1

    def add(self, other: RuleSums) -> None:
        self.judged_days += other.judged_days
        self.amber += other.amber
        self.red += other.red
        self.lead_days = dict(Counter(self.lead_days) + Counter(other.lead_days))
        for month, sums in other.months.items():
            self.months.setdefault(month, MonthSums()).add(sums)


Side = dict[Rule, RuleSums]


class Sums(msgspec.Struct, kw_only=True):
    """All loans of a part, or of the whole. `changed` have other alarms under the shadow."""

    loans: int = 0
    defaults: int = 0
    changed: int = 0
    in_force: Side = msgspec.field(default_factory=lambda: {rule: RuleSums() for rule in TUNED})
    shadow: Side = msgspec.field(default_factory=lambda: {rule: RuleSums() for rule in TUNED})

    def count(self, loan: Compared) -> None:
        self.loans += 1
        self.defaults += loan.defaulted_on is not None
        self.changed += loan.differs
        for side, replayed in ((self.in_force, loan.in_force), (self.shadow, loan.shadow)):
            for rule, sums in side.items():
                of_rule = (alarm for alarm in replayed.alarms if alarm.rule == rule)
                sums.count(of_rule, replayed.judged.get(rule, 0), loan)

    def add(self, other: Sums) -> None:
        self.loans += other.loans
        self.defaults += other.defaults
        self.changed += other.changed
        for side, others in ((self.in_force, other.in_force), (self.shadow, other.shadow)):
            for rule, sums in side.items():
                sums.add(others[rule])


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says of a loan under each version: alarms, and when the first began."""

    loan_id: str
    member_id: str
    rule: Rule
    in_force: int
    shadow: int
    first_in_force: date | None
    first_in_shadow: date | None
    defaulted_on: date | None


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a trial. `differences` are the first ones, by loan and rule."""

    sums: Sums
    differences: tuple[Difference, ...] = ()


def differences(loan: Compared) -> list[Difference]:
    """The rules whose alarms of a loan differ, in their order."""
    listed = []
    for rule in TUNED:
        ours, theirs = _of(rule, loan.in_force), _of(rule, loan.shadow)
        if ours != theirs:
            listed.append(
                Difference(
                    loan_id=loan.loan_id,
                    member_id=loan.member_id,
                    rule=rule,
                    in_force=len(ours),
                    shadow=len(theirs),
                    first_in_force=ours[0].started_on if ours else None,
                    first_in_shadow=theirs[0].started_on if theirs else None,
                    defaulted_on=loan.defaulted_on,
                )
            )
    return listed


def verdict_of(alarm: Alarm, defaulted_on: date | None, last: date) -> Verdict:
    """An alarm on the day of a default, or behind it, is right and warns of nothing."""
    if defaulted_on is not None and defaulted_on <= alarm.started_on + HORIZON:
        return "right"
    return "wrong" if alarm.started_on + HORIZON <= last else "open"


def _of(rule: Rule, replayed: Replayed) -> list[Alarm]:
    return [alarm for alarm in replayed.alarms if alarm.rule == rule]
