"""The endpoint to what a month came to."""

from __future__ import annotations

from chalicelib.deposits.monthly import service
from chalicelib.deposits.monthly.service import NotCertifiedYet
from chalicelib.deposits.monthly.views import AdjustmentView
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Deposits")


@routes.read(
    "/v1/deposits/{seller_id}/adjustments/{period}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY), errors=[NotCertifiedYet]
)
def adjustment(seller_id: str, period: str, request: RequestContext) -> AdjustmentView:
    """What a month, "2023-03", came to for a seller, and the proof that the run's certificate covers it."""
    return service.adjustment(seller_id, period, request)
