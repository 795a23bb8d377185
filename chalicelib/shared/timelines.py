"""What happened to a thing, from its journal entries, as those who may see it are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.shared import facts
from chalicelib.shared.journal import Entry


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
    actor: str | None
    """The identity of the platform that acted for the member, where it was not the member itself."""
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
        actor=made.by.actor or None,
        facts=facts.as_money(made.event.facts, currency, reader),
    )
