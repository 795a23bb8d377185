"""Events that nobody could help, as the policy `force-majeure` declares them: in their regions nobody is sanctioned meanwhile. Pure."""

from __future__ import annotations

from datetime import date

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A flood, an earthquake, an epidemic: from its first day to its last. `regions` are those of firms' profiles, such as CN-33; CN is the whole country."""

    name: str
    regions: tuple[str, ...]
    from_on: date
    until_on: date


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of `chalicelib/policies/force-majeure/`."""

    events: tuple[Event, ...] = ()

    def applies(self, region: str, on: date) -> bool:
        return any(event.from_on <= on <= event.until_on and region.startswith(event.regions) for event in self.events)
