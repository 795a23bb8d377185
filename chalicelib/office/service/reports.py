"""Reports: read in windows, from counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final, NamedTuple

from chalicelib.office.records import counts as records
from chalicelib.office.rules.reports import REPORTS, Column, Report
from chalicelib.office.views import reports
from chalicelib.shared.errors import Malformed, NotFound
from chalicelib.shared.money import Money, divide
from chalicelib.shared.periods import business_date, months_after, months_before
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.texts import say
from chalicelib.webhooks.service import counting

MOST_DAYS: Final = 366
MOST_MONTHS: Final = 120
USUAL_DAYS: Final = 30
USUAL_MONTHS: Final = 12
"""Of a window whose beginning is left out."""
KEPT_IN: Final = {"days": 1, "hours": 3600, "seconds": 1000}
"""How many of what is added up make one of a unit: hours are added up as seconds, seconds as milliseconds."""
KEPT_ELSEWHERE: Final = {"webhooks": counting.between}
"""Reports whose figures the slice below counts itself, because no stream tells of them."""
FIRST: Final = "0"
"""Before every day and month."""
Cell = str | int | None
Sums = Mapping[tuple[str, str, str], int]
"""By period, column and group."""
ELSEWHERE: Final = (
    ("portfolio", say("Credit portfolio by month: what is past due, by product, region and vintage"), "/v1/portfolio"),
    ("introduction_fees", say("What banks owe for introductions, by month"), "/v1/introduction-fees"),
    ("channels", say("Country channels by day, against their targets"), "/v1/channels/{channel_id}/figures"),
    ("conduct", say("What became of sanctions"), "/v1/conduct-reports"),
    ("contagion", say("Groups in which failures would spread worst"), "/v1/contagion"),
)
"""Figures that other slices keep: a report like the others to whoever looks for one."""


class Window(NamedTuple):
    """From a date up to but not including another; by month whole months."""

    start: date
    end: date
    by: reports.By


class BadReportWindow(Malformed):
    code = "bad_report_window"
    title = "That is not a window of a report."
    fix = "Ask from one date up to a later one: at most 366 days by day, or 120 months by month."


class UnknownColumn(Malformed):
    code = "unknown_report_column"
    title = "The report has no such figure."
    fix = "Use the name of one of the report's columns."


def listed(request: RequestContext) -> reports.ReportsView:
    """The reports that one of the caller's duties opens."""
    own = [
        reports.ReportName(name=each.name, title=each.title, href=f"/v1/reports/{each.name}", columns=_columns(each))
        for each in REPORTS.values()
        if request.caller.has_duty(*each.duties)
    ]
    others = [reports.ReportName(name=name, title=title, href=href, columns=[]) for name, title, href in ELSEWHERE]
    return reports.ReportsView(items=own + others)


def report(name: str, query: reports.ReportQuery, request: RequestContext) -> reports.ReportView:
    """A report over a window. NotFound, BadReportWindow."""
    known = _find(name, request.caller)
    window = _window(query, business_date(request.now))
    return reports.ReportView(
        name=name,
        title=known.title,
        since=window.start,
        until=window.end,
        by=window.by,
        as_of=request.now,
        columns=_columns(known),
        rows=list(_rows(known, window)),
    )


def series(
    name: str, query: reports.ChartQuery, request: RequestContext
) -> tuple[reports.ReportView, reports.ReportColumn, list[tuple[str, float]]]:
    """The report, the figure that is asked for, and that by period, added up over its groups. UnknownColumn."""
    shown = report(name, query, request)
    figures = [column.name for column in REPORTS[name].columns]
    wanted = query.column or figures[0]
    if wanted not in figures:
        raise UnknownColumn(say("{name} has no {column}.", name=name, column=wanted), param="column", columns=figures)
    place = next(number for number, column in enumerate(shown.columns) if column.name == wanted)
    sums: dict[str, float] = defaultdict(float)
    for row in shown.rows:
        sums[str(row[0])] += float(row[place] or 0)
    return shown, shown.columns[place], sorted(sums.items())


def _find(name: str, caller: Caller) -> Report:
    known = REPORTS.get(name)
    if known is None or not caller.has_duty(*known.duties):
        raise NotFound(say("There is no report {name!r:.60}.", name=name))
    return known


