"""What the journal's stream calls for orders. It may come late, and twice."""

from __future__ import annotations

from chalicelib.orders.rules.telling import is_telling
from chalicelib.orders.service import settling
from chalicelib.shared import ids
from chalicelib.shared.journal import Entry


def tell_day_book(*entries: Entry) -> None:
    """Tell the day-book of the orders that shipped or ended, as they stand now. Telling twice, late or out of order changes nothing."""
    told = [made.thing for made in entries if ids.looks_like(made.thing, "ord") and is_telling(made.event.facts)]
    if told:
        settling.tell_day_book(*told)
