"""What happened to a thing, from its journal entries, as those who may see it are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.shared import facts, journal, pages
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import Request


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One journal entry as the parties see it. `recorded_at` differs from `at` where it took effect before it was written.

    `thing` is what the timeline is of, or a claim whose step changed its order too; `seq` counts the entries of that thing.
    """

    thing: str
    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    by: str
    facts: dict[str, Any]


def entry(made: Entry, side: str | None, currency: str, reader: str = "") -> TimelineEntry:
    """`side` is what whoever wrote it is to the thing, where that is more than a role; `reader` what whoever reads it is."""
    return TimelineEntry(
        thing=made.thing,
        seq=made.seq,
        at=made.at,
        recorded_at=made.written_at,
        kind=made.event.kind,
        by=side or made.by.role,
        facts=facts.as_money(made.event.facts, currency, reader),
    )


def page(
    trail: Sequence[str], paging: Paging, request: Request, of: str, tell: Callable[[Entry], TimelineEntry | None]
) -> Page[TimelineEntry]:
    """Entries by their names, oldest first. Those that `tell` keeps back leave a page shorter than its limit."""
    start = pages.unseal(paging.cursor, request.caller, of) if paging.cursor else 0
    end = start + paging.limit
    told = [each for made in journal.read_many(trail[start:end]) if (each := tell(made))]
    return Page(items=told, next_cursor=pages.seal(end, request.caller, of) if end < len(trail) else None)
