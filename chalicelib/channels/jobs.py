"""What the journal says that concerns channels. It may say it twice, late and out of order."""

from __future__ import annotations

from chalicelib.channels.service.nominations import FILES
from chalicelib.shared import documents
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Remove the files that an entry of a nomination says are gone."""
    if entry.event.kind == "nomination.documents_removed":
        FILES.destroy(entry.aggregate_id, documents.gone(entry.event.payload))
