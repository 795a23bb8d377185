"""What the journal's stream calls. It may call twice, late and out of order."""

from __future__ import annotations

from chalicelib.conduct.service import following
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Add to a firm's integrity index, or take back, what an entry brings about."""
    following.follow(entry, clock.now())
