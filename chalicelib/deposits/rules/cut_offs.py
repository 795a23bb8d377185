"""Cut-offs: the instants at which a month is decided, and the days that count for it. Pure.

The period "2023-03" is cut off at T, the first instant of 6 March in Shanghai. Its window is whole Shanghai days before T; a day is
told by its ordinal, as `date.toordinal` does.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec

from chalicelib.deposits.rules.book import Window
from chalicelib.shared.errors import Malformed
from chalicelib.shared.periods import business_date, month_of, months_before, start_of
from chalicelib.shared.texts import say

DAY: Final = 6
WINDOW_DAYS: Final = 30
KEPT_DAYS: Final = 62
"""How many days of trade ride on a deposit: enough for the window of a month that is decided one month late."""
_SHAPE: Final = re.compile(r"[12][0-9]{3}-(0[1-9]|1[0-2])", re.ASCII)


class CutOff(msgspec.Struct, frozen=True):
    """T of a period, the day it begins, and the day of the cut-off before it; days by their ordinals."""

    period: str
    at: datetime
    day: int
    last_day: int

    def first_day(self, window: Window) -> int:
        """The first day that counts; the day of T is the first that does not."""
        return self.day - WINDOW_DAYS if window == "days30" else self.last_day


@lru_cache(maxsize=256)
def cut_off(period: str) -> CutOff:
    """The cut-off of a month, "2023-03". Malformed for anything else."""
    if _SHAPE.fullmatch(period) is None:
        raise Malformed(say("{period!r:.20} is not a month like 2023-03.", period=period), param="period")
    day = date(int(period[:4]), int(period[5:]), DAY)
    return CutOff(period, start_of(day), day.toordinal(), months_before(day, 1).toordinal())


def next_cut_off(now: datetime) -> CutOff:
    """The first cut-off at or after an instant: what is known at T itself still counts."""
    today = business_date(now)
    this = cut_off(month_of(today))
    return this if now <= this.at else cut_off(_following(this.period))


def passed(since: datetime, until: datetime, most: int) -> list[CutOff]:
    """The last cut-offs with since <= T < until, the earliest first, at most so many."""
    cut_offs: list[CutOff] = []
    this = cut_off(month_of(business_date(until)))
    if this.at >= until:
        this = cut_off(_before(this.period))
    while len(cut_offs) < most and since <= this.at:
        cut_offs.append(this)
        this = cut_off(_before(this.period))
    return cut_offs[::-1]


def between(since: datetime, until: datetime) -> list[CutOff]:
    """Every cut-off with since < T <= until, the earliest first."""
    cut_offs: list[CutOff] = []
    this = next_cut_off(since + timedelta(microseconds=1))
    while this.at <= until:
        cut_offs.append(this)
        this = cut_off(_following(this.period))
    return cut_offs


def ordinal(instant: datetime) -> int:
    """The Shanghai day of an instant."""
    return business_date(instant).toordinal()


def start_of_day(day: int) -> datetime:
    """The first instant of the Shanghai day with this ordinal."""
    return start_of(date.fromordinal(day))


def _following(period: str) -> str:
    return month_of(date(int(period[:4]), int(period[5:]), 28) + timedelta(days=4))


def _before(period: str) -> str:
    return month_of(date(int(period[:4]), int(period[5:]), 1) - timedelta(days=1))
