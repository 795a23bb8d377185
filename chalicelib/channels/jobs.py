"""What the journal says that concerns channels. It may say it twice, late and out of order."""

from __future__ import annotations

from typing import Final

from chalicelib.channels.service import figures
from chalicelib.channels.service.bulk import FILE
from chalicelib.channels.service.nominations import FILES
from chalicelib.daybook import jobs as daybook_jobs
from chalicelib.shared import clock, documents
from chalicelib.shared.journal import Entry

IMPORT: Final = FILE.name
IMPORTING: Final = daybook_jobs.importing(FILE)


def follow(entry: Entry) -> None:
    """Remove the files that an entry of a nomination says are gone, and count what an entry adds to a channel's figures."""
    if entry.event.kind == "nomination.documents_removed":
        FILES.destroy(entry.aggregate_id, documents.gone(entry.event.payload))
    figures.follow(entry, clock.now())
