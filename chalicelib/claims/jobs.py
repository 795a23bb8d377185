"""What streams and the bucket call for claims. Each may run late, and twice."""

from __future__ import annotations

from chalicelib.claims.service import following
from chalicelib.claims.service.evidence import UPLOADS, file_arrived
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry

__all__ = ["UPLOADS", "file_arrived", "follow"]


def follow(made: Entry) -> None:
    """Draw for claims the consequences of a journal entry: refunds that banks carried out, points, what the day-book counts."""
    following.follow(made, clock.now())
