"""The endpoints of runs."""

from __future__ import annotations

from typing import Final

from chalicelib.runs import service
from chalicelib.runs.service import RunIsOver, RunIsWaiting
from chalicelib.runs.views import RunsQuery, RunView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext

routes = Routes(group="Books and jobs")

ANY_OFFICER: Final = OFFICER.with_duty(*ANY_DUTY, "feeds")
"""Redriving only sends again what is unfinished: whoever may look at a run may do it."""


@routes.read("/v1/runs/{run_id}", by=ANY_OFFICER)
def run(run_id: str, request: RequestContext) -> RunView:
    """One run: shards done, counts, items set aside, and the certificate once it is done."""
    return service.shown(run_id)


@routes.read("/v1/runs", by=ANY_OFFICER)
def runs(query: RunsQuery, request: RequestContext) -> Page[RunView]:
    """Runs of a job, latest first."""
    return service.listed(query, request)


@routes.command("/v1/runs/{run_id}/redrive", response=RunView, by=ANY_OFFICER, errors=[RunIsOver, RunIsWaiting])
def redrive(run_id: str, request: RequestContext) -> StoredResponse:
    """Send the shards that have not told a result once more."""
    return service.redrive(run_id, request)
