"""What was usual for a firm before its first draw, as it and those it lets see it read it."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.monitoring.rules.finding import Rule, Why


class TrendView(msgspec.Struct, frozen=True, kw_only=True):
    """Mean and standard deviation of the logarithms of weekly trade in yuan, in millionths, over so many weeks."""

    mean_micro: int
    sigma_micro: int
    weeks: int


class NeverJudgedView(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that raises no alert of the firm, and why."""

    rule: Rule
    why: Why


class FiguresView(msgspec.Struct, frozen=True, kw_only=True):
    """Of the days before `frozen_on`, the day of the first draw: 90 of logins, 84 of trade, of which `business_days` are known.

    `interval_halves` is the usual gap between days with a login, in half days: a default, with `low_confidence`, where those are few.
    `uses_api`: the firm mostly does without logins, which are not judged then.
    """

    frozen_on: date
    interval_halves: int
    login_days: int
    low_confidence: bool
    uses_api: bool
    orders: int
    disputes: int
    business_days: int
    trend: TrendView | None


class BaselineView(msgspec.Struct, frozen=True, kw_only=True):
    """Null before a firm's first draw: nothing is judged then. `not_judged` are the rules for which too little is known of what was usual."""

    member_id: str
    baseline: FiguresView | None
    not_judged: list[NeverJudgedView]
