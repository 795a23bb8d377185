"""Marks on things whose chain is broken: put by whoever finds it, lifted by an officer once the chain holds again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from chalicelib.ledger.records import evidence, quarantines
from chalicelib.ledger.rules.chain import BadEntry, Findings, Link
from chalicelib.ledger.views import LiftRequest, QuarantineView, quarantine_view
from chalicelib.shared import ids, journal, observe, quarantine
from chalicelib.shared.commit import StoredResponse, commit
from chalicelib.shared.errors import NotFound, WriteConflict
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.quarantine import Quarantine
from chalicelib.shared.request import CLOCK, RequestContext
from chalicelib.shared.texts import say

ON_ITS_WAY: Final = timedelta(hours=1)
"""The books hear of entries in any order: so long after an entry, the one before it may still be on its way to them."""


def quarantine_broken(bad: BadEntry, link: Link | str | None, now: datetime) -> None:
    """Mark the thing of a bad entry, once, so that every later write to it is refused."""
    if (bad.gap and _is_fresh(link, now)) or not quarantines.is_not_quarantined(bad.aggregate_id):
        return
    quarantine = Quarantine(
        aggregate_id=bad.aggregate_id, seq=bad.seq, entry_id=bad.entry_id, why=bad.why, quarantined_at=now
    )
    name = ids.new_id("brk", now)
    request = RequestContext(caller=CLOCK, now=now, request_id=name, key=name)
    with suppress(WriteConflict):  # somebody else found it at the same moment
        commit(_entry("chain.broken", quarantine, request, name), quarantines.put_quarantine(quarantine))
    observe.logger.error("chain broken", extra={"aggregate_id": bad.aggregate_id, "seq": bad.seq, "why": bad.why})


def seen(aggregate_id: str) -> QuarantineView | None:
    """The mark a thing bears now."""
    quarantine = quarantines.quarantine_of(aggregate_id)
    return quarantine_view(quarantine) if quarantine else None


def lift(aggregate_id: str, body: LiftRequest, request: RequestContext) -> StoredResponse:
    """Let a thing be written to again. Where its chain still does not hold, the answer is what is still wrong."""
    marked = quarantines.quarantine_of(aggregate_id)
    if marked is None:
        raise NotFound(
            say("Nothing is marked under {aggregate_id!r:.60}.", aggregate_id=aggregate_id), param="aggregate_id"
        )
    if bad := _first_bad(aggregate_id):
        raise quarantine.quarantined(
            Quarantine(
                aggregate_id=aggregate_id, seq=bad.seq, entry_id=bad.entry_id, why=bad.why, quarantined_at=request.now
            )
        )
    view = quarantine_view(marked, lifted_at=request.now, reason=body.reason)
    entry = _entry(
        "chain.quarantine_lifted", marked, request, ids.derived_id("brk", request.entry_id), view, body.reason
    )
    return commit(entry, quarantines.lift_quarantine(marked, request.now))


def _first_bad(aggregate_id: str) -> BadEntry | None:
    """What is wrong with the whole chain of a thing, entry by entry from the first."""
    findings = Findings()
    for places in evidence.pages(evidence.chain_of(aggregate_id)):
        stored = evidence.in_journal([place.entry_id for place in places])
        for place in places:
            findings.follow(place, stored.get(place.entry_id))
    return findings.first_bad


def _is_fresh(link: Link | str | None, now: datetime) -> bool:
    return isinstance(link, Link) and now - link.entry.written_at < ON_ITS_WAY


def _entry(
    kind: str,
    quarantine: Quarantine,
    request: RequestContext,
    name: str,
    quarantine_view: QuarantineView | None = None,
    reason: str = "",
) -> Entry:
    payload = {
        "aggregate_id": quarantine.aggregate_id,
        "seq": quarantine.seq,
        "entry_id": quarantine.entry_id,
        "why": quarantine.why,
    }
    event = Event(kind, payload | ({"reason": reason} if reason else {}))
    answer = encode(quarantine_view) if quarantine_view else b""
    return journal.entry(request, event, aggregate_id=name, seq=1, prev=journal.GENESIS, response=answer)
