"""What the journal's stream calls for orders. It may come late, and twice."""

from __future__ import annotations

from chalicelib.orders.service import settling
from chalicelib.shared import ids
from chalicelib.shared.journal import Entry


def tell_day_book(made: Entry) -> None:
    """Tell the day-book of the order an entry is of, as it stands now. Telling twice, late or out of order changes nothing."""
    if ids.looks_like(made.thing, "ord"):
        settling.tell_day_book(made.thing)
