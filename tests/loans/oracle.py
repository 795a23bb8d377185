"""What a loan must come to, worked out a second time from `credit.md` 5, 6, 17 and the rows I and LN, and from nothing of ours.

A loan is told in plain values: its terms, and what happened in whatever order it came. Everything is worked out anew for the day that is
asked about, in exact fractions; a fen is rounded half up, and only where an amount falls due.

    interest       an instalment's figure, in proportion to the days of its period and to the principal that is not yet due; overdue
                   interest bears none
    penalty        takes the place of interest on overdue principal, from its due date on
    pauses         [from, to), merged: interest takes the penalty's place again, and days past due stand still
    allocation     the cells of the product in their order; of cells of one time that stand together the oldest instalment first
    days past due  from the due date at which unpaid amounts, added from the oldest, pass max(100.00, 1 % of that instalment)
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby, pairwise
from typing import NamedTuple

import chinese_calendar

CELLS = tuple(
    f"{when}_{what}"
    for when in ("past_due", "due", "in_advance")
    for what in ("penalty", "fee", "interest", "principal")
)
"""The default order of allocation."""
MATERIAL = 100_00


class Terms(NamedTuple):
    """Money in fen, the rate in hundredths of a percent a year, the penalty's as a factor of it."""

    principal: int
    rate_bp: int
    method: str = "annuity"
    day_count: str = "act_360"
    months: int = 12
    drawn_on: date = date(2024, 1, 10)
    holidays: str = "unchanged"
    interest_moves: bool = False
    factor: Fraction = Fraction(3, 2)
    order: Sequence[str] = CELLS


class Planned(NamedTuple):
    """An instalment as the schedule has it, and the days its interest is for: [starts_on, ends_on)."""

    due_on: date
    principal: int
    interest: int
    starts_on: date
    ends_on: date
    days: int


class Payment(NamedTuple):
    on: date
    """The value date."""
    minor: int
    ref: str = ""


class Reversal(NamedTuple):
    ref: str


class Pause(NamedTuple):
    start: date
    end: date


Happened = Payment | Reversal | Pause


@dataclass
class Due:
    """An instalment and what of it is unpaid. Until its due date its interest is what has accrued of it."""

    plan: Planned
    principal: int
    balance: int = 0
    accrued: Fraction = Fraction(0)
    paused: Fraction = Fraction(0)
    penalised: Fraction = Fraction(0)
    paid: Counter[str] = field(default_factory=Counter)

    @property
    def interest(self) -> int:
        return half_up(self.accrued) + half_up(self.paused) - self.paid["interest"]

    @property
    def penalty(self) -> int:
        return half_up(self.penalised) - self.paid["penalty"]

    @property
    def unpaid(self) -> int:
        return self.principal + self.interest

    @property
    def whole(self) -> int:
        return self.plan.principal + self.plan.interest


@dataclass
class Position:
    """Where a loan stands on a day. `splits` is what each payment paid, by its reference; `over` what nobody owed."""

    status: str
    dpd: int
    dues: list[Due]
    splits: dict[str, Counter[str]]
    over: int

    @property
    def principal(self) -> int:
        return sum(due.principal for due in self.dues)

    @property
    def interest(self) -> int:
        return sum(due.interest for due in self.dues)

    @property
    def penalty(self) -> int:
        return sum(due.penalty for due in self.dues)

    @property
    def payoff(self) -> int:
        return self.principal + self.interest + self.penalty


def half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


# Days


def months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def moved(day: date, rule: str) -> date:
    step = timedelta(days={"unchanged": 0, "following": 1, "preceding": -1}[rule])
    while step and not _is_workday(day):
        day += step
    return day


def _is_workday(day: date) -> bool:
    """In years whose holidays are not published yet only weekends are none."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def days_between(start: date, end: date, day_count: str) -> int:
    if day_count != "30_360":
        return (end - start).days
    months = (end.year - start.year) * 12 + end.month - start.month
    return 30 * months + min(end.day, 30) - min(start.day, 30)


def period_days(start: date, end: date, day_count: str) -> int:
    """Of a whole period: n months are 30 * n days."""
    months = (end.year - start.year) * 12 + end.month - start.month
    is_whole = end == months_after(start, months) or start == months_after(end, -months)
    return 30 * months if day_count == "30_360" and is_whole else days_between(start, end, day_count)


def accrual(minor: int, rate_bp: int | Fraction, days: int, day_count: str) -> Fraction:
    return minor * Fraction(rate_bp) / 10_000 * Fraction(days, 365 if day_count == "act_365f" else 360)


def paused_days(pauses: Iterable[Pause], start: date, end: date) -> int:
    """Days of [start, end) that are in any pause, each counted once."""
    days = {each.start + timedelta(days=n) for each in pauses for n in range((each.end - each.start).days)}
    return sum(start <= day < end for day in days)


# The schedule


def schedule(terms: Terms) -> list[Planned]:
    """What falls due when. The last instalment takes what the others left."""
    nominal = [months_after(terms.drawn_on, n) for n in range(terms.months + 1)]
    if terms.method == "bullet":
        nominal = [nominal[0], nominal[-1]]
    dues = [nominal[0], *(moved(day, terms.holidays) for day in nominal[1:])]
    bounds = list(pairwise(dues if terms.interest_moves else nominal))
    whole = [terms.months] if terms.method == "bullet" else [1] * terms.months
    periods = [
        30 * months if terms.day_count == "30_360" and bound == span else days_between(*bound, terms.day_count)
        for bound, span, months in zip(bounds, pairwise(nominal), whole, strict=True)
    ]
    left, plan = terms.principal, []
    for number, ((start, end), days) in enumerate(zip(bounds, periods, strict=True)):
        interest = half_up(accrual(left, Fraction(terms.rate_bp), days, terms.day_count))
        principal = left if number == len(bounds) - 1 else _principal(terms, left, interest, periods)
        plan.append(Planned(dues[number + 1], principal, interest, start, end, days))
        left -= principal
    return plan


def _principal(terms: Terms, left: int, interest: int, periods: Sequence[int]) -> int:
    if terms.method == "monthly_interest":
        return 0
    if terms.method == "equal_principal":
        return half_up(Fraction(terms.principal, terms.months))
    return max(0, min(left, level(terms, periods) - interest))


def level(terms: Terms, periods: Sequence[int]) -> int:
    """An annuity's instalment: what is worth the principal, discounted over the days of each period."""
    discount, worth = Fraction(1), Fraction(0)
    for days in periods:
        discount /= 1 + accrual(1, Fraction(terms.rate_bp), days, terms.day_count)
        worth += discount
    return half_up(terms.principal / worth)


