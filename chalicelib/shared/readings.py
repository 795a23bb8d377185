"""Who opened a file of whom: an entry for each officer who is handed an address to fetch one from.

Such an entry is a chain of its own. It changes nothing of the thing that the file is of: who looks at evidence makes no command stale that
somebody decides about it meanwhile.
"""

from __future__ import annotations

from typing import Final

from chalicelib.shared import ids, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.files import LINK_LASTS
from chalicelib.shared.journal import Event
from chalicelib.shared.periods import to_ms
from chalicelib.shared.request import RequestContext

OPENED: Final = "file.opened"
_SLOT_MS: Final = int(LINK_LASTS.total_seconds()) * 1000


def note_opened(about: str, document_id: str, request: RequestContext) -> None:
    """Write down that the caller opens a file of the thing `about`. Once for as long as an address lasts, however often it is asked for."""
    slot = str(to_ms(request.now) // _SLOT_MS)
    reading = request.derived(OPENED, "\0".join((about, document_id, slot)), about)
    entry = journal.entry(
        reading,
        Event(OPENED, {"about": about, "document_id": document_id, "private": {"officer": request.caller.sub}}),
        aggregate_id=ids.derived_id("rdg", reading.entry_id),
        seq=1,
        prev=journal.GENESIS,
    )
    commit(entry)
