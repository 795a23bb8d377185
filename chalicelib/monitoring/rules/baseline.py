"""What was usual for a firm before its first draw. It is frozen then: whoever slides, slides away from it. Pure."""

from __future__ import annotations

from datetime import date

import msgspec


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """Mean and standard deviation of the weekly log values, in millionths, over so many weeks."""

    mean_micro: int
    sigma_micro: int
    weeks: int


class Baseline(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of the days before `frozen_on`, the day of the first draw: 90 of logins, 84 of trade.

    `interval_halves` is the median gap between login days, in half days; a default where `login_days` are too few. `orders`, `disputes` and
    `business_days` are those of the 84 days that are known. `uses_api`: a firm that mostly does without interactive logins.
    """

    frozen_on: date
    interval_halves: int
    login_days: int
    low_confidence: bool = False
    uses_api: bool = False
    orders: int = 0
    disputes: int = 0
    business_days: int = 0
    trend: Trend | None = None
