"""What happened to a thing, from its journal entries, as those who may see it are told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.shared import payloads
from chalicelib.shared.journal import Entry


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One journal entry as the parties see it. `recorded_at` differs from `at` where it took effect before it was written.

    `aggregate_id` is what the timeline is of, or a claim whose step changed its order too; `seq` counts the entries of that thing.
    """

    aggregate_id: str
    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    by: str
    actor: str | None
    """The identity of the platform that acted for the member, where it was not the member itself."""
    payload: dict[str, Any]


def entry(entry: Entry, side: str | None, currency: str, reader: str = "") -> TimelineEntry:
    """`side` is what whoever wrote it is to the thing, where that is more than a role; `reader` what whoever reads it is."""
    return TimelineEntry(
        aggregate_id=entry.aggregate_id,
        seq=entry.seq,
        at=entry.at,
        recorded_at=entry.written_at,
        kind=entry.event.kind,
        by=side or entry.by.role,
        actor=entry.by.actor or None,
        payload=payloads.as_money(entry.event.payload, currency, reader),
    )
