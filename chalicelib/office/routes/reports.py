"""The endpoints of reports."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.office.routes.work import WORKERS
from chalicelib.office.service import reports
from chalicelib.office.service.reports import BadReportWindow, UnknownColumn
from chalicelib.office.views.charts import draw
from chalicelib.office.views.reports import ChartQuery, ReportQuery, ReportsView, ReportView
from chalicelib.shared import csv_files, languages
from chalicelib.shared.http import SVG, Routes, picture, respond
from chalicelib.shared.request import RequestContext

routes = Routes(group="Officers' work")


@routes.read("/v1/reports", by=WORKERS)
def names(request: RequestContext) -> ReportsView:
    """The reports that one of your duties opens, with what each of their figures counts."""
    return reports.listed(request)


@routes.read("/v1/reports/{report}", by=WORKERS, errors=[BadReportWindow])
def one(report: str, query: ReportQuery, request: RequestContext) -> ReportView:
    """A report over a window, by day or by month."""
    return reports.report(report, query, request)


@routes.read("/v1/reports/{report}/rows.csv", response=str, by=WORKERS, errors=[BadReportWindow], media=csv_files.MEDIA)
def rows(report: str, query: ReportQuery, request: RequestContext) -> Response:
    """The same as a file."""
    shown = reports.report(report, query, request)
    header = [column.name for column in shown.columns]
    body = csv_files.written([header, *([("" if cell is None else cell) for cell in row] for row in shown.rows)])
    return respond(body, Content_Type=csv_files.MEDIA, Cache_Control="no-store")


@routes.read(
    "/v1/reports/{report}/chart.svg", response=str, by=WORKERS, errors=[BadReportWindow, UnknownColumn], media=SVG
)
def chart(report: str, query: ChartQuery, request: RequestContext) -> Response:
    """One figure of it as a chart."""
    language = languages.preferred(request.languages)
    return picture(draw(*reports.series(report, query, request), language), language)
