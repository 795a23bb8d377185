"""State machines whose items wait for a moment, and the sweep that carries out what has fallen due.

A slice declares its machines in `declared.py`; `chalicelib/registry.py` has them all. Schedules, the sandbox's clock and the tests that
hold for every machine read them.

A sweep looks at one item at a time and lets nothing that goes wrong with one reach another: a refusal, a fault of ours, a document that
cannot be read. Such an item is named, counted and pushed back, by growing pauses, to a part of the index where it stands in front of
nobody. What is quarantined is seen no more until its mark is lifted. Both change columns only and ask for nothing of the document, so they
work on rubbish.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from msgspec import Struct
from pynamodb.connection.table import TableConnection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.shared import observe, quarantine
from chalicelib.shared.due import PARTS, PUSHED_BACK, SHARDS, actions, into_quarantine
from chalicelib.shared.errors import DomainError, WriteConflict
from chalicelib.shared.pauses import pause
from chalicelib.shared.periods import to_ms, wire
from chalicelib.shared.store_errors import STORE_ERRORS, is_transient
from chalicelib.shared.tables import Row, guarded

AT_ONCE: Final = 200
"""So many items are taken from the index before it is asked again."""
SECONDS: Final = 40.0
"""A sweep has so long; what is left goes to the queue of work."""
_COLUMNS: Final = ("version", "due_at", "due_failures", quarantine.COLUMN)


class Due(Struct, frozen=True, order=True):
    """An item's place in the index: when it was to be looked at, and its name."""

    at: datetime
    id: str


class Swept(Struct):
    """What a sweep came to: how many items it looked at, which it pushed back, which are quarantined, and whether any is left."""

    looked_at: int = 0
    failed: list[str] = []
    quarantined: list[str] = []
    left: bool = False


class Postponed(Exception):
    """It is not an item's turn, and nothing is wrong with it: what it needs is not to be had now. A sweep pushes it back."""


