"""The endpoints of export credit limits."""

from __future__ import annotations

from chalicelib.credit.examples import LIMIT_SIMULATION
from chalicelib.credit.rules.products import NoSuchProduct
from chalicelib.credit.service import limits as service
from chalicelib.credit.service.limits import MemberMissing
from chalicelib.credit.views.limits import CreditLimitView, LimitQuery, LimitSimulationRequest, LimitSimulationView
from chalicelib.shared.errors import NotFound
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.request import RequestContext

routes = Routes(group="Credit")
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)


@routes.read("/v1/members/{member_id}/credit-limit", by=EITHER, errors=[NoSuchProduct])
def credit_limit(member_id: str, query: LimitQuery, request: RequestContext) -> CreditLimitView:
    """How much a member may borrow by its exports under a product, with every step, and what leaves the window when."""
    return service.show(member_id, query, request)


@routes.query(
    "/v1/credit-limit-simulations",
    by=EITHER,
    errors=[NotFound, NoSuchProduct, NoRate, UnknownCurrency, MemberMissing],
    examples={"more exports": LIMIT_SIMULATION},
)
def simulate_limit(body: LimitSimulationRequest, request: RequestContext) -> LimitSimulationView:
    """What would change a limit: more exports, returns, another date, another product. Nothing is kept."""
    return service.simulate(body, request)
