"""Things to which something happens by itself, found by when.

A table of such things has a sparse index called `due` over `due_shard` and `due_at`: only what has a due moment is in it, cut by
id so that no one partition takes everything of a busy day.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zlib import crc32

SHARDS: Final = 8


def columns(thing_id: str, due_at: datetime | None) -> dict[str, Any]:
    """The two columns of a thing's item."""
    return {"due_shard": crc32(thing_id.encode()) % SHARDS if due_at else None, "due_at": due_at}


def ids(table: Any, key: str, until: datetime, limit: int) -> list[str]:
    """Names of things to which something has happened by itself, the earliest first. `key` is the name's column."""
    found = [
        (row.due_at, getattr(row, key))
        for shard in range(SHARDS)
        for row in table.due.query(shard, table.due_at <= until, limit=limit)
    ]
    return [name for _, name in sorted(found)[:limit]]


def every(table: Any, key: str, start: datetime | None) -> Iterator[tuple[datetime, str]]:
    """Everything that waits for something, by when, from a moment on."""
    wanted = table.due_at >= start if start else None
    shards = [((row.due_at, getattr(row, key)) for row in table.due.query(shard, wanted)) for shard in range(SHARDS)]
    return heapq.merge(*shards)


def earliest(table: Any) -> datetime | None:
    return min((row.due_at for shard in range(SHARDS) for row in table.due.query(shard, limit=1)), default=None)
