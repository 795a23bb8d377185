"""The floors, and why each is what it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Floor:
    """Reads and writes are round trips; `units` write units, those of index entries included."""

    reads: int
    writes: int
    units: int
    why: str


FLOORS: Final[dict[str, Floor]] = {
    "propose an order": Floor(1, 1, 7, "order, entry, its place in the lists of both sides and among the due"),
    "accept, reserving cover": Floor(1, 1, 8, "order, entry, supplier; its due moment moves"),
    "bank: payment received": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "bank: the same again": Floor(2, 0, 0, "nothing: the order, and the first answer"),
    "ship": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "deliver": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "extend receipt": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "receive": Floor(1, 1, 6, "order, entry; its due moment moves"),
    "complete, releasing cover": Floor(1, 1, 7, "order, entry, supplier; it is due no more"),
    "cancel, releasing cover": Floor(1, 1, 7, "order, entry, supplier; it is due no more"),
    "amend the terms": Floor(2, 1, 6, "order, entry; its due moment moves; whether the supplier is in the programme"),
    "ask for another day": Floor(1, 1, 4, "order, entry"),
    "replay of a finished request": Floor(2, 0, 0, "nothing: the order, and the first answer"),
    "register a member": Floor(0, 1, 4, "member, entry"),
    "bank event into the inbox": Floor(0, 1, 1, "the event"),
    "bank event takes effect": Floor(2, 1, 6, "order, entry; its due moment moves; looks for parked followers"),
    "one trade fact": Floor(4, 2, 10, "the fact, up to three months of its days; in a second commit the feed's entry"),
    "join the programme": Floor(3, 1, 4, "supplier, entry; looks at the member and the day-book"),
    "penalty": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "suspension": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "reinstatement": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "leave the programme": Floor(2, 1, 4, "supplier, entry; looks at the day-book"),
    "open an import": Floor(0, 1, 5, "the import, its place among the runs of its job, entry"),
}
