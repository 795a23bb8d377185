"""A business day as all loans of a run see it: which days before it count, and of which the data lack. Worked out once for a run. Pure.

A holiday is every day off around a statutory one, its weekend with it. A year that the calendar does not know has weekends only, and what is
concluded then is of low confidence. What is not known of a day is not zero: such a day counts for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, timedelta
from typing import Final, Literal, get_args

import msgspec

from chalicelib.shared.periods import Calendar

Feed = Literal["logins", "trade"]
"""What the day-book is fed with; orders and disputes come with trade."""
FEEDS: Final[tuple[Feed, ...]] = get_args(Feed)
WINDOW_DAYS: Final = 28
BASE_DAYS: Final = 84
LOGIN_DAYS: Final = 90
WEEK: Final = 7
LOOK_BACK: Final = 400
"""So many days are counted once for all loans; older ones one by one."""

Lacking = Mapping[Feed, Set[date]]


class Day(msgspec.Struct, frozen=True, kw_only=True):
    """`silent[n]` of the last n days count as silent where nobody logged in; `business[n]` of them are business days whose trade is known.

    `gaps` are the days in a row, this one with them, that a feed lacks.
    """

    on: date
    calendar: Calendar
    lacking: Lacking
    silent: tuple[int, ...]
    business: tuple[int, ...]
    gaps: Mapping[Feed, int]
    holidays_known: bool

    @property
    def base_business_days(self) -> int:
        """Of the 84 days before the last 28."""
        return self.business[WINDOW_DAYS + BASE_DAYS] - self.business[WINDOW_DAYS]

    def silent_days(self, last_login_on: date) -> int:
        days = max((self.on - last_login_on).days, 0)
        return self.silent[days] if days <= LOOK_BACK else self.silent[LOOK_BACK] + days - LOOK_BACK


def day_of(on: date, calendar: Calendar, lacking: Lacking) -> Day:
    """The day `on`. `lacking` are the days that feeds did not tell of; only those of the last 400 days matter."""
    back = [on - timedelta(days=number) for number in range(LOOK_BACK)]
    silent, business = [0], [0]
    for each in back:
        silent.append(silent[-1] + (not is_holiday(each, calendar) and each not in lacking.get("logins", ())))
        business.append(business[-1] + (is_business_day(each, calendar) and each not in lacking.get("trade", ())))
    return Day(
        on=on,
        calendar=calendar,
        lacking=lacking,
        silent=tuple(silent),
        business=tuple(business),
        gaps={feed: _in_a_row(back, lacking.get(feed, frozenset())) for feed in FEEDS},
        holidays_known=_knows(calendar, on) and _knows(calendar, back[WINDOW_DAYS + BASE_DAYS]),
    )


def is_business_day(day: date, calendar: Calendar) -> bool:
    return calendar.is_business_day(day) if _knows(calendar, day) else day.weekday() < 5


def is_holiday(day: date, calendar: Calendar) -> bool:
    """Whether it is one of the days off in a row around a statutory one."""
    return not is_business_day(day, calendar) and any(
        not calendar.closed.isdisjoint(_days_off(day, step, calendar)) for step in (1, -1)
    )


def _days_off(day: date, step: int, calendar: Calendar) -> list[date]:
    days = []
    while not is_business_day(day, calendar):
        days.append(day)
        day += timedelta(days=step)
    return days


def _knows(calendar: Calendar, day: date) -> bool:
    return calendar.first_year <= day.year <= calendar.last_year


def _in_a_row(back: list[date], lacking: Set[date]) -> int:
    return next((number for number, each in enumerate(back) if each not in lacking), LOOK_BACK)
