"""The sandbox's endpoints. `app.py` opens them only where the stage is one."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.deposits.monthly.service import CutOffAhead, FirstTradesMissing, LaterMonthDecided
from chalicelib.runs.views import RunView
from chalicelib.sandbox import service, tokens, views
from chalicelib.sandbox.rules import OnlyForward
from chalicelib.sandbox.service import NotYet
from chalicelib.shared import clock
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANYONE, Routes, encode, read_json
from chalicelib.shared.request import RequestContext

routes = Routes(group="Sandbox")


@routes.raw(
    "/v1/sandbox/tokens", method="POST", request=views.TokenRequest, response=views.TokenView, status=200, public=True
)
def token(raw: bytes, headers: Mapping[str, str], request: RequestContext) -> StoredResponse:
    """A token for anybody, as the marketplace's identity provider would sign it. Changes nothing."""
    return StoredResponse(encode(tokens.sign(read_json(raw, views.TokenRequest), clock.real())))


@routes.read("/v1/sandbox/clock", by=ANYONE)
def read_clock(request: RequestContext) -> views.ClockView:
    """Business time, and the wall's."""
    return service.read_clock(request)


@routes.command(
    "/v1/sandbox/clock",
    response=views.ClockMovedView,
    by=ANYONE,
    errors=[OnlyForward],
    examples={"a day on": {"advance_hours": 24}},
)
def move_clock(body: views.ClockRequest, request: RequestContext) -> StoredResponse:
    """Move business time forward, to `now` or by `advance_hours`. Everything that falls due on the way happens, in order, as if on time."""
    return service.move_clock(body, request)


@routes.command(
    "/v1/sandbox/jobs/{job}",
    response=RunView,
    by=ANYONE,
    errors=[NotFound, NotYet, CutOffAhead, FirstTradesMissing, LaterMonthDecided],
)
def run_job(job: str, body: views.JobRequest, request: RequestContext) -> StoredResponse:
    """Run a job now for a business date, such as `deadlines`, `books-close`, `deposits-monthly`, `qualification-monthly`."""
    return service.run_job(job, body, request)
