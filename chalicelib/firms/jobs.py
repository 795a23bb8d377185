"""What the journal says that concerns firms' files: those of erased people and of ended retention go."""

from __future__ import annotations

from chalicelib.firms.service.uploads import FILES
from chalicelib.shared import documents
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Remove the files that an entry of a profile says are gone. Once or many times."""
    if entry.aggregate_id.startswith("firm:") and (gone := documents.gone(entry.event.payload)):
        FILES.destroy(entry.aggregate_id.removeprefix("firm:"), gone)
