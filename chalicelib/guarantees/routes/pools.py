"""The endpoints of risk pools."""

from __future__ import annotations

from chalicelib.banks.rules.partners import CurrencyNotPayable, NotAPartner
from chalicelib.guarantees.examples import OPEN_POOL
from chalicelib.guarantees.rules.pool_handling import PoolNotEmpty, PoolNotInThisStatus
from chalicelib.guarantees.service import pools as service
from chalicelib.guarantees.service.pools import NamedTwice
from chalicelib.guarantees.views.pools import OpenPoolRequest, PoolsQuery, RiskPoolView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, BANK, OFFICER, Routes
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Guarantees", response=RiskPoolView)
CONCERNED = BANK | OFFICER.with_duty(*ANY_DUTY)


@routes.command(
    "/v1/risk-pools",
    by=OFFICER.with_duty("risk"),
    status=201,
    errors=[NotAPartner, CurrencyNotPayable, NamedTwice],
    examples={"half of each shortfall": OPEN_POOL},
)
def open_pool(body: OpenPoolRequest, request: RequestContext) -> StoredResponse:
    """Open a pool at a bank. It is empty: the bank reports what its contributors pay in."""
    return service.open_pool(body, request)


@routes.read("/v1/risk-pools", by=CONCERNED, errors=[BadCursor])
def pools(query: PoolsQuery, request: RequestContext) -> Page[RiskPoolView]:
    """The pools of a bank; for officers of one bank, or all."""
    return service.listed(query, request)


@routes.read("/v1/risk-pools/{pool_id}", by=CONCERNED)
def pool(pool_id: str, request: RequestContext) -> RiskPoolView:
    """One pool: who has paid in how much, what it holds, and which calls ask for how much of it."""
    return service.pool(pool_id, request)


@routes.read("/v1/risk-pools/{pool_id}/timeline", by=CONCERNED)
def pool_timeline(pool_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Every movement of a pool, oldest first."""
    return service.timeline(pool_id, query, request)


@routes.command(
    "/v1/risk-pools/{pool_id}/close", by=OFFICER.with_duty("risk"), errors=[PoolNotInThisStatus, PoolNotEmpty, Stale]
)
def close(pool_id: str, request: RequestContext) -> StoredResponse:
    """Close a pool of which nothing is left."""
    return service.close(pool_id, request)
