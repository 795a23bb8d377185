"""Risk pools as an aggregate, and who is what to one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.guarantees.records.pools import REPOSITORY
from chalicelib.guarantees.rules.pool import Actor, Context, Policy, RiskPool
from chalicelib.guarantees.rules.pool_handling import MACHINE
from chalicelib.guarantees.views.pools import view
from chalicelib.shared import calendars, observe, policies
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import Caller


def context_of(policy_hash: str) -> Context:
    policy = policies.pinned("risk-pools", policy_hash).read_as(Policy)
    return Context(policy=policy, calendar=calendars.calendar(policy.calendar))


def _contexts(pools: Sequence[RiskPool], now: datetime) -> list[Context]:
    return [context_of(each.policy) for each in pools]


def actor_of(pool: RiskPool, caller: Caller) -> Actor | None:
    """A pool is seen by its bank and by officers."""
    if caller.is_officer:
        return "officer"
    return "bank" if caller.role == "bank" and caller.sub == pool.bank_id else None


def _ring_if_unanswered(pool: RiskPool, entry: Entry, now: datetime) -> None:
    observe.logger.error("a bank did not answer a draw on a pool", extra={"pool_id": pool.id})
    observe.count("PoolDrawUnanswered")


POOLS: Final = Aggregate[RiskPool, Context, Actor](
    name="risk-pools",
    machine=MACHINE,
    repository=REPOSITORY,
    context=_contexts,
    actor_of=actor_of,
    view=view,
    duty="risk",
    after=_ring_if_unanswered,
)
