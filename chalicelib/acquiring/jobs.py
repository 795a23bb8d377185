"""What the journal's stream calls. It may call twice, late and out of order."""

from __future__ import annotations

from chalicelib.acquiring.service import following
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry


def follow(*entries: Entry) -> None:
    """Keep payments and settlements with what claims, orders and acquirers did."""
    for entry in entries:
        following.follow(entry, clock.now())
