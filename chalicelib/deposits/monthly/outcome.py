"""What a shard's decisions add up to: sellers by what happened to them, and sums of money. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from chalicelib.deposits.rules.deposit import Decision

NAMES: Final = (
    "sellers",
    "skipped",
    "unchanged",
    "up",
    "down",
    "floor",
    "ceiling",
    "rearmed",
    "unmapped",
    "in_debt",
    "base_before_minor",
    "base_after_minor",
    "arrears_minor",
    "releasable_minor",
)
"""`floor` and `ceiling` count where the clause acted; `unmapped` those whose category is not in the book."""


class Outcome:
    """Counts that grow with each decision."""

    __slots__ = NAMES

    sellers: int
    skipped: int
    unchanged: int
    up: int
    down: int
    floor: int
    ceiling: int
    rearmed: int
    unmapped: int
    in_debt: int
    base_before_minor: int
    base_after_minor: int
    arrears_minor: int
    releasable_minor: int

    def __init__(self, counts: Mapping[str, int]) -> None:
        for name in NAMES:
            setattr(self, name, counts.get(name, 0))

    def add(self, decision: Decision) -> None:
        self.sellers += 1
        self.base_before_minor += decision.prev_minor
        self.base_after_minor += decision.base_minor
        self.arrears_minor += decision.arrears_minor
        self.releasable_minor += decision.releasable_minor
        self.in_debt += decision.in_debt
        if decision.skipped:
            self.skipped += 1
            return
        self.up += decision.base_minor > decision.prev_minor
        self.down += decision.base_minor < decision.prev_minor
        self.unchanged += not decision.changes
        self.floor += decision.clause == "floor"
        self.ceiling += decision.clause == "ceiling"
        self.rearmed += decision.rearmed
        self.unmapped += decision.unmapped

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in NAMES}
