"""Things to which something happens by itself, found by when.

A table of such things has a sparse index called `due` over `due_shard` and `due_at`: only what has a due moment is in it, cut by
id so that no one partition takes everything of a busy day.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.shared import observe
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.refusal import Refusal

SHARDS: Final = 8


class DueIndex(GlobalSecondaryIndex[Any]):
    """The index of a table whose items have the columns `due_shard` and `due_at`."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = WholeNumber(hash_key=True)
    due_at = Instant(range_key=True)


def columns(thing_id: str, due_at: datetime | None) -> dict[str, Any]:
    """The two columns of a thing's item."""
    return {"due_shard": crc32(thing_id.encode()) % SHARDS if due_at else None, "due_at": due_at}


def actions(table: Any, thing_id: str, due_at: datetime | None) -> list[Action]:
    """The same for an update of an item that is there."""
    kept = columns(thing_id, due_at)
    return [getattr(table, name).set(to) if due_at else getattr(table, name).remove() for name, to in kept.items()]


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


def each(names: Sequence[str], work: Callable[[str], object]) -> int:
    """A sweep: what is refused is logged and left for the next one, the others go on. Returns how many were looked at."""
    for name in names:
        try:
            work(name)
        except Refusal as refusal:
            observe.logger.warning("left for the next sweep", extra={"of": name, "code": refusal.code})
    return len(names)
