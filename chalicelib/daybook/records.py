"""The tables of trade facts and of the day-book.

An item of `trades` is what is known of one trade, thread, login or profile change; an item of `day-book` holds the day rows of one
member and month. Items and the pages they change are written together, each guarded by the version it was decided on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute

from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules.claims import Claim
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.items import BESIDE_TRADES, CLAIMS, Item
from chalicelib.shared.columns import Document, Packed, WholeNumber
from chalicelib.shared.kept import KeptTable
from chalicelib.shared.periods import month_of, months_between
from chalicelib.shared.stream import Stream
from chalicelib.shared.tables import Row, table


class ItemRow(Row):
    """What is known of one trade; of one thread, login or profile change under a key that begins with `~`."""

    Meta = table("trades")
    member_id = UnicodeAttribute(hash_key=True)
    trade_id = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    body = Document[Item](Item)


class PageRow(Row):
    """The day rows of one member and month, oldest first; or those inquiries that were asked on one date.

    `month` is `2026-03`, or the date. The sums of a month have few bytes, a date's inquiries may have many: see `rules.page_of`.
    """

    Meta = table("day-book")
    member_id = UnicodeAttribute(hash_key=True)
    month = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    days = Packed[tuple[DayRow, ...]](tuple[DayRow, ...])


class FeedDaysRow(Row):
    """The days of a month of which a feed has told."""

    Meta = table("feed-days")
    feed = UnicodeAttribute(hash_key=True)
    month = UnicodeAttribute(range_key=True)
    days = UnicodeSetAttribute(null=True)


STREAM: Final = Stream(table="day-book", key="member_id")
"""Every change of a member's days. What they now are is read by the member's name."""


ITEMS: Final = KeptTable[Item](ItemRow, "body")
"""By member and trade, or other item."""
PAGES: Final = KeptTable[tuple[DayRow, ...]](PageRow, "days")
"""By member and month, or date."""


def rows(member_id: str, start: date, end: date) -> list[DayRow]:
    """The member's day rows from `start` up to but not including `end`, oldest first: one query."""
    pages = PageRow.month.between(month_of(start), end.isoformat())
    page_rows = PageRow.query(member_id, pages, consistent_read=True)
    return daybook_days.merged(row for page in page_rows for row in page.days if start <= row.day < end)


def has_trades(member_id: str) -> bool:
    before_others = ItemRow.trade_id < BESIDE_TRADES
    return next(iter(ItemRow.query(member_id, before_others, consistent_read=True, limit=1)), None) is not None


def months(member_id: str) -> list[DayRow]:
    """The sums of every month of a member, without its inquiries: a look at its first page and its last, and a read for each hundred months."""
    ends = [
        page.month
        for oldest_first in (True, False)
        for page in PageRow.query(member_id, consistent_read=True, limit=1, scan_index_forward=oldest_first)
    ]
    pages = PAGES.load((member_id, month) for month in months_between(*ends)) if ends else {}
    return [row for page in pages.values() for row in page.content]


def claims_latest_first(member_id: str) -> Iterator[Claim]:
    """The claims against a member, those on the youngest orders first."""
    claims = ItemRow.trade_id.startswith(CLAIMS)
    for row in ItemRow.query(member_id, claims, consistent_read=True, scan_index_forward=False, page_size=20):
        if isinstance(row.body, Claim):
            yield row.body


def add_feed_days(feed: str, month: str, days: set[str]) -> None:
    FeedDaysRow(feed, month).update(actions=[FeedDaysRow.days.add(days)])


def feed_days(feed: str, first: str, last: str) -> Iterator[str]:
    """Those of the months from one until another: one query."""
    for row in FeedDaysRow.query(feed, FeedDaysRow.month.between(first, last), consistent_read=True):
        yield from row.days or ()
