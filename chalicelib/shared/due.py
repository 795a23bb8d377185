"""Where things stand that wait for a moment: the index of a table by when something happens to its items by itself.

The sparse index `due` lies over `due_shard` and `due_at`: only what has a due moment is in it, cut by id so that no one partition takes
everything of a busy day. Two more parts hold what could not be looked at, which waits there for its next look and stands in nobody's way,
and what is quarantined.
The columns are an item's place in the index and nothing more; when something happens to it follows from what the item says.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final
from zlib import crc32

from pynamodb.expressions.update import Action

from chalicelib.shared.columns import put, removed
from chalicelib.shared.periods import from_ms, to_ms

SHARDS: Final = 8
PUSHED_BACK: Final = SHARDS
"""The part of the index for what was looked at in vain."""
QUARANTINED: Final = SHARDS + 1
"""The part for what is not to be touched: no sweep looks there, lists do."""
PAGE: Final = 25
"""Places that a list takes from a part at once: it merges all parts."""
PARTS: Final = range(SHARDS + 1)
"""Where sweeps look."""
Place = tuple[int, int | str, str]
"""Where something stands in a list by when it is due: that moment, which group of the index it is in, and its id."""


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


def every(table: Any, after: Place | None = None) -> Iterator[Place]:
    """Everything that waits for something, by when, from behind a place on."""
    return merged(placed(table, table.due, part, after, page_size=PAGE) for part in (*PARTS, QUARANTINED))


def merged(groups: Iterable[Iterator[Place]]) -> Iterator[Place]:
    """The places of several groups, by when. What is due at one moment comes group by group."""
    return heapq.merge(*groups, key=lambda place: place[:2])


def placed(
    table: Any, index: Any, group: Any, after: Place | None, *, before: datetime | None = None, page_size: int
) -> Iterator[Place]:
    """The places of one group of an index by `due_at`, from behind a place of this or of another group on, and before a moment.

    In which order an index has what is due at one moment nobody knows but the index: its own place is given to it as it is.
    """
    hashed, key = index._hash_key_attribute(), table._hash_keyname
    start, least = None, None
    if after:
        at, of, name = after
        if of == group:
            start = {hashed.attr_name: {hashed.attr_type: hashed.serialize(of)}, "due_at": {"N": str(at)}}
            start[key] = {"S": name}
        least = from_ms(at + (group < of))
    wanted = None
    if least and before:
        wanted = table.due_at.between(least, before)
    elif least or before:
        wanted = table.due_at >= least if least else table.due_at < before
    rows = index.query(group, wanted, last_evaluated_key=start, page_size=page_size)
    return ((to_ms(row.due_at), group, getattr(row, key)) for row in rows if before is None or row.due_at < before)
