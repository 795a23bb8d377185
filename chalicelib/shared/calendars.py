"""The business calendars of the policy `calendars`, which `make standards` writes, and a warning before one of them ends.

The newest version is what counts, on whatever day one asks: a date in business days is worked out once, when it is decided, and kept.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from chalicelib.shared import observe, policies
from chalicelib.shared.periods import Calendar


class _Calendars(msgspec.Struct, frozen=True):
    warn_days: int
    calendars: dict[str, Calendar]


def calendar(name: str) -> Calendar:
    """The business days of a country."""
    return _newest().calendars[name]


def known_until() -> dict[str, date]:
    """The last day that each calendar knows, as published or as expected."""
    return {name: calendar.known_until for name, calendar in sorted(_newest().calendars.items())}


def published_until() -> dict[str, date]:
    """The last day of each calendar whose year a government has published."""
    return {name: calendar.published_until for name, calendar in sorted(_newest().calendars.items())}


def warn_if_ending(today: date) -> list[str]:
    """Count and log the calendars that are published less than `warn_days` ahead, while there is time to add the coming year."""
    ending = {name: day for name, day in published_until().items() if day - today < timedelta(days=_newest().warn_days)}
    for name, day in ending.items():
        observe.logger.error("calendar ends soon", extra={"calendar": name, "published_until": day.isoformat()})
        observe.count("CalendarEndsSoon")
    return list(ending)


def _newest() -> _Calendars:
    return policies.versions("calendars")[-1].read_as(_Calendars)