class Stuck(Exception):
    """What an item waits for has come and nothing was written."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What is known of a state machine from outside.

    `settle(id, now)` writes everything that fell due of one item; `due_at(id, now)` says what it waits for as it is kept, which is where
    its columns belong. `settle_here` does in its place what else a queue would: for the sandbox, whose clock stands still meanwhile.
    `range_key` is that of the item itself where a table holds more of it. `may_be_quarantined`: whether it has a chain that may be quarantined.
    `rules`: its `StateMachine`, where its table says how it moves. `aggregate`: what reads its items with all they are decided on.
    """

    name: str
    row: type[Row]
    settle: Callable[[str, datetime], object]
    due_at: Callable[[str, datetime], datetime | None]
    settle_here: Callable[[str, datetime], object] | None = None
    range_key: str | None = None
    may_be_quarantined: bool = True
    rules: Any = None
    aggregate: Any = None

    def due(self, until: datetime, limit: int, parts: Sequence[int] = PARTS) -> list[Due]:
        """Items whose moment has come, the earliest first; those that were pushed back after all others."""
        return list(islice(self._due(until, limit, parts), limit))

    def due_in(self, part: int, until: datetime | None = None, limit: int | None = None) -> Iterator[Due]:
        """Those in one part of the index, the earliest first; without `until` also those whose moment is still to come."""
        row: Any = self.row
        for place in row.due.query(part, row.due_at <= until if until else None, limit=limit):
            yield Due(place.due_at, getattr(place, row._hash_keyname))

    def next_due(self) -> datetime | None:
        """The earliest moment at which something happens to any item by itself. What was pushed back is not waited for."""
        return min((first.at for part in range(SHARDS) for first in self.due_in(part, limit=1)), default=None)

    def sweep(
        self,
        now: datetime,
        *,
        seconds: float | None = None,
        parts: Sequence[int] = PARTS,
        here: bool = False,
        look: Callable[[], Sequence[Due]] | None = None,
    ) -> Swept:
        """Carry out what has fallen due, item by item, until nothing is left or the time is over. `look` is for who knows the index already."""
        ends = time.monotonic() + (SECONDS if seconds is None else seconds)
        swept, settled = Swept(), set[Due]()
        settle = self.settle_here if here and self.settle_here else self.settle
        while due_now := look() if look else self.due(now, AT_ONCE, parts):
            moved = False
            for due in due_now:
                if time.monotonic() >= ends:
                    swept.left = True
                    return self._counted(swept)
                if due in settled:
                    moved |= self._isolated(due, now, swept, self._reschedule_due)
                else:
                    settled.add(due)
                    swept.looked_at += 1
                    moved |= self._isolated(due, now, swept, lambda due, now: settle(due.id, now) or True)
            if not moved:  # the index is behind its table
                swept.left = True
                break
        return self._counted(swept)

    def push_back(self, due: Due, now: datetime) -> datetime | None:
        """Look at an item later: after 1, 2, 4 … minutes, at most a day. None where it has moved on since."""
        columns = self._columns(due.id)
        failures = _failures(columns) + 1
        later = now + pause(failures)
        return later if self._place(due, columns, actions(due.id, later, failures=failures)) else None

    def leave_index(self, due: Due) -> bool:
        """Leave an item that is quarantined alone: sweeps see it no more until its mark is lifted."""
        return self._place(due, self._columns(due.id), into_quarantine())

    def reschedule(self, due: Due, due_at: datetime | None) -> bool:
        """Put an item where it belongs by what it says. False where it has moved on since."""
        return self._place(due, self._columns(due.id), actions(due.id, due_at))

    def is_quarantined(self, name: str) -> bool:
        return quarantine.COLUMN in (self._columns(name) or {})

    def _reschedule_due(self, due: Due, now: datetime) -> bool:
        """What was settled and is in the index still: nothing was written, so the columns are wrong or the item is stuck."""
        due_at = self.due_at(due.id, now)
        if due_at is not None and due_at <= now:
            raise Stuck(f"{due.id} still waits for {wire(due_at)}.")
        return self.reschedule(due, due_at)

    def _isolated(self, due: Due, now: datetime, swept: Swept, work: Callable[[Due, datetime], Any]) -> bool:
        """Do something with one item. Whatever goes wrong is this item's alone. Returns whether it has another place now."""
        try:
            return bool(work(due, now))
        except WriteConflict:  # somebody else is at it
            return True
        except Postponed:
            return self.push_back(due, now) is not None
        except Exception as fault:
            if is_transient(fault):  # no item's trouble: the sweep ends, and the next one finds all where it stands
                raise
            return self._put_off(due, now, swept, fault)

    def _put_off(self, due: Due, now: datetime, swept: Swept, fault: Exception) -> bool:
        about = {"machine": self.name, "item": due.id, "code": getattr(fault, "code", type(fault).__name__)}
        try:
            if self.is_quarantined(due.id):
                observe.logger.warning("a quarantined item leaves the index", extra=about)
                swept.quarantined.append(due.id)
                return self.leave_index(due)
            expected = isinstance(fault, DomainError)
            observe.logger.error("an item is pushed back", exc_info=None if expected else fault, extra=about)
            swept.failed.append(due.id)
            return self.push_back(due, now) is not None
        except STORE_ERRORS:  # the store itself is in trouble: the next sweep finds it where it stands
            observe.logger.exception("an item could not be pushed back", extra=about)
            return False

    def _counted(self, swept: Swept) -> Swept:
        if swept.failed:
            observe.count("ItemsPushedBack", len(swept.failed))
        if swept.quarantined:
            observe.count("ItemsQuarantined", len(swept.quarantined))
        return swept

    def _due(self, until: datetime, limit: int, parts: Sequence[int]) -> Iterator[Due]:
        others = (part for part in parts if part != PUSHED_BACK)
        yield from sorted(due for part in others for due in self.due_in(part, until, limit))
        if PUSHED_BACK in parts:
            yield from self.due_in(PUSHED_BACK, until, limit)

    def _columns(self, name: str) -> dict[str, Any] | None:
        """The columns that sweeps go by, as the engine has them; None where there is no such item."""
        response = self._table.get_item(name, self.range_key, consistent_read=True, attributes_to_get=self._names)
        item: dict[str, Any] | None = response.get("Item")
        return item

    def _place(self, due: Due, columns: dict[str, Any] | None, place: list[Action]) -> bool:
        """Give an item another place in the index, if it is where it was seen and as it was read."""
        if columns is None:
            return False
        version = columns.get("version", {}).get("N")
        guard: Condition = Path("due_at") == to_ms(due.at)
        guard &= Path("version") == int(version) if version else Path("version").does_not_exist()
        return guarded(
            lambda: self._table.update_item(
                due.id, self.range_key, actions=place, condition=guard, return_values="NONE"
            )
        )

    @property
    def _table(self) -> TableConnection:
        return self.row._get_connection()

    @property
    def _names(self) -> list[str]:
        """The key is among them: a projection of columns that an item lacks reads as if there were no item."""
        return [self.row._hash_keyname or "", *_COLUMNS]


def _failures(columns: dict[str, Any] | None) -> int:
    return int((columns or {}).get("due_failures", {"N": "0"})["N"])
