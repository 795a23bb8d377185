"""Looking at recoveries: one, many, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.ledger.service import timelines as ledger_timelines
from chalicelib.recoveries import records
from chalicelib.recoveries.rules.moves import Side
from chalicelib.recoveries.rules.recovery import STATUSES, Recovery
from chalicelib.recoveries.service import settling
from chalicelib.recoveries.views.asked import RecoveriesQuery
from chalicelib.recoveries.views.recovery import RecoveryView
from chalicelib.shared import pages, timelines
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import Request, within_duty
from chalicelib.shared.timelines import TimelineEntry

Place = tuple[str, str]
"""Where a list goes on: the status (or nothing) and the id of the last recovery looked at."""


def recovery(recovery_id: str, request: Request) -> RecoveryView:
    found, side = settling.find(recovery_id, request)
    return _shown(found, side, request)


def timeline(recovery_id: str, query: Paging, request: Request) -> Page[TimelineEntry]:
    """Journal entries, oldest first."""
    found, _ = settling.find(recovery_id, request)

    def tell(made: Entry) -> TimelineEntry:
        side = "supplier" if made.by.is_member(found.supplier_id) else None
        return timelines.entry(made, side, found.currency)

    return ledger_timelines.timeline(found, query, request, tell)


def listed(query: RecoveriesQuery, request: Request) -> Page[RecoveryView]:
    """A member's own recoveries; an officer's, of one supplier, of one status, or all."""
    supplier_id = query.supplier_id if request.caller.is_officer else request.caller.member_id
    if query.supplier_id not in (None, supplier_id):
        return Page(items=[])
    of = f"recoveries:{supplier_id}:{query.status}"
    after: Place | None = tuple(pages.unseal(query.cursor, request.caller, of)) if query.cursor else None

    def seen(stored: Recovery) -> RecoveryView | None:
        now_is = settling.as_of(stored, request.now)
        if query.status not in (None, now_is.status):
            return None
        return _shown(now_is, "officer" if request.caller.is_officer else "supplier", request)

    return pages.filtered(_places(supplier_id, query.status, after), records.listed, seen, query, request, of)


def _shown(recovery: Recovery, side: Side, request: Request) -> RecoveryView:
    return within_duty(settling.shown(recovery, side, request.now), request.caller, "claims")


def _places(supplier_id: str | None, status: str | None, after: Place | None) -> Iterator[tuple[Place, str]]:
    """Through the index of the supplier where one is named, else through that of statuses."""
    if supplier_id is not None:
        yield from ((("", name), name) for name in records.ids_of(supplier_id, after[1] if after else None))
        return
    statuses: list[str] = [status] if status else list(STATUSES)
    for each in statuses[statuses.index(after[0]) if after else 0 :]:
        names = records.ids_in(each, after[1] if after and after[0] == each else None)
        yield from (((each, name), name) for name in names)
