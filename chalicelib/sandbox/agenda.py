"""What the sandbox's clock has to stop for next, without asking every index at every stop.

A first look costs a query for each part of each machine's index. After that only parts are asked again in which this process has written
an item, as botocore's `before-call` event tells; what other processes write is found when all of it is asked anew, every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any, Final

import msgspec

from chalicelib.shared.due import SHARDS, shard_of
from chalicelib.shared.machines import Machine
from chalicelib.shared.tables import engine

ANEW_AFTER: Final = 5.0
"""Seconds after which everything is asked again, and not before ten times as long as asking took."""
TIMES_AS_LONG: Final = 10
WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


class Agenda:
    """When each machine's next item falls due. What was pushed back or quarantined is waited for by nobody."""

    def __init__(self, machines: Mapping[str, Machine]) -> None:
        self._machines = machines
        self._known: dict[tuple[str, int], datetime | None] = {}
        self._worked_out: dict[str, datetime | None] = {}
        self._anew_at = 0.0

    def waiting(self) -> list[tuple[datetime, str]]:
        """The next moment of each machine in which something waits."""
        began, is_first_look = monotonic(), not self._known
        moments = [(self._next(name, part), name) for name in self._machines for part in range(SHARDS)]
        if is_first_look:
            self._anew_at = monotonic() + max(ANEW_AFTER, TIMES_AS_LONG * (monotonic() - began))
        earliest: dict[str, datetime] = {}
        for due_at, name in moments:
            if due_at is not None:
                earliest[name] = min(due_at, earliest.get(name, due_at))
        return [(due_at, name) for name, due_at in earliest.items()]

    def worked_out(self, name: str, work_out: Callable[[], datetime | None], now: datetime) -> datetime | None:
        """A moment that follows from the items of a machine, until one of them is written or it is over."""
        known = self._worked_out.get(name)
        if name not in self._worked_out or (known and known <= now):
            self._worked_out[name] = work_out()
        return self._worked_out[name]

    def refresh(self) -> None:
        """Ask everything anew when that was long ago."""
        if monotonic() > self._anew_at:
            self._known.clear()
            self._worked_out.clear()

    def parts(self, name: str, moment: datetime) -> Sequence[int]:
        """The parts of a machine's index in which something is due by then."""
        return [part for part in range(SHARDS) if (due_at := self._next(name, part)) and due_at <= moment]

    def ask_again(self, name: str, parts: Sequence[int]) -> None:
        """Parts of a machine's index were swept."""
        for part in parts:
            self._known.pop((name, part), None)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Hear meanwhile what this process writes."""
        events: Any = engine().client.meta.events
        for operation in WRITES:
            events.register_last(f"before-call.dynamodb.{operation}", self._hear)
        try:
            yield
        finally:
            for operation in WRITES:
                events.unregister(f"before-call.dynamodb.{operation}", self._hear)

    def _next(self, name: str, part: int) -> datetime | None:
        if (name, part) not in self._known:
            self._known[name, part] = self._machines[name].next_due_in(part)
        return self._known[name, part]

    def _hear(self, params: dict[str, Any], **_: Any) -> None:
        for write in _writes(msgspec.json.decode(params["body"])):
            for name, machine in self._machines.items():
                key = (write.get("Item") or write.get("Key") or {}).get(machine.row._hash_keyname)
                if key and write["TableName"] == machine.row.Meta.table_name:
                    self._known.pop((name, shard_of(key["S"])), None)
                    self._worked_out.pop(name, None)


def _writes(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for action in asked.get("TransactItems", [{"": asked}]):
        yield from action.values()
