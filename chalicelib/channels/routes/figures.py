"""The endpoints of channels' figures."""

from __future__ import annotations

from chalice.app import Response

from chalicelib.channels.service import figures
from chalicelib.channels.service.figures import BadFiguresWindow
from chalicelib.channels.views.figures import FiguresQuery, FiguresView, as_csv, draw
from chalicelib.shared import csv_files, languages
from chalicelib.shared.access import CHANNELS
from chalicelib.shared.http import AGENCY, ANY_DUTY, OFFICER, SVG, Routes, picture, respond
from chalicelib.shared.request import RequestContext

routes = Routes(group="Country channels")
READERS = AGENCY | OFFICER.with_duty(*ANY_DUTY, CHANNELS)


@routes.read("/v1/channels/{channel_id}/figures", by=READERS, errors=[BadFiguresWindow])
def figures_by_day(channel_id: str, query: FiguresQuery, request: RequestContext) -> FiguresView:
    """What a channel comes to, by Shanghai day, against its targets: for its agencies and officers."""
    return figures.figures(channel_id, query, request)


@routes.read(
    "/v1/channels/{channel_id}/figures.csv", response=str, by=READERS, errors=[BadFiguresWindow], media=csv_files.MEDIA
)
def figures_file(channel_id: str, query: FiguresQuery, request: RequestContext) -> Response:
    """The same as a file."""
    content = as_csv(figures.figures(channel_id, query, request))
    return respond(content, Content_Type=csv_files.MEDIA, Cache_Control="no-store")


@routes.read("/v1/channels/{channel_id}/figures.svg", response=str, by=READERS, errors=[BadFiguresWindow], media=SVG)
def figures_chart(channel_id: str, query: FiguresQuery, request: RequestContext) -> Response:
    """What was paid each day beside the target, as a chart."""
    language = languages.preferred(request.languages)
    return picture(draw(figures.figures(channel_id, query, request), language), language)
