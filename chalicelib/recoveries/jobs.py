"""What the journal's stream and the clock do with recoveries. Everything may come late, and twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from chalicelib.recoveries import records, service
from chalicelib.recoveries.declared import RECOVERIES
from chalicelib.shared import clock, due
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, start_of

SET_OFF_AT: Final = timedelta(hours=1)
"""Balances are looked at every day at 01:00 in Shanghai."""
TAKES: Final = ("demanded", "setoff", "suspended", "instalments")
"""In these statuses something may be due from a supplier's balance."""


def follow(made: Entry) -> None:
    """Open recoveries, take in what banks collected, keep suppliers' standing: as an entry says."""
    service.follow(made, clock.now())


def settle_due(now: datetime) -> int:
    """Apply everything that fell due until `now`, the earliest first. Returns how many recoveries were looked at."""
    return RECOVERIES.sweep(now).looked_at


def set_off_all(now: datetime) -> int:
    """Take what is due from the balances of all suppliers that owe. Returns how many recoveries were looked at."""
    return due.each(list(_taking()), lambda recovery_id: service.set_off(recovery_id, now))


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any recovery by itself."""
    return RECOVERIES.next_due()


def next_set_off() -> datetime | None:
    """When balances are looked at next, where anything is owed."""
    if next(_taking(), None) is None:
        return None
    now = clock.now()
    today = start_of(business_date(now)) + SET_OFF_AT
    return today if now < today else today + timedelta(days=1)


def _taking() -> Iterator[str]:
    for status in TAKES:
        yield from records.ids_in(status)
