"""The endpoints of officers' work."""

from __future__ import annotations

from typing import Final

from chalicelib.office.examples import ANOTHERS, MINE, NOBODYS
from chalicelib.office.service import work
from chalicelib.office.service.work import AssignedThere, NotNoted, UnknownWork
from chalicelib.office.views.work import AssignmentRequest, WorkItemView, WorkPage, WorkQuery
from chalicelib.shared.access import CHANNELS, FEEDS, LEGAL
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, OFFICER, Routes
from chalicelib.shared.pages import BadCursor
from chalicelib.shared.request import RequestContext, Stale

routes = Routes(group="Officers' work", response=WorkItemView)
WORKERS: Final = OFFICER.with_duty(*ANY_DUTY, CHANNELS, LEGAL, FEEDS)


@routes.read("/v1/work", by=WORKERS, errors=[BadCursor, UnknownWork])
def waiting(query: WorkQuery, request: RequestContext) -> WorkPage:
    """Everything that waits for officers with your duties, the earliest due first, and how much of each kind there is."""
    return work.listed(query, request)


@routes.command(
    "/v1/work/{work_id}/assignment",
    by=WORKERS,
    errors=[AssignedThere, Stale],
    examples={"to oneself": MINE, "to somebody else": ANOTHERS, "to nobody": NOBODYS},
)
def assign(work_id: str, body: AssignmentRequest, request: RequestContext) -> StoredResponse:
    """Say which officer sees to it, or that nobody does. It is no permission: whoever has the duty may act."""
    return work.assign(work_id, body, request)


@routes.command("/v1/work/{work_id}/completion", by=WORKERS, errors=[NotNoted, Stale])
def complete(work_id: str, request: RequestContext) -> StoredResponse:
    """Say that you have looked at a run that failed, or at an import with rejected rows: then it waits for nobody any more."""
    return work.complete(work_id, request)
