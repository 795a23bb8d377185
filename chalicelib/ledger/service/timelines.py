"""What happened to an aggregate, page by page, from its rows in the books.

The books follow the journal within seconds, in any order. So that one reads one's own write at once, an item names its last entries itself;
and a page ends before a version whose entry is not known yet: nothing is ever left out of the middle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

from chalicelib.ledger.records import chains
from chalicelib.shared import aggregates, journal, pages, timelines
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import RequestContext
from chalicelib.shared.state_machine import State
from chalicelib.shared.timelines import TimelineEntry

R = TypeVar("R")
S = TypeVar("S", bound=State)
Position = tuple[int, int]
"""Where a timeline goes on: after this version of the aggregate, and after this entry of its own."""


class Aggregate(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def recent(self) -> tuple[str, ...]: ...


def timeline(of: Aggregate, query: Paging, request: RequestContext, tell: Callable[[Entry], R | None]) -> Page[R]:
    """Entries of an aggregate, oldest first, as `tell` shows each. Those that it keeps back leave a page shorter than its limit."""
    name = f"timeline:{of.id}"
    after: Position = tuple(pages.decode_cursor(query.cursor, request.caller, name)) if query.cursor else (0, 0)
    named = list(islice(_names(of, after, query.limit + 1), query.limit + 1))
    entries = {entry.entry_id: entry for entry in journal.read_many(entry_id for _, entry_id in named)}
    page = pages.fill(
        ((position, entries[entry_id]) for position, entry_id in named if entry_id in entries),
        tell,
        query.limit,
        caller=request.caller,
        of=name,
        most_looked_at=query.limit,
    )
    last = named[-1][0] if named else after
    if page.next_cursor is None and last[0] < of.version:
        return replace(page, next_cursor=pages.encode_cursor(last, request.caller, name))
    return page


def of_aggregate(
    aggregate: aggregates.Aggregate[S, Any, Any],
    name: str,
    query: Paging,
    request: RequestContext,
    currency: Callable[[S], str] = lambda state: "",
    keeps_back: Callable[[Entry, Any], bool] = lambda entry, actor: False,
) -> Page[TimelineEntry]:
    """Journal entries of one aggregate, oldest first, for one who may see it: each by the side that acted, with all that it tells.

    `keeps_back`: an entry that this reader, by what it is to the aggregate, does not see.
    """
    loaded, reader = aggregate.kept(name, request)
    state = loaded.state

    def tell(entry: Entry) -> TimelineEntry | None:
        if keeps_back(entry, reader):
            return None
        return timelines.entry(entry, aggregate.actor_of(state, entry.by), currency(state))

    return timeline(state, query, request, tell)


def newest_first(aggregate_id: str, before: int | None = None) -> Iterator[tuple[int, str]]:
    """The entries that changed a thing, as far as the books have come, the newest first: each by the version it made. For slices above."""
    return ((place.version, place.entry_id) for place in chains.history_before(aggregate_id, before))


def _names(of: Aggregate, after: Position, page: int) -> Iterator[tuple[Position, str]]:
    """The entry that made each version after a position, until the first that neither the books nor the item know of."""
    recent = {of.version - age: entry_id for age, entry_id in enumerate(reversed(of.recent))}
    known = chains.history(of.id, *after, page)
    place = next(known, None)
    seq = after[1]
    for version in range(after[0] + 1, of.version + 1):
        while place is not None and place.version < version:
            place = next(known, None)
        if place is not None and place.version == version:
            seq = place.seq or seq
            yield (version, seq), place.entry_id
        elif version in recent:
            yield (version, seq), recent[version]
        else:
            return
