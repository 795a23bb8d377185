"""What the journal's stream does with loans. Everything may come late, and twice."""

from __future__ import annotations

from chalicelib.loans.service import following
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Free or collect receivables, and make loans of payments by card: as an entry says."""
    following.follow(entry, clock.now())
