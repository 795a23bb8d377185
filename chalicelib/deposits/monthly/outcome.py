"""What a shard's decisions add up to: sellers by what happened to them, and sums of money. Pure."""

from __future__ import annotations

import msgspec

from chalicelib.deposits.rules.deposit import Decision


class Outcome(msgspec.Struct):
    """Counts that grow with each decision. `floor` and `ceiling` count where the clause acted; `unmapped` whose category is not in the book."""

    sellers: int = 0
    skipped: int = 0
    unchanged: int = 0
    up: int = 0
    down: int = 0
    floor: int = 0
    ceiling: int = 0
    awaits_first_trade_again: int = 0
    unmapped: int = 0
    in_debt: int = 0
    base_before_minor: int = 0
    base_after_minor: int = 0
    arrears_minor: int = 0
    releasable_minor: int = 0

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
        self.awaits_first_trade_again += decision.awaits_first_trade_again
        self.unmapped += decision.unmapped
