"""The tables of exports: declarations, and the days of exporters they count for.

A declaration and the days it changes are written together, each guarded by the version it was decided on.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.exports.rules.days import ExportDay
from chalicelib.exports.rules.declaration import Declaration
from chalicelib.shared.columns import Document, Packed, WholeNumber
from chalicelib.shared.kept import KeptTable
from chalicelib.shared.tables import Row, table_name


class DeclarationRow(Row):
    class Meta:
        table_name = table_name("exports")

    declaration_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    body = Document[Declaration](Declaration)


class DayRow(Row):
    """What one exporter's declarations counted for on one date, `2026-03-17`."""

    class Meta:
        table_name = table_name("export-days")

    member_id = UnicodeAttribute(hash_key=True)
    day = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    body = Packed(ExportDay)


DECLARATIONS: Final = KeptTable[Declaration](DeclarationRow, "body")
"""By the declaration's id."""
DAYS: Final = KeptTable[ExportDay](DayRow, "body")
"""By member and date."""


def days(member_id: str, since: date, until: date) -> list[ExportDay]:
    """The exporter's days from `since` up to but not including `until`, oldest first: one query."""
    wanted = DayRow.day.between(since.isoformat(), until.isoformat())
    rows = DayRow.query(member_id, wanted, consistent_read=True)
    return [row.body for row in rows if row.body.lines and row.body.on < until]
