"""What schedules, streams and the bucket call for claims. Each may run late, and twice."""

from __future__ import annotations

from datetime import datetime

from chalicelib.claims import records
from chalicelib.claims.service import following, settling
from chalicelib.claims.service.evidence import UPLOADS, file_arrived
from chalicelib.shared import clock, due
from chalicelib.shared.journal import Entry

BATCH = 200

__all__ = ["BATCH", "UPLOADS", "file_arrived", "follow", "next_due", "settle_due"]


def settle_due(now: datetime, *, limit: int = BATCH) -> int:
    """Write everything that fell due until `now`, the earliest first. Returns how many claims were looked at."""
    return due.each(records.due_ids(now, limit), lambda claim_id: settling.settled(claim_id, now))


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any claim by itself."""
    return records.earliest_due()


def follow(made: Entry) -> None:
    """Draw for claims the consequences of a journal entry: refunds that banks carried out, points, what the day-book counts."""
    following.follow(made, clock.now())
