"""The endpoints of dead letters."""

from __future__ import annotations

from chalicelib.dead_letters.rules import BadReplayWindow, UnknownConsumer
from chalicelib.dead_letters.service import letters, redriving
from chalicelib.dead_letters.views import DeadLettersQuery, DeadLetterView, RedriveRequest
from chalicelib.runs.views import RunView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext

routes = Routes(group="Books and jobs")


@routes.read("/v1/dead-letters", by=OFFICER.with_duty(*ANY_DUTY, "feeds"))
def dead_letters(query: DeadLettersQuery, request: RequestContext) -> Page[DeadLetterView]:
    """What a consumer could not take and is tried again, by the next try."""
    return letters.listed(query, request)


@routes.command(
    "/v1/redrives",
    response=RunView,
    status=202,
    by=OFFICER.with_duty("admin"),
    errors=[UnknownConsumer, BadReplayWindow],
    examples={
        "everything that waits": {},
        "a window": {"since": "2026-03-02T00:00:00Z", "until": "2026-03-02T01:00:00Z"},
    },
)
def redrive(body: RedriveRequest, request: RequestContext) -> StoredResponse:
    """Try every dead letter now, and replay what was written in a window (duty admin). The answer is the run to watch."""
    return redriving.ask(body, request)
