"""What if: a supplier's inputs with something added, for the same decision once more. Pure."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from chalicelib.suppliers.rules.qualification import Inputs


class Extras(msgspec.Struct, frozen=True, kw_only=True):
    """What would be different. `response_bp` takes the place of the present rate where it is given."""

    completed: int = 0
    gmv_minor: int = 0
    shipped_on_time: int = 0
    shipped_late: int = 0
    protected_completed: int = 0
    claims_lost: int = 0
    points_given: int = 0
    points_expired: int = 0
    response_bp: int | None = None
    reinstated: bool = False


def plus(inputs: Inputs, extras: Extras) -> Inputs:
    return replace(
        inputs,
        completed=inputs.completed + extras.completed,
        gmv_minor=inputs.gmv_minor + extras.gmv_minor,
        due=inputs.due + extras.shipped_on_time + extras.shipped_late,
        on_time=inputs.on_time + extras.shipped_on_time,
        protected_completed=inputs.protected_completed + extras.protected_completed,
        claims_lost=inputs.claims_lost + extras.claims_lost,
        points=max(0, inputs.points + extras.points_given - extras.points_expired),
        response_bp=inputs.response_bp if extras.response_bp is None else extras.response_bp,
        suspended=inputs.suspended and not extras.reinstated,
    )
