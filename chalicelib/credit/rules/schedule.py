"""What a loan is paid back in: due dates, interest, instalments, and the effective yearly rate of dated flows. Pure.

Interest is `principal * rate * days / year`, rounded half up for each period. The first day counts, the last does not. The last instalment
absorbs what rounding left of the principal.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Final

import msgspec

from chalicelib.credit.rules.products import DayCount, Holidays, Method
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import divide
from chalicelib.shared.periods import Calendar, months_after, months_before

YEAR_DAYS: Final[dict[DayCount, int]] = {"ACT/360": 360, "ACT/365F": 365, "30/360": 360}
WHOLE_BP: Final = 10_000
Flow = tuple[date, int]
"""Money on a day, in minor units: what the borrower gets is above zero, what it pays below."""
_RATES_BP: Final = range(-9_999, 1_000_000)
_HALF_BP: Final = Decimal("0.00005")


class NoEffectiveRate(RuleViolation):
    code = "no_effective_rate"
    title = "These flows have no yearly rate."
    fix = "The borrower has to get money first, and to pay some later."


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What a schedule follows from. `day` is the contract's day of the month, 0 for that of the draw; `fee_minor` is taken when it is disbursed.

    With a `statement_day`, an instalment is due `grace_days` after each statement from the first on that takes up the draw.
    """

    principal_minor: int
    rate_bp: int
    day_count: DayCount
    method: Method
    months: int
    drawn_on: date
    day: int = 0
    statement_day: int = 0
    grace_days: int = 0
    holidays: Holidays = "unchanged"
    interest_follows: bool = True
    fee_minor: int = 0


class Instalment(msgspec.Struct, frozen=True, kw_only=True):
    """One instalment: its interest is that of the days from `from_on` to before `until_on`, which is the due date but where only that moved."""

    number: int
    from_on: date
    until_on: date
    due_on: date
    principal_minor: int
    interest_minor: int
    fee_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.fee_minor


def days_between(start: date, end: date, day_count: DayCount) -> int:
    """Days that bear interest: actual ones, or 30E/360. Those of two adjoining spans add up to those of the whole."""
    if day_count == "30/360":
        return _serial(end) - _serial(start)
    return (end - start).days


def days_of_period(start: date, end: date, day_count: DayCount) -> int:
    """The same of a period of a schedule: n whole months are 30 * n days under 30/360, whatever February is like."""
    if day_count == "30/360" and _are_whole_months(start, end):
        return 30 * _months_between(start, end)
    return days_between(start, end, day_count)


def interest_minor(principal_minor: int, rate_bp: int, days: int, day_count: DayCount) -> int:
    """Interest of so many days."""
    return divide(principal_minor * rate_bp * days, WHOLE_BP * YEAR_DAYS[day_count], "half_up")


def statement_on(statement_day: int, on: date) -> date:
    """The day of the statement that takes up what is drawn on a day: that day's, or the next."""
    first = on.replace(day=statement_day)
    return first if on <= first else months_after(first, 1)


def statement_due_on(statement: date, grace_days: int) -> date:
    """When what is on a statement is to be paid."""
    return statement + timedelta(days=grace_days)


def contract_dates(terms: Terms) -> list[date]:
    """The day of the draw, then the contract's day of each month that ends a period: each from the contract's day, never from the one before."""
    drawn_on = terms.drawn_on
    if terms.statement_day:
        return [drawn_on, *_statement_dates(terms)]
    january = date(drawn_on.year, 1, terms.day or drawn_on.day)
    months = [terms.months] if terms.method == "bullet" else range(1, terms.months + 1)
    return [drawn_on, *(months_after(january, drawn_on.month - 1 + month) for month in months)]


def moved(day: date, holidays: Holidays, calendar: Calendar) -> date:
    """The due date where the contract's day may be no business day. In years that the calendar does not know yet, only weekends are none."""
    step = timedelta(days={"following": 1, "preceding": -1, "unchanged": 0}[holidays])
    while step and not _is_business_day(day, calendar):
        day += step
    return day


