"""What the rule of an alert compared, day by day, as a picture is drawn of it."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.monitoring.rules.figures import Worse
from chalicelib.monitoring.rules.finding import Rule, Why


class PointView(msgspec.Struct, frozen=True, kw_only=True):
    """A day that was judged. `usual` is null where nothing is usual for the firm, `amber` and `red` where this figure does not lead to that."""

    on: date
    value: int
    usual: int | None
    amber: int | None
    red: int | None


class SeriesView(msgspec.Struct, frozen=True, kw_only=True):
    """One figure with its unit in its name. The rule finds something from `amber` and `red` on, upwards where `worse` is higher, else downwards."""

    name: str
    worse: Worse
    points: list[PointView]


class NotJudgedView(msgspec.Struct, frozen=True, kw_only=True):
    on: date
    why: Why


class AlertFiguresView(msgspec.Struct, frozen=True, kw_only=True):
    """By what is known now, with the rules in force on each day. Of groups and feeds nothing is kept by day: their alert's evidence says it.

    Of `slow_decline` both figures signal where it is red: the weighted mean of weekly trade is below its limit, and the sum of what lacked is above its own.
    """

    alert_id: str
    rule: Rule
    from_: date = msgspec.field(name="from")
    to: date
    series: list[SeriesView]
    not_judged: list[NotJudgedView]
