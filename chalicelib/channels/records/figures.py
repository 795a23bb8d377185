"""The tables of channels' figures: the sums of each day, and the entries that are in them, each once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.channels.rules.figures import NAMES, Counts, Day, Fact
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.tables import Row, once, table


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
    """Count an entry on its day, once however often it is told. False where it was counted before."""
    day = str(fact.day)
    column: Any = getattr(DayRow, fact.name)
    counted = CountedRow(entry_id, channel_id=fact.channel_id, day=day)
    actions = [column.add(number), DayRow.changed_at.set(now)]
    return once(
        counted,
        CountedRow.entry_id.does_not_exist(),
        lambda change: change.update(DayRow(fact.channel_id, day), actions=actions),
    )


def until(channel_id: str, day: date) -> Iterator[Day]:
    """The days of a channel before one, from its first on."""
    rows = DayRow.query(channel_id, DayRow.day < str(day), consistent_read=True)
    return (
        Day(
            day=date.fromisoformat(row.day),
            counts=Counts(**{name: getattr(row, name) for name in NAMES}),
            changed_at=row.changed_at,
        )
        for row in rows
    )
