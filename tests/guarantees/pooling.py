"""A risk pool as a value: half of each shortfall, kept by a bank. Amounts in fen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.guarantees.aggregate.pools import POOLS, context_of
from chalicelib.guarantees.rules import pool_handling
from chalicelib.guarantees.rules.pool import Contributor, RiskPool, Shortfall
from chalicelib.guarantees.rules.pool_events import DrawConfirmed, Replenished
from chalicelib.guarantees.service import pools
from chalicelib.shared import clock, ids, policies
from chalicelib.shared.request import CLOCK, RequestContext

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
IN_FORCE = policies.in_force("risk-pools", NOW.date())
CONTEXT = context_of(IN_FORCE.hash)
TOLD: dict[str, Any] = {
    "bank_ref": "P-1",
    "seq": 1,
    "occurred_at": NOW,
    "business_date": NOW.date(),
    "pool_id": "pol_1",
    "currency": "CNY",
}


def empty() -> RiskPool:
    pool = RiskPool(
        id="pol_1",
        name="Textiles",
        bank_id="boc",
        currency="CNY",
        share_bp=5_000,
        contributors=(Contributor(name="Chamber"), Contributor(name="Bank")),
        status="open",
        version=1,
        created_at=NOW,
        updated_at=NOW,
        policy=IN_FORCE.hash,
    )
    return pool_handling.opened(pool).state


def paid_in(minor: int = 80_000_00, contributor: str = "Chamber", **other: Any) -> Replenished:
    return Replenished(**TOLD | {"amount": minor, "contributor": contributor} | other)


def paid_out(minor: int, call_id: str = "gcl_1", **other: Any) -> DrawConfirmed:
    return DrawConfirmed(**TOLD | {"amount": minor, "call_id": call_id} | other)


def filled(minor: int = 80_000_00) -> RiskPool:
    return pool_handling.replenish(empty(), CONTEXT, paid_in(minor), "boc", NOW).state


def asked(shortfall_minor: int = 100_000_00, pool: RiskPool | None = None, call_id: str = "gcl_1") -> RiskPool:
    change = pool_handling.ask(pool or filled(), short(shortfall_minor, call_id), CONTEXT, NOW)
    assert change is not None
    return change.state


def short(minor: int, call_id: str = "gcl_1", **other: Any) -> Shortfall:
    """What the guarantors of a call cannot be made to pay, of which the loan's product lets a pool bear all."""
    fields: dict[str, Any] = {"loan_id": "lon_1", "bank_id": "boc", "currency": "CNY", "share_bp": 10_000}
    return Shortfall(**fields | {"minor": minor, "call_id": call_id} | other)


def closed() -> RiskPool:
    return pool_handling.close(empty(), NOW).state


def plant_draw() -> str:
    """A pool in the tables that waits for its bank's answer to a draw."""
    now = clock.now()
    pool = replace(empty(), id=ids.new_id("pol", now), created_at=now, updated_at=now)

    def request() -> RequestContext:
        return RequestContext(caller=CLOCK, now=now, request_id="test")

    POOLS.create(pool_handling.opened(pool), CONTEXT, request())
    POOLS.apply(pool.id, request(), lambda was, context: pool_handling.replenish(was, context, paid_in(), "boc", now))
    pools.ask(pool.id, short(100_000_00), now)
    return pool.id
