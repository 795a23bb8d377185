"""The tables of trade facts and of the day-book.

An item of `trades` is what is known of one trade, thread, login or profile change; an item of `day-book` holds the day rows of one
member and month. Items and the pages they change are written together, each guarded by the version it was decided on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib.daybook.rules import DayRow, Item
from chalicelib.daybook.rules.items import BESIDE_TRADES
from chalicelib.shared.columns import Document, Packed, WholeNumber
from chalicelib.shared.commit import MOST_ACTIONS
from chalicelib.shared.periods import month_of
from chalicelib.shared.refusal import Busy, Raced
from chalicelib.shared.tables import Row, engine, table_name

MOST_KEYS: Final = 100
"""Items one BatchGetItem answers."""


class ItemRow(Row):
    """What is known of one trade; of one thread, login or profile change under a key that begins with `~`."""

    class Meta:
        table_name = table_name("trades")

    member_id = UnicodeAttribute(hash_key=True)
    trade_id = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    body = Document[Item](Item)


class PageRow(Row):
    """The day rows of one member and month, oldest first."""

    class Meta:
        table_name = table_name("day-book")

    member_id = UnicodeAttribute(hash_key=True)
    month = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    days = Packed[tuple[DayRow, ...]](tuple[DayRow, ...])


Key = tuple[str, str]


def items(keys: Iterable[Key]) -> dict[Key, ItemRow]:
    """Items by member and key: a round trip for each hundred. What is not there is left out."""
    return {(row.member_id, row.trade_id): row for row in _each(ItemRow, keys)}


def pages(keys: Iterable[Key]) -> dict[Key, PageRow]:
    """Pages by member and month, in the same way."""
    return {(row.member_id, row.month): row for row in _each(PageRow, keys)}


def rows(member_id: str, start: date, end: date) -> list[DayRow]:
    """The member's day rows from `start` up to but not including `end`, oldest first: one query."""
    months = PageRow.month.between(month_of(start), month_of(end))
    found = PageRow.query(member_id, months, consistent_read=True)
    return [row for page in found for row in page.days if start <= row.day < end]


def has_trades(member_id: str) -> bool:
    before_others = ItemRow.trade_id < BESIDE_TRADES
    return next(iter(ItemRow.query(member_id, before_others, consistent_read=True, limit=1)), None) is not None


def write(changed: Sequence[ItemRow | PageRow]) -> None:
    """Rows in their next version, all or nothing. Raced where one has changed since it was read, Busy where the store does not answer."""
    if len(changed) > MOST_ACTIONS:
        raise AssertionError(f"{len(changed)} rows do not fit one transaction")
    try:
        with TransactWrite(connection=engine()) as change:
            for row in changed:
                change.save(row, condition=_guard(row))
    except TransactWriteError as failure:
        if any(failure.cancellation_reasons):
            raise Raced("Somebody else wrote of this member at the same moment.") from failure
        raise Busy("The day-book could not be written in time.") from failure


def _each(table: Any, keys: Iterable[Key]) -> Iterable[Any]:
    wanted = list(keys)
    for start in range(0, len(wanted), MOST_KEYS):
        yield from table.batch_get(wanted[start : start + MOST_KEYS], consistent_read=True)


def _guard(row: ItemRow | PageRow) -> Condition:
    table = type(row)
    return table.member_id.does_not_exist() if row.version == 1 else table.version == row.version - 1
