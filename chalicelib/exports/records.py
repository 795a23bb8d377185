"""The tables of exports: declarations, the days of exporters they count for, and subsidies.

A declaration and the days it changes are written together, each guarded by the version it was decided on.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.exports.rules.days import ExportDay
from chalicelib.exports.rules.declaration import Declaration
from chalicelib.exports.rules.subsidy import Account, Line
from chalicelib.shared.columns import Document, Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.kept import KeptTable
from chalicelib.shared.stream import Stream
from chalicelib.shared.tables import AT_ONCE, Row, index, table


class DeclarationRow(Row):
    Meta = table("exports")
    declaration_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    body = Document[Declaration](Declaration)


class DayRow(Row):
    """What one exporter's declarations counted for on one date, `2026-03-17`."""

    Meta = table("export-days")
    member_id = UnicodeAttribute(hash_key=True)
    day = UnicodeAttribute(range_key=True)
    version = WholeNumber()
    body = Packed(ExportDay)


class SubsidyRow(Row):
    """A firm's subsidies: what was booked by month, what waits to be paid, what it owes."""

    Meta = table("subsidies")
    member_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    body = Packed(Account)


class SubsidyLineRow(Row):
    """The subsidy of one declaration. `place` orders a firm's lines by tax refund: `2026-02-10#exp_…`."""

    Meta = table("subsidy-lines")
    member_id = UnicodeAttribute(hash_key=True)
    declaration_id = UnicodeAttribute(range_key=True)
    place = UnicodeAttribute()
    version = WholeNumber()
    body = Packed(Line)

    by_refund = index(member_id, place)


STREAM: Final = Stream(table="exports", key="declaration_id")
"""Every change of a declaration. What it now is is read by its name."""
DECLARATIONS: Final = KeptTable[Declaration](DeclarationRow, "body")
"""By the declaration's id."""
DAYS: Final = KeptTable[ExportDay](DayRow, "body")
"""By member and date."""


ACCOUNTS: Final = KeptTable[Account](SubsidyRow, "body")
"""Subsidies by member."""
LINES: Final = KeptTable[Line](SubsidyLineRow, "body")
"""By member and declaration."""


def put_line(member_id: str, line: Line, version: int) -> Put:
    """A line in a version, if the one before is still the present one."""
    place = f"{line.refund_on.isoformat()}#{line.declaration_id}"
    row = SubsidyLineRow(member_id, line.declaration_id, place=place, version=version, body=line)
    is_first = SubsidyLineRow.member_id.does_not_exist()
    return Put(row, guard=is_first if version == 1 else SubsidyLineRow.version == version - 1)


def places(member_id: str, since: date, until: date, after: str | None) -> Iterator[tuple[str, str]]:
    """Where a member's lines of tax refunds from `since` up to but not including `until` stand, from behind a place on, and whose they are."""
    wanted = SubsidyLineRow.place.between(f"{after}!" if after else since.isoformat(), until.isoformat())
    for row in SubsidyLineRow.by_refund.query(member_id, wanted, page_size=AT_ONCE + 1):
        yield row.place, row.declaration_id


def days(member_id: str, since: date, until: date) -> list[ExportDay]:
    """The exporter's days from `since` up to but not including `until`, oldest first: one query."""
    wanted = DayRow.day.between(since.isoformat(), until.isoformat())
    rows = DayRow.query(member_id, wanted, consistent_read=True)
    return [row.body for row in rows if row.body.lines and row.body.on < until]
