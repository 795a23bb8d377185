"""What the journal's stream calls. It may call twice, late and out of order."""

from __future__ import annotations

from chalicelib.reconciliation.service import comparing
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry


def follow(*entries: Entry) -> None:
    """Keep the items of what banks have otherwise than we."""
    for entry in entries:
        comparing.follow(entry, clock.now())
