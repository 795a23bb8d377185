"""The tables of exports: the days of exporters."""

from __future__ import annotations

from datetime import date

from pynamodb.attributes import UnicodeAttribute

from chalicelib.exports.rules.days import ExportDay
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.tables import Row, table_name


class DayRow(Row):
    """What one exporter's declarations counted for on one date, `2026-03-17`."""

    class Meta:
        table_name = table_name("export-days")

    member_id = UnicodeAttribute(hash_key=True)
    day = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    body = Packed(ExportDay)


def days(member_id: str, since: date, until: date) -> list[ExportDay]:
    """The exporter's days from `since` up to but not including `until`, oldest first: one query."""
    wanted = DayRow.day.between(since.isoformat(), until.isoformat())
    rows = DayRow.query(member_id, wanted, consistent_read=True)
    return [row.body for row in rows if row.body.lines and row.body.on < until]
