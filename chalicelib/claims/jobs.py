"""What schedules, streams and the bucket call for claims. Each may run late, and twice."""

from __future__ import annotations

from datetime import datetime

from chalicelib.claims import records
from chalicelib.claims.service import following, settling
from chalicelib.claims.service.evidence import UPLOADS, file_arrived
from chalicelib.shared import clock, observe
from chalicelib.shared.journal import Entry
from chalicelib.shared.refusal import Refusal

BATCH = 200

__all__ = ["BATCH", "UPLOADS", "file_arrived", "follow", "next_due", "settle_due"]


def settle_due(now: datetime, *, limit: int = BATCH) -> int:
    """Write everything that fell due until `now`, the earliest first. Returns how many claims were looked at.

    A claim that cannot be settled is logged and left for the next sweep; the others go on.
    """
    due = records.due_ids(now, limit)
    for claim_id in due:
        try:
            settling.settled(claim_id, now)
        except Refusal as refusal:
            observe.logger.warning("a due claim was not settled", extra={"claim_id": claim_id, "code": refusal.code})
    return len(due)


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any claim by itself."""
    return records.earliest_due()


def follow(made: Entry) -> None:
    """Draw for claims the consequences of a journal entry: refunds that banks carried out, points, what the day-book counts."""
    following.follow(made, clock.now())
