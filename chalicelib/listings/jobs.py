"""What the journal says that concerns listings: memberships, and pictures whose retention has ended."""

from __future__ import annotations

from chalicelib.listings.service import following
from chalicelib.listings.service.uploads import FILES
from chalicelib.shared import documents
from chalicelib.shared.journal import Entry


def follow(entry: Entry) -> None:
    """Once or many times."""
    following.follow(entry)
    if entry.aggregate_id.startswith("lst_") and (gone := documents.gone(entry.event.payload)):
        FILES.destroy(entry.aggregate_id, gone)
