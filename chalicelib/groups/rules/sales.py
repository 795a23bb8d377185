"""What a firm sold, and what its worst case in a group comes to beside it. Pure.

Sales are the trades of the day-book that were paid for in the window and not cancelled: their fen, each converted once from its own
currency at the table rate of its month. The window is so many whole months up to, but not including, a Shanghai date. Shares are basis
points, rounded up; warning and stop are decided on the exact amounts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

import msgspec

from chalicelib.daybook.rules.days import DayRow
from chalicelib.groups.rules.rule_sheet import RuleSheet
from chalicelib.shared.money import divide
from chalicelib.shared.periods import months_before

Level = Literal["ok", "warning", "stop"]

WHOLE_BP: Final = 10_000


class Sales(msgspec.Struct, frozen=True, kw_only=True):
    """What was sold from `since` up to, but not including, `until`."""

    since: date
    until: date
    minor: int


def window(until: date, months: int) -> tuple[date, date]:
    return months_before(until, months), until


def sales(rows: Iterable[DayRow], since: date, until: date) -> Sales:
    minor = sum(fen for row in rows if since <= row.day < until for _, _, fen in row.orders.values())
    return Sales(since=since, until=until, minor=minor)


def level(worst_minor: int, sales_minor: int, sheet: RuleSheet) -> Level:
    """Above the stop of the sheet, above its warning, or neither. Whoever sold nothing can bear nothing."""
    share = worst_minor * WHOLE_BP
    if share > sheet.stop_bp * sales_minor:
        return "stop"
    return "warning" if share > sheet.warn_bp * sales_minor else "ok"


def share_bp(minor: int, sales_minor: int) -> int | None:
    """What part of the sales an amount is, rounded up; None of a firm that sold nothing."""
    return divide(minor * WHOLE_BP, sales_minor, "up") if sales_minor > 0 else None
