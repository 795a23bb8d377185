"""Where things stand that wait for a moment: the index of a table by when something happens to its items by itself.

The sparse index `due` lies over `due_shard` and `due_at`: only what has a due moment is in it, cut by id so that no one partition takes
everything of a busy day. Two more parts hold what could not be looked at, which waits there for its next look and stands in nobody's way,
and what is quarantined.
The columns are an item's place in the index and nothing more; when something happens to it follows from what the item says.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from pynamodb.expressions.update import Action

from chalicelib.shared.columns import put, removed
from chalicelib.shared.periods import to_ms

SHARDS: Final = 8
PUSHED_BACK: Final = SHARDS
"""The part of the index for what was looked at in vain."""
QUARANTINED: Final = SHARDS + 1
"""The part for what is not to be touched: no sweep looks there, lists do."""
PAGE: Final = 25
"""Places that a list takes from a part at once: it merges all parts."""
PARTS: Final = range(SHARDS + 1)
"""Where sweeps look."""


def shard_of(thing_id: str) -> int:
    return crc32(thing_id.encode()) % SHARDS


def columns(thing_id: str, due_at: datetime | None) -> dict[str, Any]:
    """The two columns of a thing's item."""
    return {"due_shard": shard_of(thing_id) if due_at else None, "due_at": due_at}


def actions(thing_id: str, due_at: datetime | None, *, failures: int = 0) -> list[Action]:
    """The same for an update of an item that is there. After `failures` looks in vain it stands among what was pushed back."""
    if due_at is None:
        return [removed(name) for name in ("due_shard", "due_at", "due_failures")]
    part = PUSHED_BACK if failures else shard_of(thing_id)
    counted = put("due_failures", failures) if failures else removed("due_failures")
    return [put("due_shard", part), put("due_at", to_ms(due_at)), counted]


def into_quarantine() -> list[Action]:
    """For an update of an item that is not to be touched any more: it keeps its moment, among its like."""
    return [put("due_shard", QUARANTINED)]


def every(table: Any, key: str, start: datetime | None) -> Iterator[tuple[datetime, str]]:
    """Everything that waits for something, by when, from a moment on."""
    wanted = table.due_at >= start if start else None
    parts = [
        ((row.due_at, getattr(row, key)) for row in table.due.query(part, wanted, page_size=PAGE))
        for part in (*PARTS, QUARANTINED)
    ]
    return heapq.merge(*parts)