def instalments(terms: Terms, calendar: Calendar) -> tuple[Instalment, ...]:
    """The whole schedule. The principal of all instalments is that of the terms."""
    contract = contract_dates(terms)
    due = [terms.drawn_on, *(moved(day, terms.holidays, calendar) for day in contract[1:])]
    ends = due if terms.interest_follows else contract
    days = [
        days_of_period(start, end, terms.day_count)
        if (start, end) == whole
        else days_between(start, end, terms.day_count)
        for (start, end), whole in zip(pairwise(ends), pairwise(contract), strict=True)
    ]
    parts = zip(pairwise(ends), due[1:], _parts(terms, days), strict=True)
    return tuple(
        Instalment(
            number=number,
            from_on=start,
            until_on=end,
            due_on=due_on,
            principal_minor=principal,
            interest_minor=interest,
        )
        for number, ((start, end), due_on, (principal, interest)) in enumerate(parts, 1)
    )


def flows(terms: Terms, schedule: Iterable[Instalment]) -> list[Flow]:
    """What the borrower gets, less the fee, and what it pays when."""
    paid = [(each.due_on, -each.total_minor) for each in schedule]
    return [(terms.drawn_on, terms.principal_minor - terms.fee_minor), *paid]


def effective_rate_bp(flows: Sequence[Flow]) -> int:
    """The yearly rate at which dated flows are worth nothing together, in basis points; a year is 365 days."""
    start = min(day for day, _ in flows)
    timed = [(Decimal((day - start).days) / 365, minor) for day, minor in flows]

    def is_worth(rate_bp: int) -> bool:
        growth = 1 + Decimal(rate_bp) / WHOLE_BP + _HALF_BP
        return sum(minor / growth**years for years, minor in timed) >= 0

    with localcontext() as context:
        context.prec = 28
        place = bisect_left(_RATES_BP, True, key=is_worth)
    if place in (0, len(_RATES_BP)):
        raise NoEffectiveRate("No yearly rate makes these flows worth nothing.")
    return _RATES_BP[place]


def _parts(terms: Terms, days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Principal and interest of each instalment."""
    left, level = terms.principal_minor, _level(terms, days)
    for number, length in enumerate(days, 1):
        interest = interest_minor(left, terms.rate_bp, length, terms.day_count)
        if number == len(days):
            principal = left
        elif terms.method == "equal_principal":
            principal = divide(terms.principal_minor, len(days), "half_up")
        elif terms.method == "annuity":
            principal = max(0, min(left, level - interest))
        else:
            principal = 0
        yield principal, interest
        left -= principal


def _statement_dates(terms: Terms) -> list[date]:
    first = statement_on(terms.statement_day, terms.drawn_on)
    months = [terms.months - 1] if terms.method == "bullet" else range(terms.months)
    return [statement_due_on(months_after(first, month), terms.grace_days) for month in months]


def _level(terms: Terms, days: Sequence[int]) -> int:
    """The instalment of an annuity: the same each time, whatever the lengths of the periods."""
    discount, worth = Fraction(1), Fraction(0)
    for length in days:
        discount /= 1 + Fraction(terms.rate_bp * length, WHOLE_BP * YEAR_DAYS[terms.day_count])
        worth += discount
    exact = terms.principal_minor / worth
    return divide(exact.numerator, exact.denominator, "half_up")


def _serial(day: date) -> int:
    return 360 * day.year + 30 * day.month + min(day.day, 30)


def _are_whole_months(start: date, end: date) -> bool:
    """The same day of the month, or the last day of one that does not have it."""
    months = _months_between(start, end)
    return end == months_after(start, months) or start == months_before(end, months)


def _months_between(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month


def _is_business_day(day: date, calendar: Calendar) -> bool:
    return day.weekday() < 5 if day > calendar.known_until else calendar.is_business_day(day)
