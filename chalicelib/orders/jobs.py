"""What the clock does with orders: write what has fallen due, so that it becomes visible. It may come late, and twice."""

from __future__ import annotations

from datetime import datetime

from chalicelib.orders import service
from chalicelib.orders.declared import ORDERS
from chalicelib.shared import ids
from chalicelib.shared.journal import Entry


def settle_due(now: datetime) -> int:
    """Apply everything that fell due until `now`, the earliest first. Returns how many orders were looked at."""
    return ORDERS.sweep(now).looked_at


def tell_day_book(made: Entry) -> None:
    """Tell the day-book of the order an entry is of, as it stands now. Telling twice, late or out of order changes nothing."""
    if ids.looks_like(made.thing, "ord"):
        service.tell_day_book(made.thing)


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any order by itself."""
    return ORDERS.next_due()
