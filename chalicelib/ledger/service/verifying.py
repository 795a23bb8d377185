"""Verification: every chain followed, every entry recomputed, the journal's sums against the books'.

A walk has two legs. The first follows the books' chains and fetches each entry from the journal, which finds what was changed, taken out or
put in another's place. The second goes through the journal and looks each entry up in the books, which finds what they were never
told of, and adds up the postings. Both hold a page of entries in memory and can stop after any of them. Whatever is found broken is
marked, and takes no more changes until it is repaired: see `quarantining.py`. The daily close, which has just verified an entry, removes its
answer where the time of that is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from types import MappingProxyType
from typing import Final, Literal

import msgspec

from chalicelib.ledger.records import closes, evidence
from chalicelib.ledger.rules import chain
from chalicelib.ledger.rules import close as ledger_close
from chalicelib.ledger.rules.chain import Findings, Link, Place
from chalicelib.ledger.rules.close import Closing, Unitemised
from chalicelib.ledger.service.quarantining import quarantine_broken, seen
from chalicelib.ledger.service.statements import carry, totals_on
from chalicelib.ledger.views import VerificationQuery, VerificationView, verification_view
from chalicelib.shared import clock, journal, pages
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import start_of
from chalicelib.shared.request import RequestContext
from chalicelib.shared.retries import pause
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import say

MOST_ENTRIES: Final = 2_000
"""Entries one call of the API looks at."""
MOST_LOOKS: Final = 3
"""Looks at the items of an account before it is said that they do not add up to it: indexes are a moment late."""
ENTRIES_A_PART: Final = 50_000
"""Entries of one part of a close: a minute's work or so, with fifteen to spare."""


class Walk(msgspec.Struct, kw_only=True):
    """How far a walk has come: the leg it is on, the key it goes on after, and what it has found."""

    leg: Literal["chains", "journal", "done"] = "chains"
    after: tuple[str, int] | None = None
    after_entry: str | None = None
    findings: Findings = msgspec.field(default_factory=Findings)


def verification(query: VerificationQuery, request: RequestContext) -> VerificationView:
    """The next two thousand entries of the journal, or of one thing; the last daily close; the books' lag."""
    of = f"verification {query.aggregate_id or ''}"
    walk = msgspec.convert(pages.decode_cursor(query.cursor, request.caller, of), Walk) if query.cursor else Walk()
    if query.aggregate_id is None:
        _go_on(walk, MOST_ENTRIES)
    else:
        _follow_one(walk, query.aggregate_id)
    return verification_view(
        as_of=request.now,
        aggregate_id=query.aggregate_id,
        complete=walk.leg == "done",
        findings=walk.findings,
        mark=seen(query.aggregate_id) if query.aggregate_id else None,
        next_cursor=None if walk.leg == "done" else pages.encode_cursor(_cursor(walk), request.caller, of),
        last_close=closes.last_close(),
        lag=closes.lag(),
    )


Itemised = Mapping[str, Callable[[datetime], Mapping[str, int]]]
"""Accounts every unit of which belongs to an item: what their items came to just before a moment, by currency."""


def close(
    on: date, as_of: datetime, *, part: int = 0, parts: int = 1, itemised: Itemised = MappingProxyType({})
) -> Findings:
    """Close a business date: verify one part of the journal. Whoever finishes the last part compares the whole with the books and with items.

    A close is of everything up to the end of that date. Running it again finds it anew.
    """
    walk = Walk(findings=Findings(until=on))
    _go_on(walk, None, (part, parts), answers_kept_since(start_of(on)))
    closes.keep_close_part(on, part, walk.findings)
    of_parts = closes.close_parts(on)
    if len(of_parts) == parts:
        carry(on)
        closing = ledger_close.closing(on, as_of, of_parts, totals_on(on))
        closes.keep_close(msgspec.structs.replace(closing, unitemised=_unitemised(closing, itemised)))
    return walk.findings


def answers_kept_since(now: datetime) -> datetime:
    """Answers that were given before then need not be kept."""
    return now - timedelta(days=settings().answers_kept_days)


def last_closing(on: date) -> Closing | None:
    """What the finished close of a business date found."""
    closing = closes.last_close()
    return closing if closing and closing.on == on else None


def _unitemised(closing: Closing, itemised: Itemised) -> tuple[Unitemised, ...]:
    """Accounts that their items do not add up to. An item that was just moving in its index is looked for again."""
    end, off = start_of(closing.on + timedelta(days=1)), list[Unitemised]()
    for code, items in itemised.items():
        for tries in range(MOST_LOOKS):
            unitemised = ledger_close.unitemised(code, closing.findings, items(end))
            if not unitemised:
                break
            pause(tries)
        off.extend(unitemised)
    return tuple(off)


def close_parts() -> int:
    """In how many parts the next close is made: one for every fifty thousand entries that the last one saw."""
    last = closes.last_close()
    return 1 + (last.findings.entries // ENTRIES_A_PART if last else 0)


def _go_on(
    walk: Walk, most: int | None, part: tuple[int, int] | None = None, answers_since: datetime | None = None
) -> None:
    """Walk on for at most so many entries, or to the end. With `answers_since` older answers are removed."""
    if walk.leg == "chains":
        taken = _follow(walk, islice(evidence.chains(walk.after, part), most))
        if most is not None and taken == most:
            return
        walk.leg = "journal"
        most = None if most is None else most - taken
    if walk.leg == "journal":
        _add_up(walk, most, part, answers_since)


def _follow_one(walk: Walk, aggregate_id: str) -> None:
    """The chain of one thing. NotFound where the books know of no entry of it."""
    after_seq = walk.after[1] if walk.after else 0
    taken = _follow(walk, islice(evidence.chain_of(aggregate_id, after_seq), MOST_ENTRIES))
    if taken == 0 and walk.after is None:
        raise NotFound(
            say("The books have no entry of {aggregate_id!r:.60}.", aggregate_id=aggregate_id), param="aggregate_id"
        )
    if taken < MOST_ENTRIES:
        walk.leg = "done"


def _follow(walk: Walk, of_chain: Iterator[Place]) -> int:
    """Follow the chains along these places; how many there were."""
    taken = 0
    for places in evidence.pages(of_chain):
        stored = evidence.in_journal([place.entry_id for place in places])
        for place in places:
            link = stored.get(place.entry_id)
            if bad := walk.findings.follow(place, link):
                quarantine_broken(bad, link, clock.now())
        taken += len(places)
        walk.after = places[-1].aggregate_id, places[-1].seq
    return taken


def _add_up(walk: Walk, most: int | None, part: tuple[int, int] | None, answers_since: datetime | None = None) -> None:
    """Go through the journal, page by page, until `most` entries are through."""
    for page in evidence.journal(walk.after_entry, part):
        links = [link for _, link in page if isinstance(link, Link)]
        places = evidence.places((link.entry.aggregate_id, link.entry.seq) for link in links)
        for link in links:
            if bad := walk.findings.add_up(link, places.get((link.entry.aggregate_id, link.entry.seq))):
                quarantine_broken(bad, link, clock.now())
            if answers_since is not None and chain.may_lose_answer(link, answers_since):
                journal.remove_answer(link.entry)
        if page:
            walk.after_entry = page[-1][0]
        if most is not None and (most := most - len(page)) <= 0:
            return
    walk.leg = "done"


def _cursor(walk: Walk) -> Walk:
    walk.findings.fold()
    return walk
