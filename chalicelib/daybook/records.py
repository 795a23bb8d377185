"""The tables of trade facts and of the day-book.

An item of `trades` is what is known of one trade, thread, login or profile change; an item of `day-book` holds the day rows of one
member and month. Items and the pages they change are written together, each guarded by the version it was decided on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, ClassVar, Final, TypeVar

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError

from chalicelib.daybook.rules import days as daybook_days
from chalicelib.daybook.rules.days import DayRow
from chalicelib.daybook.rules.items import BESIDE_TRADES, Item
from chalicelib.shared import bulk
from chalicelib.shared.columns import Document, Packed, WholeNumber
from chalicelib.shared.errors import Unavailable, WriteConflict
from chalicelib.shared.periods import month_of
from chalicelib.shared.store_errors import is_unstorable
from chalicelib.shared.stream import Stream
from chalicelib.shared.tables import Row, table_name

Key = tuple[str, str]
"""A member, and a trade (or other item) or month of it."""


class ItemRow(Row):
    """What is known of one trade; of one thread, login or profile change under a key that begins with `~`."""

    class Meta:
        table_name = table_name("trades")

    member_id = UnicodeAttribute(hash_key=True)
    trade_id = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    body = Document[Item](Item)


class PageRow(Row):
    """The day rows of one member and month, oldest first; or those inquiries that were asked on one date.

    `month` is `2026-03`, or the date. The sums of a month have few bytes, a date's inquiries may have many: see `rules.page_of`.
    """

    class Meta:
        table_name = table_name("day-book")

    member_id = UnicodeAttribute(hash_key=True)
    month = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    days = Packed[tuple[DayRow, ...]](tuple[DayRow, ...])


STREAM: Final = Stream(table="day-book", key="member_id")
"""Every change of a member's days. What they now are is read by the member's name."""


class KeptItem(msgspec.Struct, frozen=True):
    """An item in one version: as it was read, or as it is to be written."""

    key: Key
    version: int
    told: Item
    table: ClassVar = ItemRow
    columns: ClassVar = ("trade_id", "body")


class KeptPage(msgspec.Struct, frozen=True):
    """The days of a month in one version."""

    key: Key
    version: int
    told: tuple[DayRow, ...]
    table: ClassVar = PageRow
    columns: ClassVar = ("month", "days")


K = TypeVar("K", KeptItem, KeptPage)


def items(keys: Iterable[Key]) -> dict[Key, KeptItem]:
    """Items by member and key: a round trip for each hundred. What is not there is left out."""
    return {kept.key: kept for kept in _read(KeptItem, keys)}


def pages(keys: Iterable[Key]) -> dict[Key, KeptPage]:
    """Pages by member and month, in the same way."""
    return {kept.key: kept for kept in _read(KeptPage, keys)}


def rows(member_id: str, start: date, end: date) -> list[DayRow]:
    """The member's day rows from `start` up to but not including `end`, oldest first: one query."""
    pages = PageRow.month.between(month_of(start), end.isoformat())
    found = PageRow.query(member_id, pages, consistent_read=True)
    return daybook_days.merged(row for page in found for row in page.days if start <= row.day < end)


def has_trades(member_id: str) -> bool:
    before_others = ItemRow.trade_id < BESIDE_TRADES
    return next(iter(ItemRow.query(member_id, before_others, consistent_read=True, limit=1)), None) is not None


def every_item(member_id: str) -> Iterator[Item]:
    """All that is known of one member, in no order that means anything."""
    for row in ItemRow.query(member_id, consistent_read=True, page_size=200):
        yield row.body


def write(changed: Sequence[KeptItem | KeptPage]) -> None:
    """Items and pages in their next version, all or nothing. WriteConflict where one has changed since it was read, Unavailable where there is no answer."""
    try:
        bulk.put_together([_put(kept) for kept in changed])
    except TransactWriteError as failure:
        if is_unstorable(failure):
            raise
        if any(failure.cancellation_reasons):
            raise WriteConflict("Somebody else wrote of this member at the same moment.") from failure
        raise Unavailable("The day-book could not be written in time.") from failure


def _read(form: type[K], keys: Iterable[Key]) -> Iterator[K]:
    range_key, body = form.columns
    column = getattr(form.table, body)
    asked = [{"member_id": {"S": member_id}, range_key: {"S": told}} for member_id, told in keys]
    for found in bulk.get_many(form.table.Meta.table_name, asked):
        key = found["member_id"]["S"], found[range_key]["S"]
        yield form(key, int(found["version"]["N"]), column.deserialize(found[body]["B"]))


def _put(kept: KeptItem | KeptPage) -> dict[str, Any]:
    """A guarded put in the engine's own words."""
    range_key, body = kept.columns
    put: dict[str, Any] = {
        "TableName": kept.table.Meta.table_name,
        "Item": {
            "member_id": {"S": kept.key[0]},
            range_key: {"S": kept.key[1]},
            "version": {"N": str(kept.version)},
            body: {"B": getattr(kept.table, body).serialize(kept.told)},
        },
    }
    if kept.version == 1:
        return put | {"ConditionExpression": "attribute_not_exists(member_id)"}
    was = {":was": {"N": str(kept.version - 1)}}
    return put | {"ConditionExpression": "version = :was", "ExpressionAttributeValues": was}
