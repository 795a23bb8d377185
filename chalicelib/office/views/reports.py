"""Reports as officers see them: as rows, as a file and as a chart."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.shared.ranges import BookDay
from chalicelib.shared.texts import Text

By = Literal["day", "month"]


class ReportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A window of Shanghai dates: from the first up to but not including the last. By day at most 366 days, by month ten years; whole months then."""

    start: BookDay | None = msgspec.field(name="from", default=None)
    """Thirty days before the last one where it is left out; by month twelve months before."""
    end: BookDay | None = msgspec.field(name="to", default=None)
    """The day after today where it is left out; by month the first day of the next month."""
    by: By = "day"
    """What a row is of: a day or a month."""


class ChartQuery(ReportQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    column: Annotated[str, msgspec.Meta(pattern="^[a-z_]{1,40}$")] | None = None
    """The figure to draw, added up over its groups; without it the report's first."""


class ReportColumn(msgspec.Struct, frozen=True, kw_only=True):
    """`unit`: `date`, `text`, `count`, `money` in the currency of the row, or `days`, `hours` or `seconds`. `formula` says how it is counted."""

    name: str
    unit: Literal["date", "text", "count", "money", "days", "hours", "seconds"]
    formula: Text


class ReportView(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """A report over a window. `rows` have a cell for each column: numbers for counts, decimal texts for money and averages, null where there is none.

    Late facts change the day they belong to: `as_of` says as of when this stands. A day on which nothing happened has no row, unless a level stands then.
    """

    name: str
    title: Text
    since: date
    until: date
    by: By
    as_of: datetime
    columns: list[ReportColumn]
    rows: list[list[str | int | None]]


class ReportName(msgspec.Struct, frozen=True, kw_only=True):
    """A report there is: `href` is where it is read. `columns` are empty where another slice keeps it."""

    name: str
    title: Text
    href: str
    columns: list[ReportColumn]


class ReportsView(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ReportName]
