"""Trainings as an aggregate: what ties their machine to their table and their view."""

from __future__ import annotations

from typing import Final

from chalicelib.shared.aggregates import Aggregate, pinning
from chalicelib.shared.request import Caller
from chalicelib.trainings.records import REPOSITORY
from chalicelib.trainings.rules.timers import MACHINE
from chalicelib.trainings.rules.training import Actor, Context, Policy, Training
from chalicelib.trainings.views.training import view


def actor_of(training: Training, caller: Caller) -> Actor | None:
    """Every member may come; who else does is officers' to know."""
    if caller.is_officer:
        return "officer"
    return "member" if caller.member_id else None


TRAININGS: Final = Aggregate[Training, Context, Actor](
    name="trainings",
    machine=MACHINE,
    repository=REPOSITORY,
    context=pinning("trainings", Policy, Context),
    actor_of=actor_of,
    view=view,
    duty="risk",
)