def as_told(plan: Sequence[Planned], terms: Terms) -> list[Planned]:
    """A schedule as a bank tells it: of due dates and amounts, with periods from one due date to the next."""
    starts = [terms.drawn_on, *(each.due_on for each in plan)]
    return [
        each._replace(starts_on=start, ends_on=each.due_on, days=period_days(start, each.due_on, terms.day_count))
        for start, each in zip(starts, plan, strict=False)
    ]


# What happened


def position(terms: Terms, plan: Sequence[Planned], events: Sequence[Happened], on: date) -> Position:
    """A loan on a day, in whatever order its events came: payments by their value dates, without those that were reversed."""
    back = {each.ref for each in events if isinstance(each, Reversal)}
    pauses = [each for each in events if isinstance(each, Pause)]
    payments = [each for each in events if isinstance(each, Payment) and each.ref not in back and each.on <= on]
    dues = dues_of(plan)
    splits, over, day = {}, 0, terms.drawn_on
    for payment in sorted(payments, key=lambda each: (each.on, each.ref)):
        accrue(dues, terms, pauses, day, payment.on)
        day = payment.on
        splits[payment.ref], left = allocate(dues, terms, payment)
        over += left
    accrue(dues, terms, pauses, day, on)
    dpd = days_past_due(dues, pauses, on)
    is_paused = any(each.start <= on < each.end for each in pauses)
    owes = any(due.unpaid + due.penalty for due in dues)
    status = "repaid" if not owes else "paused" if is_paused else "in_arrears" if dpd else "current"
    return Position(status, dpd, dues, splits, over)


def dues_of(plan: Sequence[Planned]) -> list[Due]:
    return [Due(each, each.principal, sum(later.principal for later in plan[n:])) for n, each in enumerate(plan)]


def accrue(dues: Sequence[Due], terms: Terms, pauses: Sequence[Pause], start: date, end: date) -> None:
    """Interest and penalties of the days [start, end), from one turn to the next."""
    turns = {day for due in dues for day in (due.plan.due_on, due.plan.starts_on, due.plan.ends_on)}
    turns |= {day for each in pauses for day in (each.start, each.end)}
    for since, until in pairwise(sorted({start, end, *(day for day in turns if start < day < end)})):
        is_paused = any(each.start <= since < each.end for each in pauses)
        for n, due in enumerate(dues):
            if due.plan.starts_on <= since < due.plan.ends_on and due.plan.days:
                not_due = sum(each.principal for each in dues[n:])
                days = _period_days(due.plan, until, terms) - _period_days(due.plan, since, terms)
                due.accrued += Fraction(due.plan.interest * not_due * days, due.balance * due.plan.days)
            if due.plan.due_on <= since:
                days, rate = days_between(since, until, terms.day_count), Fraction(terms.rate_bp)
                if is_paused:
                    due.paused += accrual(due.principal, rate, days, terms.day_count)
                else:
                    due.penalised += accrual(due.principal, rate * terms.factor, days, terms.day_count)


def _period_days(plan: Planned, day: date, terms: Terms) -> int:
    """Days of a period until one of its days. At its end those that the schedule counts."""
    return plan.days if day == plan.ends_on else min(plan.days, days_between(plan.starts_on, day, terms.day_count))


def allocate(dues: Sequence[Due], terms: Terms, payment: Payment) -> tuple[Counter[str], int]:
    """What a payment pays, and what is left of it."""
    left, split = payment.minor, Counter[str]()
    for when, cells in groupby(terms.order, key=lambda cell: cell.rpartition("_")[0]):
        whats = [cell.rpartition("_")[2] for cell in cells]
        for due, what in ((due, what) for due in dues if _is(when, due.plan.due_on, payment.on) for what in whats):
            paid = max(0, min(left, getattr(due, what, 0)))
            left -= paid
            split[what] += paid
            due.paid[what] += paid
            due.principal -= paid if what == "principal" else 0
    return split, left


def _is(when: str, due_on: date, on: date) -> bool:
    return {"past_due": due_on < on, "due": due_on == on, "in_advance": due_on > on}[when]


def days_past_due(dues: Sequence[Due], pauses: Sequence[Pause], on: date) -> int:
    unpaid = 0
    for due in dues:
        if due.plan.due_on >= on:
            break
        unpaid += due.unpaid
        is_untouched = not due.paid["principal"] + due.paid["interest"]
        if due.unpaid and (is_untouched or 100 * unpaid > max(100 * MATERIAL, due.whole)):
            return (on - due.plan.due_on).days - paused_days(pauses, due.plan.due_on, on)
    return 0
