"""The columns of a limit and of what is taken of it, as a line's item and an exposure's have them.

Two kinds of writers change an item, and neither makes the other fail in vain. A change of the thing itself is guarded by its version and
sets the limit; a movement (a draw, a repayment) is guarded by the parts it takes from and leaves the version alone. `used_minor` is kept
beside its parts, so that a new limit and what is available follow from each other in one update.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.credit.rules.position import Part, Parts, Position
from chalicelib.shared.columns import WholeNumber


class PositionColumns:
    """Mixed into a row."""

    limit_minor = WholeNumber()
    pending_minor = WholeNumber()
    outstanding_minor = WholeNumber()
    withheld_minor = WholeNumber()
    used_minor = WholeNumber()
    available_minor = WholeNumber()

    @property
    def position(self) -> Position:
        return Position(
            limit_minor=self.limit_minor,
            pending_minor=self.pending_minor,
            outstanding_minor=self.outstanding_minor,
            withheld_minor=self.withheld_minor,
        )


def columns(position: Position) -> dict[str, Any]:
    """Of a new item."""
    return {
        "limit_minor": position.limit_minor,
        "pending_minor": position.pending_minor,
        "outstanding_minor": position.outstanding_minor,
        "withheld_minor": position.withheld_minor,
        "used_minor": position.used_minor,
        "available_minor": position.available_minor,
    }


def set_limit(row: Any, limit_minor: int) -> list[Action]:
    """Another limit; what is used of it stays, be it more than the limit."""
    return [row.limit_minor.set(limit_minor), row.available_minor.set(limit_minor - row.used_minor)]


def movement(moves: Iterable[tuple[Parts, int]]) -> Counter[Part]:
    """By how much each part grows when these amounts go from part to part."""
    parts: Counter[Part] = Counter()
    for (source, destination), minor in moves:
        assert minor > 0, f"nothing goes from {source} to {destination}"
        parts[source] -= minor
        parts[destination] += minor
    return parts


def actions(row: Any, moved: Mapping[Part, int]) -> Iterator[Action]:
    for part, minor in moved.items():
        if minor:
            yield getattr(row, f"{part}_minor").add(minor)
    used = -moved.get("available", 0)
    if used:
        yield row.used_minor.add(used)


def is_there(row: Any, moved: Mapping[Part, int]) -> Condition:
    """What was pending, outstanding or withheld is there to be taken."""
    condition: Condition = row.used_minor.exists()
    for part, minor in moved.items():
        if part != "available" and minor < 0:
            condition &= getattr(row, f"{part}_minor") >= -minor
    return condition
