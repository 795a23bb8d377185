"""What an exporter exported, by month and buyer, as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from chalicelib.exports.rules.days import ExportDay
from chalicelib.exports.rules.months import Month, months, total
from chalicelib.shared.fx import LIMIT_CURRENCY
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of


class ExportsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A window of Shanghai dates: from the first up to but not including the last, at most 366 days."""

    start: BookDay = msgspec.field(name="from")
    end: BookDay = msgspec.field(name="to")


class SumsView(msgspec.Struct, frozen=True, kw_only=True):
    """Amounts in US dollars, each declaration converted at the table rate of the month of its release. What came back on a day is taken off that day."""

    released: int
    """Declarations that customs released."""
    platform: Money
    """Exported through the platform, less what came back; below zero where more did."""
    elsewhere: Money
    """The same of exports verified elsewhere."""
    related: Money
    """The part of `platform` that went to related parties."""
    returned: Money
    """What came back, of both."""


class BuyerView(SumsView, frozen=True, kw_only=True):
    buyer_ref: str


class MonthView(SumsView, frozen=True, kw_only=True):
    month: str
    buyers: list[BuyerView]


class ExportsView(msgspec.Struct, frozen=True, kw_only=True):
    member_id: str
    start: date = msgspec.field(name="from")
    end: date = msgspec.field(name="to")
    total: SumsView
    months: list[MonthView]
    """Those in which something was released or came back, oldest first; the first and last hold the days of the window only."""


def view(member_id: str, query: ExportsQuery, days: Sequence[ExportDay]) -> ExportsView:
    return ExportsView(
        member_id=member_id,
        start=query.start,
        end=query.end,
        total=view_of(SumsView, total(days), LIMIT_CURRENCY),
        months=[_month(month) for month in months(days)],
    )


def _month(month: Month) -> MonthView:
    buyers = [view_of(BuyerView, sums, LIMIT_CURRENCY, buyer_ref=buyer_ref) for buyer_ref, sums in month.buyers.items()]
    return view_of(MonthView, month.whole, LIMIT_CURRENCY, month=month.month, buyers=buyers)
