"""A model of a supplier's protection amount, moved by the effects of changes. US cents."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.shared.state_machine import Effect
from chalicelib.suppliers.rules.effects import AdvanceCover, DrawBalance, ReleaseCover, ReserveCover


class ModelOfCover:
    available: int
    reserved: int
    advanced: int

    def move_cover(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case ReserveCover(usd_minor=minor):
                    self.available, self.reserved = self.available - minor, self.reserved + minor
                case ReleaseCover(usd_minor=minor):
                    self.available, self.reserved = self.available + minor, self.reserved - minor
                case AdvanceCover(usd_minor=minor):
                    self.advanced, self.reserved = self.advanced + minor, self.reserved - minor
                case DrawBalance():
                    pass
                case _:
                    raise AssertionError(effect)
