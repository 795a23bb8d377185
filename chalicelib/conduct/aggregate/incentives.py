"""Incentives as an aggregate: what ties their machine to their table and their view, and who is what to one."""

from __future__ import annotations

from typing import Final

from chalicelib.conduct.records.incentives import REPOSITORY
from chalicelib.conduct.rules.incentive import MACHINE, Actor, Context, Incentive
from chalicelib.conduct.views.incentive import view
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller


def actor_of(incentive: Incentive, caller: Caller) -> Actor | None:
    """The firm's own, and officers'. Whoever else may know reads the index, and not what it is made of."""
    if caller.is_officer:
        return "officer"
    return "firm" if caller.is_member(incentive.member_id) else None


INCENTIVES: Final = Aggregate[Incentive, Context, Actor](
    name="incentives",
    machine=MACHINE,
    repository=REPOSITORY,
    context=lambda incentives, now: [() for _ in incentives],
    actor_of=actor_of,
    view=view,
    duty="risk",
)
