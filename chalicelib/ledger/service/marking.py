"""Marks on things whose chain is broken: put by whoever finds it, lifted by an officer once the chain holds again."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from chalicelib.ledger.records import evidence, marks
from chalicelib.ledger.rules.chain import BadEntry, Findings, Link
from chalicelib.ledger.views import LiftAsked, MarkView, mark_view
from chalicelib.shared import broken, ids, journal, observe
from chalicelib.shared.broken import Mark
from chalicelib.shared.commit import Answer, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.refusal import NotFound, Raced
from chalicelib.shared.request import CLOCK, Request

ON_ITS_WAY: Final = timedelta(hours=1)
"""The books hear of entries in any order: so long after an entry, the one before it may still be on its way to them."""


def note(bad: BadEntry | None, found: Link | str | None, now: datetime) -> None:
    """Mark the thing of a bad entry, once, so that every later write to it is refused."""
    if bad is None or (bad.gap and _is_fresh(found, now)) or not marks.is_unmarked(bad.thing):
        return
    marked = Mark(thing=bad.thing, seq=bad.seq, entry_id=bad.entry_id, why=bad.why, marked_at=now)
    name = ids.fresh("brk", now)
    request = Request(caller=CLOCK, now=now, request_id=name, key=name)
    with suppress(Raced):  # somebody else found it at the same moment
        commit(_entry("chain.broken", marked, request, name), marks.put_mark(marked))
    observe.logger.error("chain broken", extra={"thing": bad.thing, "seq": bad.seq, "why": bad.why})


def seen(thing: str) -> MarkView | None:
    """The mark a thing bears now."""
    marked = marks.mark(thing)
    return mark_view(marked) if marked else None


def lift(thing: str, asked: LiftAsked, request: Request) -> Answer:
    """Let a thing be written to again. Where its chain still does not hold, the answer is what is still wrong."""
    marked = marks.mark(thing)
    if marked is None:
        raise NotFound(f"Nothing is marked under {thing!r:.60}.", param="thing")
    if bad := _first_bad(thing):
        raise broken.refusal(Mark(thing=thing, seq=bad.seq, entry_id=bad.entry_id, why=bad.why, marked_at=request.now))
    told = mark_view(marked, lifted_at=request.now, reason=asked.reason)
    made = _entry("chain.mark_lifted", marked, request, ids.named("brk", request.entry_id), told, asked.reason)
    return commit(made, marks.lift_mark(marked, request.now))


def _first_bad(thing: str) -> BadEntry | None:
    """What is wrong with the whole chain of a thing, entry by entry from the first."""
    findings = Findings()
    for places in evidence.pages(evidence.chain_of(thing)):
        stored = evidence.in_journal([place.entry_id for place in places])
        for place in places:
            findings.follow(place, stored.get(place.entry_id))
    return findings.first_bad


def _is_fresh(found: Link | str | None, now: datetime) -> bool:
    return isinstance(found, Link) and now - found.entry.written_at < ON_ITS_WAY


def _entry(
    kind: str, marked: Mark, request: Request, name: str, told: MarkView | None = None, reason: str = ""
) -> Entry:
    facts = {"thing": marked.thing, "seq": marked.seq, "entry_id": marked.entry_id, "why": marked.why}
    event = Event(kind, facts | ({"reason": reason} if reason else {}))
    answer = encode(told) if told else b""
    return journal.entry(request, event, of=name, seq=1, prev=journal.GENESIS, answer=answer)
