"""What the clock does with orders: write what has fallen due, so that it becomes visible. It may come late, and twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.orders import records, service
from chalicelib.shared import ids, observe
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


def tell_day_book(records_of_the_stream: list[dict[str, Any]]) -> dict[str, Any]:
    """Tell the day-book of the orders whose journal entries these are, as they stand now.

    Takes the records of a Lambda event and returns the partial batch response. Telling twice, late or out of order changes nothing.
    """
    failed = []
    for record in records_of_the_stream:
        image = record["dynamodb"].get("NewImage", {})
        order_id = image.get("thing", {}).get("S", "")
        try:
            if ids.looks_like(order_id, "ord"):
                service.tell_day_book(order_id)
        except Exception:
            observe.logger.exception("order not told to the day-book", extra={"order_id": order_id})
            failed.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
    return {"batchItemFailures": failed}


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any order by itself."""
    return records.earliest_due()
