"""The day-book of a member as it is shown: amounts as money, rates and windows left to those who decide with them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from chalicelib.daybook.rules.days import DayRow, total
from chalicelib.shared.fx import DEPOSIT_CURRENCY, LIMIT_CURRENCY
from chalicelib.shared.money import Money
from chalicelib.shared.periods import from_ms
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of


class DaysQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A window of Shanghai dates: from the first up to but not including the last, at most 366 days."""

    start: BookDay = msgspec.field(name="from")
    end: BookDay = msgspec.field(name="to")


class CategoryView(msgspec.Struct, frozen=True):
    category: str
    count: int
    money: Money
    """In US dollars."""
    deposit_money: Money
    """The same trades in the currency of deposits, which are decided on it."""


class InquiryView(msgspec.Struct, frozen=True):
    asked_at: datetime
    answered_after_s: int | None


class FiguresView(msgspec.Struct, frozen=True, kw_only=True):
    """Amounts in US dollars, each converted at the table rate of its own month."""

    orders: list[CategoryView]
    """Trades paid for, by category."""
    completed: int
    gmv: Money
    due: int
    """Trades that were to be shipped by this day."""
    on_time: int
    exports: Money
    protected_completed: int
    protected: Money
    claims_filed: int
    claims_open: int
    """Claims filed on these days that are not closed yet."""
    claims_closed: int
    claims_lost: int
    claim_paid: Money
    close_hours: list[int]
    """Of each claim closed, the hours from its filing, rounded up."""
    inquiries: list[InquiryView]
    """First inquiries of buyer threads, and after how many seconds each was answered."""
    logins: int
    profile_changes: int
    offers_put_up: int
    """Listings that came up for sale."""
    offers_taken_down: int
    """Listings that are offered no more."""


class DayView(FiguresView, frozen=True, kw_only=True):
    day: date


class DaysView(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which nothing happened are left out."""

    member_id: str
    start: date = msgspec.field(name="from")
    end: date = msgspec.field(name="to")
    days: list[DayView]
    total: FiguresView


def view(member_id: str, query: DaysQuery, rows: Sequence[DayRow]) -> DaysView:
    days = [view_of(DayView, row, **_figures(row)) for row in rows]
    whole = total(rows, query.end)
    return DaysView(
        member_id=member_id,
        start=query.start,
        end=query.end,
        days=days,
        total=view_of(FiguresView, whole, **_figures(whole)),
    )


def _figures(row: DayRow) -> dict[str, Any]:
    """A row's figures, in the currency of limits."""
    return {
        "orders": [
            CategoryView(name, count, _usd(usd_minor), Money.of(cny_minor, DEPOSIT_CURRENCY))
            for name, (count, usd_minor, cny_minor) in row.orders.items()
        ],
        "gmv": _usd(row.gmv_usd_minor),
        "exports": _usd(row.exports_usd_minor),
        "protected": _usd(row.protected_usd_minor),
        "claim_paid": _usd(row.claim_paid_usd_minor),
        "inquiries": [InquiryView(from_ms(asked_ms), after_s) for asked_ms, after_s in row.inquiries],
    }


def _usd(minor: int) -> Money:
    return Money.of(minor, LIMIT_CURRENCY)
