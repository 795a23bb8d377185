"""What schedules, streams and the bucket call for claims. Each may run late, and twice."""

from __future__ import annotations

from datetime import datetime

from chalicelib.claims.declared import CLAIMS
from chalicelib.claims.service import following
from chalicelib.claims.service.evidence import UPLOADS, file_arrived
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry

__all__ = ["UPLOADS", "file_arrived", "follow", "next_due", "settle_due"]


def settle_due(now: datetime) -> int:
    """Write everything that fell due until `now`, the earliest first. Returns how many claims were looked at."""
    return CLAIMS.sweep(now).looked_at


def next_due() -> datetime | None:
    """The earliest instant at which something happens to any claim by itself."""
    return CLAIMS.next_due()


def follow(made: Entry) -> None:
    """Draw for claims the consequences of a journal entry: refunds that banks carried out, points, what the day-book counts."""
    following.follow(made, clock.now())