def _window(query: reports.ReportQuery, today: date) -> Window:
    """As it is asked for, with what is left out. BadReportWindow."""
    if query.by == "day":
        end = query.end or today + timedelta(days=1)
        start = query.start or end - timedelta(days=USUAL_DAYS)
    else:
        end = query.end or months_after(today.replace(day=1), 1)
        start = query.start or months_before(end, USUAL_MONTHS)
    window = Window(start, end, query.by)
    days, months = (end - start).days, (end.year - start.year) * 12 + end.month - start.month
    is_whole = start.day == end.day == 1
    if days < 1 or (days > MOST_DAYS if query.by == "day" else months > MOST_MONTHS or not is_whole):
        raise BadReportWindow(
            say("{days} days are asked for, by {by}.", days=days, by=query.by), param="to", maximum=MOST_DAYS
        )
    return window


def _period(day: date, by: reports.By) -> str:
    return day.isoformat()[: 10 if by == "day" else 7]


def _columns(of: Report) -> list[reports.ReportColumn]:
    period = reports.ReportColumn(
        name="period", unit="date", formula=say("the Shanghai day or month on which it took effect")
    )
    group = [reports.ReportColumn(name="group", unit="text", formula=say("what the row is of"))] if of.group else []
    return [
        period,
        *group,
        *(reports.ReportColumn(name=each.name, unit=each.unit, formula=each.formula) for each in of.columns),
    ]


def _rows(of: Report, window: Window) -> Iterator[list[Cell]]:
    """A row for each period and group in which something happened; and one for each level that stands at the end."""
    since, until = _period(window.start, window.by), _period(window.end, window.by)
    sums = KEPT_ELSEWHERE.get(of.name, partial(records.between, of.name))(window.by, since, until)
    names = [column.name for column in of.columns if column.is_level]
    before = _before(of.name, window.by, since) if names else {}
    last = _period(window.end - timedelta(days=1), window.by)
    stands = {(last, group) for (name, group), number in before.items() if number and name in names}
    places = sorted({(period, group) for period, _, group in sums} | stands)
    levels = _levels(names, places, sums, before)
    for period, group in places:
        cells = [_cell(column, (period, group), sums, levels) for column in of.columns]
        yield [period, *([group] if of.group else []), *cells]


def _levels(
    names: Sequence[str], places: Sequence[tuple[str, str]], sums: Sums, before: Mapping[tuple[str, str], int]
) -> Sums:
    """Each level as it stood at the end of each of these periods, for a group."""
    stands = defaultdict(int, before)
    levels: dict[tuple[str, str, str], int] = {}
    for period, group in places:
        for name in names:
            stands[name, group] += sums.get((period, name, group), 0)
            levels[period, name, group] = stands[name, group]
    return levels


def _before(report: str, by: reports.By, since: str) -> Mapping[tuple[str, str], int]:
    """What every column of a group came to before a period."""
    stands: dict[tuple[str, str], int] = defaultdict(int)
    for (_, column, group), number in _earlier(report, by, since).items():
        stands[column, group] += number
    return stands


def _earlier(report: str, by: reports.By, since: str) -> Sums:
    """What came before a period: whole months, and the days of its own month before it."""
    months = records.between(report, "month", FIRST, since[:7])
    days = records.between(report, "day", f"{since[:7]}-01", since) if by == "day" else {}
    return {**months, **days}


def _cell(column: Column, at: tuple[str, str], sums: Sums, levels: Mapping[tuple[str, str, str], int]) -> Cell:
    period, group = at
    number = levels[period, column.name, group] if column.is_level else sums.get((period, column.name, group), 0)
    if column.per:
        over = sums.get((period, column.per, group), 0)
        return f"{divide(number * 10, over * KEPT_IN[column.unit]) / 10:.1f}" if over else None
    return Money.of(number, group).amount if column.unit == "money" and number >= 0 else _signed(column, number, group)


def _signed(column: Column, number: int, group: str) -> Cell:
    """A count, or an amount below zero: suspense may hold what a bank owes us."""
    return f"-{Money.of(-number, group).amount}" if column.unit == "money" else number
