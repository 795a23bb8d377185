"""The sandbox's doors. `app.py` opens them only where the stage is one."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.runs.views import RunView
from chalicelib.sandbox import service, tokens
from chalicelib.sandbox.rules import OnlyForward
from chalicelib.sandbox.service import NotYet
from chalicelib.sandbox.views import (
    ClockAsked,
    ClockMovedView,
    ClockView,
    JobAsked,
    TokenAsked,
    TokenView,
)
from chalicelib.shared import clock
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import ANYONE, Routes, encode, read_json
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request

routes = Routes(group="Sandbox")


@routes.raw("/v1/sandbox/tokens", method="POST", asks=TokenAsked, answers=TokenView, status=200, public=True)
def token(raw: bytes, headers: Mapping[str, str], request: Request) -> Answer:
    """A token for anybody, as the marketplace's identity provider would sign it. Changes nothing."""
    return Answer(encode(tokens.sign(read_json(raw, TokenAsked), clock.real())))


@routes.read("/v1/sandbox/clock", answers=ClockView, by=ANYONE)
def read_clock(request: Request) -> ClockView:
    """Business time, and the wall's."""
    return service.read_clock(request)


@routes.command(
    "/v1/sandbox/clock",
    asks=ClockAsked,
    answers=ClockMovedView,
    by=ANYONE,
    refuses=[OnlyForward],
    examples={"a day on": {"advance_hours": 24}},
)
def move_clock(asked: ClockAsked, request: Request) -> Answer:
    """Move business time forward, to `now` or by `advance_hours`. Everything that falls due on the way happens, in order, as if on time."""
    return service.move_clock(asked, request)


@routes.command("/v1/sandbox/jobs/{job}", asks=JobAsked, answers=RunView, by=ANYONE, refuses=[NotFound, NotYet])
def run_job(job: str, asked: JobAsked, request: Request) -> Answer:
    """Run a job now for a business date: `deadlines`, `books-close`, `qualification-monthly`."""
    return service.run_job(job, asked, request)
