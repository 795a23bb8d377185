"""What a recovery does to its supplier's place in the programme: out while it is overdue, in again when it is settled.

It follows from the recovery's own entries, at once and again from the journal's stream: doing it twice changes nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.recoveries.records import REPOSITORY
from chalicelib.shared import observe
from chalicelib.shared.errors import DomainError
from chalicelib.shared.journal import Entry
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.suppliers.service import programme as suppliers_programme

OVERDUE: Final = "An advance of the platform was not paid back in time."
SETTLED: Final = "The advance was paid back, or its instalments were agreed."
_OUT: Final = frozenset({"suspended", "written_off"})


def follow(entry: Entry, now: datetime) -> None:
    """Do to the supplier what an entry of a recovery means for it. What is refused is logged: the stream brings the entry again."""
    try:
        follow_or_fail(entry, now)
    except DomainError as error:
        extra = {"recovery_id": entry.aggregate_id, "code": error.code}
        observe.logger.warning("a supplier's standing does not follow its recovery yet", extra=extra)


def follow_or_fail(entry: Entry, now: datetime) -> None:
    """An entry may come late: what counts is how the recovery stands by now."""
    if not _OUT.intersection((entry.event.payload.get("from"), entry.event.payload.get("to"))):
        return
    recovery = REPOSITORY.load(entry.aggregate_id)
    if recovery is None:
        return
    request = RequestContext(caller=CLOCK, now=now, request_id=entry.entry_id)
    if recovery.is_overdue:
        suppliers_programme.suspend_for(recovery.supplier_id, OVERDUE, recovery.id, request)
    else:
        suppliers_programme.reinstate_for(recovery.supplier_id, SETTLED, recovery.id, request)
