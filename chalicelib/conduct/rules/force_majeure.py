"""Events that nobody could help, as the policy `force-majeure` declares them: in their regions nobody is sanctioned meanwhile. Pure."""

from __future__ import annotations

from datetime import date

import msgspec

from chalicelib.shared.regions import is_region, region


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A flood, an earthquake, an epidemic: from its first day to its last. `regions` are those of firms' profiles, such as CN-ZJ; CN is the whole country."""

    name: str
    regions: tuple[str, ...]
    from_on: date
    until_on: date

    def __post_init__(self) -> None:
        """A province that nobody is in would shield nobody: such a file is not read at all."""
        if unknown := [each for each in self.regions if "-" in each and not is_region(each)]:
            raise ValueError(f"no such region: {', '.join(unknown)}")
        msgspec.structs.force_setattr(self, "regions", tuple(region(each) for each in self.regions))


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The form of `chalicelib/policies/force-majeure/`."""

    events: tuple[Event, ...] = ()

    def applies(self, to: str, on: date) -> bool:
        """Whether an event is declared of a region, or of its country, on that day."""
        places = {region(to), to[:2]}
        return any(event.from_on <= on <= event.until_on and places & {*event.regions} for event in self.events)
