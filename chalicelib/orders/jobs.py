"""What the clock does with orders: write what has fallen due, so that it becomes visible. It may come late, and twice."""

from __future__ import annotations

from datetime import datetime

from chalicelib.orders import records, service
from chalicelib.shared import ids, observe
from chalicelib.shared.journal import Entry
from chalicelib.shared.refusal import Refusal

BATCH = 200


def settle_due(now: datetime, *, limit: int = BATCH) -> int:
    """Apply everything that fell due until `now`, the earliest first. Returns how many orders were looked at.

    An order that cannot be settled is logged and left for the next sweep; the others go on.
    """
    due = records.due_ids(now, limit)
    for order_id in due:
        try:
            service.settled(order_id, now)
        except Refusal as refusal:
            observe.logger.warning("a due order was not settled", extra={"order_id": order_id, "code": refusal.code})
    return len(due)


def tell_day_book(made: Entry) -> None:
    """Tell the day-book of the order an entry is of, as it stands now. Telling twice, late or out of order changes nothing."""
    if ids.looks_like(made.thing, "ord"):
        service.tell_day_book(made.thing)


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any order by itself."""
    return records.earliest_due()
