"""Risk pools as an aggregate, and who is what to one."""

from __future__ import annotations

from typing import Final

from chalicelib.guarantees.records.pools import REPOSITORY
from chalicelib.guarantees.rules.pool import Actor, Context, Policy, RiskPool
from chalicelib.guarantees.rules.pool_handling import MACHINE
from chalicelib.guarantees.views.pools import view
from chalicelib.shared import calendars, policies
from chalicelib.shared.aggregates import Aggregate, ringing
from chalicelib.shared.request import Caller


def context_of(policy_hash: str) -> Context:
    policy = policies.pinned("risk-pools", policy_hash).read_as(Policy)
    return Context(policy=policy, calendar=calendars.calendar(policy.calendar))


def actor_of(pool: RiskPool, caller: Caller) -> Actor | None:
    """A pool is seen by its bank and by officers."""
    if caller.is_officer:
        return "officer"
    return "bank" if caller.role == "bank" and caller.sub == pool.bank_id else None


POOLS: Final = Aggregate[RiskPool, Context, Actor](
    name="risk-pools",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda states, now: [context_of(each.policy) for each in states],
    actor_of=actor_of,
    view=view,
    duty="risk",
    after=ringing("a bank did not answer a draw on a pool", "pool_id", metric="PoolDrawUnanswered"),
)
