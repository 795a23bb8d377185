"""The tables of channels' figures: the sums of each day, those of levels by month too, and the entries that are in them, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.channels.rules.figures import LEVELS, NAMES, Counts, Day, Fact
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.periods import month_of
from chalicelib.shared.tables import Row, once, table

_MONTHS: Final = "months:"
"""Before a channel's id: under this key stand its months."""


class DayRow(Row):
    Meta = table("channel-days")
    channel_id = UnicodeAttribute(hash_key=True)
    day = UnicodeAttribute(range_key=True)
    suppliers = WholeNumber(default=0)
    listings = WholeNumber(default=0)
    orders = WholeNumber(default=0)
    paid_minor = WholeNumber(default=0)
    refunded_minor = WholeNumber(default=0)
    claims = WholeNumber(default=0)
    changed_at = Instant()


class CountedRow(Row):
    """An entry that is in the figures."""

    Meta = table("channel-entries")
    entry_id = UnicodeAttribute(hash_key=True)
    channel_id = UnicodeAttribute()
    day = UnicodeAttribute()


def add(entry_id: str, fact: Fact, number: int, now: datetime) -> bool:
    """Count an entry on its day, and in its month where it changes a level: once however often it is told. False where it was counted before."""
    column: Any = getattr(DayRow, fact.name)
    rows = [DayRow(fact.channel_id, str(fact.day))]
    rows += [DayRow(_MONTHS + fact.channel_id, month_of(fact.day))] if fact.name in LEVELS else []

    change = [(row, [column.add(number), DayRow.changed_at.set(now)]) for row in rows]
    counted = CountedRow(entry_id, channel_id=fact.channel_id, day=str(fact.day))
    return once(counted, CountedRow.entry_id.does_not_exist(), change)


def between(channel_id: str, since: date, until: date) -> Iterator[Day]:
    """The days of a channel on which anything was counted, `until` not included."""
    wanted = DayRow.day.between(str(since), str(until - timedelta(days=1)))
    rows = DayRow.query(channel_id, wanted, consistent_read=True)
    return (Day(day=date.fromisoformat(row.day), counts=_counts(row), changed_at=row.changed_at) for row in rows)


def levels_before(channel_id: str, month: str) -> Counts:
    """The levels as a month begins: an item is read for each month before it in which they changed."""
    rows = DayRow.query(_MONTHS + channel_id, DayRow.day < month, consistent_read=True)
    return sum(map(_counts, rows), Counts())


def _counts(row: DayRow) -> Counts:
    return Counts(**{name: getattr(row, name) for name in NAMES})
