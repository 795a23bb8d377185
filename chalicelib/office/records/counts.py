"""The table of counters: the sums of each day, a month in an item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.office.records.places import NOT_COUNTED, PlaceRow
from chalicelib.office.rules.reports import Fact
from chalicelib.shared.columns import WholeNumber
from chalicelib.shared.tables import Row, by_transaction, once_each, table

PARTS: Final = 4
"""A report's counters stand in so many parts, so that no one of them takes every write."""
BY_MONTH: Final = "month"
DAYS: Final = range(1, 32)
LAST: Final = "~"
"""After every character of a place."""
Counted = tuple[PlaceRow, Sequence[Fact]]
"""A place that says that an entry is counted, with what the entry adds."""


class CountRow(Row):
    """A month of a counter: `of` is a part of a report, `place` the month, a column and a group, and `d02` what came on its second day.

    One item a month, because one item costs one write however many of its numbers change.
    """

    Meta = table("office-counts")
    of = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    vars().update({f"d{day:02d}": WholeNumber(null=True) for day in DAYS})

    def days(self) -> Iterator[tuple[str, int]]:
        """What came on each day on which something came, by the day's two digits."""
        return ((name[1:], number) for name, number in self.attribute_values.items() if len(name) == len("d01"))


def add(to_count: Sequence[Counted]) -> None:
    """Count entries, each once however often it is told. They share transactions, in which what they add to one month is one change."""
    for batch in by_transaction(([counted], {_place(fact)[:2] for fact in counted[1]}) for counted in to_count):
        once_each(batch, lambda counted: counted[0], NOT_COUNTED, _add_up)


def between(report: str, by: str, first: str, end: str) -> Mapping[tuple[str, str, str], int]:
    """Numbers by period, column and group, from a period up to but not including another."""
    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    months = CountRow.place.between(first[:7], f"{end[:7]}{LAST}")
    for part in range(PARTS):
        for row in CountRow.query(f"{report}#{part}", months, consistent_read=True):
            month, column, group = row.place.split("#", 2)
            for day, number in row.days():
                period = month if by == BY_MONTH else f"{month}-{day}"
                if first <= period < end:
                    sums[period, column, group] += number
    return sums


def _add_up(counted: Sequence[Counted]) -> Iterator[tuple[Row, Sequence[Action]]]:
    """What these entries add, in the part that the first of them says."""
    part = crc32(counted[0][0].place.encode()) % PARTS
    sums: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for _, facts in counted:
        for fact in facts:
            report, place, day = _place(fact)
            sums[report, place][day] += fact.number
    for (report, place), days in sums.items():
        yield CountRow(f"{report}#{part}", place), [getattr(CountRow, day).add(number) for day, number in days.items()]


def _place(fact: Fact) -> tuple[str, str, str]:
    """The report, the month's item and its column that a fact is added to."""
    month, day = fact.day[:7], fact.day[8:]
    return fact.report, f"{month}#{fact.column}#{fact.group}", f"d{day}"
