"""What a loan bears from one day to another: interest, and penalty on what is overdue. Pure.

The bank's figure for an instalment stands: its interest accrues with the days of its period and with the principal that is still lent, and
comes to exactly that figure where nothing was repaid early. From the due date on the penalty rate takes the place of the contract's on
overdue principal; while the loan is paused, the contract's rate takes it back (decision 0073). Each is rounded half up once, over all days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from chalicelib.credit.rules.products import DayCount, Product
from chalicelib.credit.rules.schedule import WHOLE_BP, YEAR_DAYS, days_between, days_of_period
from chalicelib.loans.rules.loan import Pause, Portion
from chalicelib.shared.money import divide


class Bearing(msgspec.Struct, frozen=True, kw_only=True):
    """What interest and penalty of a loan follow from."""

    rate_bp: int
    penalty_rate_bp: int
    day_count: DayCount
    overdue_interest_bears: bool
    pauses: tuple[Pause, ...]

    @classmethod
    def of(cls, product: Product, rate_bp: int, pauses: tuple[Pause, ...]) -> Bearing:
        return cls(
            rate_bp=rate_bp,
            penalty_rate_bp=product.penalty_rate_bp,
            day_count=product.day_count,
            overdue_interest_bears=product.overdue_interest_bears,
            pauses=pauses,
        )

    def elapsed(self, portion: Portion, day: date) -> int:
        """The days of a portion's period until a day; all of them once it is over."""
        if day <= portion.from_on:
            return 0
        whole = days_of_period(portion.from_on, portion.until_on, self.day_count)
        return whole if day >= portion.until_on else min(whole, days_between(portion.from_on, day, self.day_count))

    def interest_minor(self, portion: Portion) -> int:
        """What it has borne until the day it was carried to: in its period, and on overdue principal in pauses."""
        late = divide(portion.paused_days * self.rate_bp, WHOLE_BP * YEAR_DAYS[self.day_count], "half_up")
        return self._of_period(portion) + late

    def _of_period(self, portion: Portion) -> int:
        whole = days_of_period(portion.from_on, portion.until_on, self.day_count) * (portion.balance_minor or 1)
        accrued = divide(portion.interest_minor * portion.principal_days, whole, "half_up") if whole else 0
        return accrued + portion.charged_interest_minor + portion.carried_interest_minor

    def penalty_minor(self, portion: Portion) -> int:
        """The same of penalty."""
        over = portion.penalty_days * self.rate_bp * self.penalty_rate_bp
        accrued = divide(over, WHOLE_BP * WHOLE_BP * YEAR_DAYS[self.day_count], "half_up")
        return accrued + portion.charged_penalty_minor + portion.carried_penalty_minor

    def unpaid_interest_minor(self, portion: Portion) -> int:
        """None where the bank took more than has been borne yet."""
        return max(0, self.interest_minor(portion) - portion.interest_paid_minor)

    def unpaid_penalty_minor(self, portion: Portion) -> int:
        return max(0, self.penalty_minor(portion) - portion.penalty_paid_minor)

    def advance(self, portions: Sequence[Portion], start: date, end: date) -> None:
        """Carry portions from one day to another, between which nothing was paid."""
        left = 0
        for portion in reversed(portions):
            unpaid = portion.unpaid_principal_minor
            left += unpaid
            if portion.from_on < end and start < portion.until_on:
                days = self.elapsed(portion, end) - self.elapsed(portion, start)
                portion.principal_days += days * (left if portion.balance_minor else 1)
            due = max(start, portion.due_on)
            if due < end:
                self._grow_overdue(portion, due, end, unpaid)

    def _grow_overdue(self, portion: Portion, start: date, end: date, unpaid: int) -> None:
        interest = self._of_period(portion) - portion.interest_paid_minor if self.overdue_interest_bears else 0
        base = unpaid + max(0, interest)
        if base:
            paused = sum(days_between(first, last, self.day_count) for first, last in overlaps(self.pauses, start, end))
            portion.paused_days += unpaid * paused
            portion.penalty_days += base * (days_between(start, end, self.day_count) - paused)


def overlaps(pauses: Iterable[Pause], start: date, end: date) -> Iterable[tuple[date, date]]:
    """The parts of [start, end) that lie in pauses."""
    cut = ((max(start, pause.from_on), min(end, pause.to_on)) for pause in pauses)
    return ((first, last) for first, last in cut if first < last)


def merged(pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Pauses that do not overlap, in order."""
    whole: list[Pause] = []
    for pause in sorted(pauses):
        if whole and pause.from_on <= whole[-1].to_on:
            whole[-1] = Pause(from_on=whole[-1].from_on, to_on=max(whole[-1].to_on, pause.to_on))
        else:
            whole.append(pause)
    return tuple(whole)
