"""The table of counters: the sums of each day and month, and the entries that are in them, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.office.rules.reports import Fact
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.tables import Row, once, table_name

PARTS: Final = 4
"""A report's counters stand in so many parts, so that no one of them takes every write."""
BY_DAY: Final = "day"
BY_MONTH: Final = "month"


class CountRow(Row):
    """A counter: `of` is a part of a report, `place` a day or a month, a column and a group. Beside them the entries that are counted."""

    class Meta:
        table_name = table_name("office-counts")

    of = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    number = WholeNumber(null=True)
    changed_at = Instant()


def add(entry_id: str, facts: Sequence[Fact], now: datetime) -> bool:
    """Count an entry, once however often it is told. False where it was counted before."""
    part = crc32(entry_id.encode()) % PARTS
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for fact in facts:
        for period in (f"{BY_DAY}#{fact.day}", f"{BY_MONTH}#{fact.day[:7]}"):
            sums[f"{fact.report}#{part}", f"{period}#{fact.column}#{fact.group}"] += fact.number

    def add_up(change: TransactWrite) -> None:
        for (of, place), number in sums.items():
            actions: list[Action] = [CountRow.number.add(number), CountRow.changed_at.set(now)]
            change.update(CountRow(of, place), actions=actions)

    counted = CountRow(f"entry#{entry_id}", "counted", changed_at=now)
    return once(counted, CountRow.of.does_not_exist(), add_up)


def between(report: str, by: str, first: str, end: str) -> Mapping[tuple[str, str, str], int]:
    """Numbers by period, column and group, from a period up to but not including another."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for part in range(PARTS):
        within = CountRow.place.between(f"{by}#{first}", f"{by}#{end}")
        for row in CountRow.query(f"{report}#{part}", within, consistent_read=True):
            _, period, column, group = row.place.split("#", 3)
            if period < end:
                sums[period, column, group] += row.number
    return sums
