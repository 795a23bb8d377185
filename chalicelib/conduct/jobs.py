"""What the journal's stream calls. It may call twice, late and out of order."""

from __future__ import annotations

from chalicelib.conduct.service import following
from chalicelib.conduct.service.peer_reports import FILES
from chalicelib.shared import clock, documents
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Add to a firm's integrity index, or take back, what an entry brings about; remove files of peer reports that it says are gone."""
    following.follow(entry, clock.now())
    if entry.aggregate_id.startswith("rpt_") and (gone := documents.gone(entry.event.payload)):
        FILES.destroy(entry.aggregate_id, gone)
