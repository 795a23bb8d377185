"""What the sandbox's clock has to stop for next, without asking every index at every stop.

A first look costs a query for each part of each machine's index, which tells the next few items. After that only parts are asked again
in which this process, in any of its threads, has written an item, as botocore's events tell; what other processes write is found when all
of it is asked anew, every few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import Any, Final

import msgspec

from chalicelib.shared.due import SHARDS, shard_of
from chalicelib.shared.machines import Due, Machine
from chalicelib.shared.tables import Row, engine

ANEW_AFTER: Final = 5.0
"""Seconds after which everything is asked again, and not before ten times as long as asking took."""
TIMES_AS_LONG: Final = 10
AHEAD: Final = 25
"""So many items of a part are known ahead."""
WRITTEN: Final = "written-on-the-way"
WRITES: Final = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems")


class Agenda:
    """When each machine's next items fall due. What was pushed back or quarantined is waited for by nobody.

    `beside` are tables, by name, from whose items a moment follows that is worked out.
    """

    def __init__(self, machines: Mapping[str, Machine], beside: Mapping[str, type[Row]] | None = None) -> None:
        self.machines = machines
        self._rows: dict[str, type[Row]] = {name: machine.row for name, machine in machines.items()} | dict(
            beside or {}
        )
        self._known: dict[tuple[str, int], list[Due]] = {}
        self._worked_out: dict[str, datetime | None] = {}
        self._anew_at = 0.0

    def waiting(self) -> list[tuple[datetime, str]]:
        """The next moment of each machine in which something waits."""
        began, is_first_look = monotonic(), not self._known
        known = {name: self._next(name) for name in self.machines}
        if is_first_look:
            self._anew_at = monotonic() + max(ANEW_AFTER, TIMES_AS_LONG * (monotonic() - began))
        return [(min(due.at for due in some), name) for name, some in known.items() if some]

    def last_until(self, name: str, until: datetime) -> datetime | None:
        """The last moment until then that is known of a machine."""
        return max((due.at for due in self._next(name) if due.at <= until), default=None)

    def worked_out(self, name: str, work_out: Callable[[], datetime | None], now: datetime) -> datetime | None:
        """A moment that follows from the items of a machine or of a table beside, until one of them is written or it is over."""
        known = self._worked_out.get(name)
        if name not in self._worked_out or (known and known <= now):
            self._worked_out[name] = work_out()
        return self._worked_out[name]

    def refresh(self) -> None:
        """Ask everything anew when that was long ago."""
        if monotonic() > self._anew_at:
            self._known.clear()
            self._worked_out.clear()

    def due(self, name: str, now: datetime) -> Sequence[Due]:
        """What is known to be due of a machine by now, the earliest first."""
        return sorted(due for due in self._next(name) if due.at <= now)

    def ask_again(self, name: str) -> None:
        """What is known of a machine is not so any more."""
        for part in range(SHARDS):
            self._known.pop((name, part), None)

    @contextmanager
    def kept(self) -> Iterator[Agenda]:
        """Hear meanwhile what this process writes."""
        events: Any = engine().client.meta.events
        handlers = [
            (f"{moment}.dynamodb.{operation}", hear)
            for operation in WRITES
            for moment, hear in (("before-call", self._hear), ("after-call", self._forget))
        ]
        for event, hear in handlers:
            events.register_last(event, hear)
        try:
            yield self
        finally:
            for event, hear in handlers:
                events.unregister(event, hear)

    def _next(self, name: str) -> list[Due]:
        return [due for part in range(SHARDS) for due in self._first_in(name, part)]

    def _first_in(self, name: str, part: int) -> list[Due]:
        """The next items of a part. Where one is written while it is asked, the answer is used once and not known."""
        known = self._known.get((name, part))
        if known is None:
            known = self._known[name, part] = []
            known.extend(self.machines[name].due_in(part, limit=AHEAD))
        return known

    def _hear(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        context[WRITTEN] = list(self._places(msgspec.json.decode(params["body"])))

    def _forget(self, context: dict[str, Any], **_: Any) -> None:
        for name, part in context.get(WRITTEN, ()):
            self._known.pop((name, part), None)
            self._worked_out.pop(name, None)

    def _places(self, parameters: dict[str, Any]) -> Iterator[tuple[str, int]]:
        """The machines and parts in which a call writes."""
        for write in _writes(parameters):
            for name, row in self._rows.items():
                key = (write.get("Item") or write.get("Key") or {}).get(row._hash_keyname or "")
                if key and write["TableName"] == row.Meta.table_name:
                    yield name, shard_of(key["S"])


def _writes(parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for action in parameters.get("TransactItems", [{"": parameters}]):
        yield from action.values()
