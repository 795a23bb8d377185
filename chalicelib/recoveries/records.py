"""The recoveries' table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.recoveries.rules.recovery import Recovery
from chalicelib.shared import due, journal
from chalicelib.shared.columns import Instant, Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.due import DueIndex
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import AT_ONCE, Row, table_name


class BySupplier(GlobalSecondaryIndex["RecoveryRow"]):
    class Meta:
        index_name = "by_supplier"
        projection = KeysOnlyProjection()

    supplier_id = UnicodeAttribute(hash_key=True)
    recovery_id = UnicodeAttribute(range_key=True)


class ByStatus(GlobalSecondaryIndex["RecoveryRow"]):
    class Meta:
        index_name = "by_status"
        projection = KeysOnlyProjection()

    status = UnicodeAttribute(hash_key=True)
    recovery_id = UnicodeAttribute(range_key=True)


class RecoveryRow(Row):
    class Meta:
        table_name = table_name("recoveries")

    recovery_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    supplier_id = UnicodeAttribute()
    status = UnicodeAttribute()
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    body = Packed(Recovery)

    by_supplier = BySupplier()
    by_status = ByStatus()
    due = DueIndex()


PARTS: Final = 8
"""Ranges of ids that jobs share the recoveries out by: an id follows from its claim's by a hash, whose first character is one of eight."""


def load(recovery_id: str) -> Recovery | None:
    row = RecoveryRow.find(recovery_id)
    return row.body if row else None


def listed(recovery_ids: Iterable[str]) -> dict[str, Recovery]:
    """Those of these recoveries that can be read, by id."""
    return {row.recovery_id: row.body for row in RecoveryRow.listed(recovery_ids)}


def linked(recovery: Recovery, made: Entry) -> Recovery:
    """The recovery with the entry that made it as the last link of its chain."""
    return replace(recovery, head=made.head, recent=journal.recent(recovery.recent, made))


def put(recovery: Recovery, made: Entry, due_at: datetime | None) -> Put:
    """The recovery's next version, if the one before is still the present one; its first, if there is none."""
    row = RecoveryRow(
        recovery.id,
        version=recovery.version,
        supplier_id=recovery.supplier_id,
        status=recovery.status,
        **due.columns(recovery.id, due_at),
        body=linked(recovery, made),
    )
    first = RecoveryRow.recovery_id.does_not_exist()
    return Put(row, guard=RecoveryRow.version == recovery.version - 1 if recovery.version > 1 else first)


def ids_of(supplier_id: str, after: str | None = None) -> Iterator[str]:
    """A supplier's recoveries, by id."""
    key = RecoveryRow.recovery_id > after if after else None
    return (row.recovery_id for row in RecoveryRow.by_supplier.query(supplier_id, key, page_size=AT_ONCE + 1))


def part_of(status: str, part: int, after: str = "") -> Iterator[str]:
    """Recoveries of a status in one range of ids, from behind one of them on: as many reads as there are."""
    start, end = f"rcv_{part}", f"rcv_{part}~"
    key = RecoveryRow.recovery_id.between(f"{after}!" if after else start, end)
    return (row.recovery_id for row in RecoveryRow.by_status.query(status, key))


def ids_in(status: str, after: str | None = None) -> Iterator[str]:
    """All recoveries of a status, by id."""
    key = RecoveryRow.recovery_id > after if after else None
    return (row.recovery_id for row in RecoveryRow.by_status.query(status, key, page_size=AT_ONCE + 1))
