"""The recoveries' table."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.recoveries.rules.recovery import Recovery
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class RecoveryRow(AggregateRow):
    Meta = table("recoveries")
    recovery_id = UnicodeAttribute(hash_key=True)
    supplier_id = UnicodeAttribute()
    status = UnicodeAttribute()
    body = Packed(Recovery)

    by_supplier = index(supplier_id, recovery_id)
    by_status = index(status, recovery_id)


REPOSITORY: Final = Repository[Recovery](
    RecoveryRow, lambda recovery: {"supplier_id": recovery.supplier_id, "status": recovery.status}
)
PARTS: Final = 8
"""Ranges of ids that jobs share the recoveries out by: an id follows from its claim's by a hash, whose first character is one of eight."""


ids_of = partial(REPOSITORY.ids, RecoveryRow.by_supplier)
"""A supplier's recoveries, by id."""
ids_in = partial(REPOSITORY.ids, RecoveryRow.by_status)
"""All recoveries of a status, by id."""


def part_of(status: str, part: int, after: str = "") -> Iterator[str]:
    """Recoveries of a status in one range of ids, from behind one of them on: as many reads as there are."""
    start, end = f"rcv_{part}", f"rcv_{part}~"
    key = RecoveryRow.recovery_id.between(f"{after}!" if after else start, end)
    return (row.recovery_id for row in RecoveryRow.by_status.query(status, key))
