"""The endpoint at which banks read who stands behind a firm."""

from __future__ import annotations

from chalicelib.credit.service import persons as service
from chalicelib.firms.views.firm import SealedView
from chalicelib.shared.http import BANK, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Credit")


@routes.read("/v1/firms/{member_id}/persons", by=BANK)
def persons(member_id: str, request: RequestContext) -> SealedView:
    """Who signs for a firm, holds and controls it, and its accounts, while its consent lets your bank see that. The firm is told of each reading."""
    return service.read(member_id, request)
