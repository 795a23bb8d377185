"""Who opened files, as the journal tells it."""

from __future__ import annotations

from chalicelib.shared.journal import JournalRow
from chalicelib.shared.readings import OPENED


def openings(about: str) -> list[tuple[str, str]]:
    """The officers who opened files of a thing, each with the file."""
    entries = (row.entry() for row in JournalRow.scan())
    return sorted(
        (entry.by.sub, entry.event.payload["document_id"])
        for entry in entries
        if entry.event.kind == OPENED and entry.event.payload["about"] == about
    )
