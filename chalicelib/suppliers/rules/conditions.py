"""One condition of a qualification: its value, what it must be, how far off it is and what would mend it. Pure."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Name = Literal["completed", "due", "on_time_bp", "claim_loss_bp", "points", "suspended"]
Need = Literal[
    "completed_trades",
    "shipments_due",
    "shipments_on_time",
    "protected_orders_completed_without_a_lost_claim",
    "points_expired",
    "reinstatement",
]
"""What would meet a condition."""
_MEASURED: Final = -1


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """`distance` is in the value's own unit, 0 where met. `needed` of `needs` would meet it; None where no number of them would."""

    name: Name
    value: int
    must_be: Literal["at_least", "at_most"]
    threshold: int
    met: bool
    distance: int
    needs: Need
    needed: int | None


def at_least(name: Name, value: int, threshold: int, *, needs: Need, needed: int | None = _MEASURED) -> Condition:
    """Met from the threshold on. Where nothing else is said, as many are needed as are missing."""
    return _condition(name, value, "at_least", threshold, threshold - value, needs, needed)


def at_most(name: Name, value: int, threshold: int, *, needs: Need, needed: int | None = _MEASURED) -> Condition:
    """Met up to the threshold."""
    return _condition(name, value, "at_most", threshold, value - threshold, needs, needed)


def is_clear(name: Name, stands: bool, *, needs: Need) -> Condition:
    """Met where something does not stand in the way."""
    return at_most(name, int(stands), 0, needs=needs)


def _condition(
    name: Name,
    value: int,
    must_be: Literal["at_least", "at_most"],
    threshold: int,
    missing: int,
    needs: Need,
    needed: int | None,
) -> Condition:
    met = missing <= 0
    return Condition(
        name=name,
        value=value,
        must_be=must_be,
        threshold=threshold,
        met=met,
        distance=max(0, missing),
        needs=needs,
        needed=0 if met else missing if needed == _MEASURED else needed,
    )
