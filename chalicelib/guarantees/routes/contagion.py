"""The endpoint of contagion."""

from __future__ import annotations

from chalicelib.guarantees.service import contagion as service
from chalicelib.guarantees.views.contagion import ContagionQuery, GroupStressView
from chalicelib.shared.http import BANK, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page
from chalicelib.shared.request import RequestContext

routes = Routes(group="Guarantees")


@routes.read("/v1/contagion", by=BANK | OFFICER.with_duty("risk"), errors=[BadCursor])
def contagion(query: ContagionQuery, request: RequestContext) -> Page[GroupStressView]:
    """The hundred groups in which failures would spread worst, the worst first, as of the last night."""
    return service.listed(query, request)
