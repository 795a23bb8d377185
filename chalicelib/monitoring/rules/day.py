"""A business day as all loans of a run see it: which days before it count, and of which the data lack. Worked out once for a run. Pure.

A holiday is every day off around a statutory one, its weekend with it. A year that the calendar does not know has weekends only, and what is
concluded then is of low confidence. What is not known of a day is not zero: such a day counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Final, Literal, get_args

from chalicelib.shared.periods import Calendar

Feed = Literal["logins", "trade"]
"""What the day-book is fed with; orders and disputes come with trade."""
FEEDS: Final[tuple[Feed, ...]] = get_args(Feed)
WEEK: Final = 7
WINDOW_DAYS: Final = 28
BASE_DAYS: Final = 84
LOGIN_DAYS: Final = 90
LOOK_BACK: Final = timedelta(days=6 * 366)
"""So long before a day its almanac begins: longer than a loan of sixty months lasts, with its baseline."""
DAY: Final = timedelta(days=1)
_AFTER: Final = 15
"""Days after the last that are looked at for a holiday that has begun: no row of days off is longer."""

Lacking = Mapping[Feed, Set[date]]
"""The days that a feed did not tell of."""


class Almanac:
    """Days from `first` to `last`, of which business days with known trade and days that may be silent are counted once."""

    def __init__(self, calendar: Calendar, lacking: Lacking, first: date, last: date) -> None:
        self.calendar, self.lacking, self.first = calendar, lacking, first
        self._known: dict[date, Day] = {}
        no_logins, no_trade = lacking.get("logins", frozenset()), lacking.get("trade", frozenset())
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        holidays = set(holidays_of([*days, *(last + timedelta(days=number) for number in range(1, _AFTER))], calendar))
        self._silent = [0, *accumulate(day not in holidays and day not in no_logins for day in days)]
        self._business = [0, *accumulate(is_business_day(day, calendar) and day not in no_trade for day in days)]

    def business_days(self, first: date, last: date) -> int:
        """Those whose trade is known, `first` and `last` among them."""
        return self._business[self._place(last) + 1] - self._business[self._place(first)]

    def silent_days(self, last_login_on: date, on: date) -> int:
        """Days since a login on which there could have been another."""
        return max(self._silent[self._place(on) + 1] - self._silent[self._place(last_login_on) + 1], 0)

    def day(self, on: date) -> Day:
        if on not in self._known:
            self._known[on] = self._day(on)
        return self._known[on]

    def _day(self, on: date) -> Day:
        window, base = on - timedelta(days=WINDOW_DAYS), on - timedelta(days=WINDOW_DAYS + BASE_DAYS)
        return Day(
            on=on,
            almanac=self,
            business={
                days: self.business_days(on - timedelta(days=days - 1), on) for days in (WEEK, 2 * WEEK, WINDOW_DAYS)
            },
            base_business_days=self.business_days(base + DAY, window),
            gaps={feed: _in_a_row(on, self.lacking.get(feed, frozenset())) for feed in FEEDS},
            holidays_known=self.calendar.is_published(on) and self.calendar.is_published(base),
        )

    def _place(self, day: date) -> int:
        return max((day - self.first).days, -1)


@dataclass(frozen=True, slots=True)
class Day:
    """`business[n]` of the last n days (7, 14, 28) are business days whose trade is known, and `base_business_days` of the 84 before the last 28.

    `gaps` are the days in a row, this one with them, that a feed lacks.
    """

    on: date
    almanac: Almanac
    business: Mapping[int, int]
    base_business_days: int
    gaps: Mapping[Feed, int]
    holidays_known: bool


def day_of(on: date, calendar: Calendar, lacking: Lacking) -> Day:
    """One day, for whoever needs no other."""
    return Almanac(calendar, lacking, on - LOOK_BACK, on).day(on)


def is_business_day(day: date, calendar: Calendar) -> bool:
    return calendar.is_business_day(day) if calendar.knows(day) else day.weekday() < 5


def holidays_of(days: list[date], calendar: Calendar) -> Iterator[date]:
    """The days off in a row that have a statutory one among them."""
    row: list[date] = []
    for day in (*days, None):
        if day is not None and not is_business_day(day, calendar):
            row.append(day)
            continue
        if not calendar.closed.isdisjoint(row):
            yield from row
        row = []


def _in_a_row(on: date, lacking: Set[date]) -> int:
    count = 0
    while on - timedelta(days=count) in lacking:
        count += 1
    return count
