"""The endpoints of shadows: rules tried out over the past before anybody announces them."""

from __future__ import annotations

from chalicelib.monitoring.examples import SHADOW
from chalicelib.monitoring.service import shadows
from chalicelib.monitoring.service.shadows import BadShadowWindow, NotRules
from chalicelib.monitoring.views.shadow import ShadowRequest, ShadowView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Monitoring")
RISK = OFFICER.with_duty("risk")


@routes.command(
    "/v1/monitoring-shadows",
    response=ShadowView,
    status=201,
    by=RISK,
    errors=[BadShadowWindow, NotRules],
    examples={"R1 by chance alone": SHADOW},
)
def begin(body: ShadowRequest, request: RequestContext) -> StoredResponse:
    """Try other rules out over the past, beside those in force. No alert comes of it."""
    return shadows.begin(body, request)


@routes.read("/v1/monitoring-shadows/{shadow_id}", by=RISK)
def shadow(shadow_id: str, request: RequestContext) -> ShadowView:
    """How far it has come, and then: how often each version alarms, how often rightly, how early, and of which loans they differ."""
    return shadows.show(shadow_id, request)
