"""Marks on the records of things whose chain is broken: see `shared/quarantine.py`.

A thing's record lies in its slice's table; which one, its prefix says (`shared/ids.py`). A deposit is kept under its seller, webhook endpoints in the one
set of their owner: who that is, the books know. Things that are written once (feeds, payouts, what the sandbox does) and rulebooks
keep nothing that could bear a mark.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.ledger.records.evidence import owner_of
from chalicelib.shared import due, ids, quarantine
from chalicelib.shared.columns import Document, WholeNumber
from chalicelib.shared.commit import Update
from chalicelib.shared.quarantine import Quarantine
from chalicelib.shared.tables import Row, table_name

_NEVER_DUE: Final = frozenset({table_name("webhook-endpoints")})
"""Tables without an index of due things."""
ITSELF: Final = 0
"""The shard under which a run keeps itself, beside those it is made of."""


def quarantine_of(aggregate_id: str) -> Quarantine | None:
    """The mark a thing's record bears for it, or None. A set of several endpoints may bear that of another one."""
    row = _record(aggregate_id)
    marked: Any = row.find(*_key(row)) if row else None
    quarantine = cast(Quarantine | None, marked.quarantine) if marked else None
    return quarantine if quarantine and quarantine.aggregate_id == aggregate_id else None


def is_not_quarantined(aggregate_id: str) -> bool:
    """Whether the thing has a record that bears no mark yet."""
    row = _record(aggregate_id)
    marked: Any = row.find(*_key(row)) if row else None
    return marked is not None and marked.quarantine is None


def put_quarantine(marked: Quarantine) -> Update:
    """For a commit: the mark, where there is none yet. Nothing happens by itself to what bears one."""
    row = _must_have_record(marked.aggregate_id)
    there = _columns(row)[row._hash_keyname or ""].exists()
    actions = [_columns(row)[quarantine.COLUMN].set(marked), *_waiting(row, due.into_quarantine())]
    return Update(row, actions, guard=there & quarantine.NOT_QUARANTINED, is_of_quarantine=True)


def lift_quarantine(marked: Quarantine, now: datetime) -> Update:
    """For a commit: that mark is gone, where it is still the one. The next sweep finds out what has fallen due meanwhile."""
    row = _must_have_record(marked.aggregate_id)
    column = _columns(row)[quarantine.COLUMN]
    return Update(
        row,
        [column.remove(), *_waiting(row, due.actions(_key(row)[0], now))],
        guard=column == marked,
        is_of_quarantine=True,
    )


def _waiting(row: Row, place: list[Action]) -> list[Action]:
    """The place in the index of due things, for records that may stand in one."""
    return [] if row.Meta.table_name in _NEVER_DUE else place


def _must_have_record(aggregate_id: str) -> Row:
    row = _record(aggregate_id)
    assert row is not None, f"{aggregate_id} keeps no record"
    return row


def _record(aggregate_id: str) -> Row | None:
    """The item a thing is kept in, by its key alone."""
    kind = ids.kind_of(aggregate_id)
    if kind is None or not kind.table:
        return None
    name = owner_of(aggregate_id) if kind.owned else aggregate_id.rpartition(":")[2]
    if name is None:
        return None
    row: Row = _form(kind.table, kind.key)(*((name, ITSELF) if kind.table == "runs" else (name,)))
    return row


@lru_cache
def _form(table: str, key: str) -> Any:
    """The items of a table as far as a mark is concerned."""
    columns: dict[str, Any] = {
        key: UnicodeAttribute(hash_key=True),
        quarantine.COLUMN: Document[Quarantine](Quarantine, null=True),
    }
    if table == "runs":
        columns["shard"] = WholeNumber(range_key=True)
    meta = type("Meta", (), {"table_name": table_name(table)})
    return type(f"Marked{table.title()}", (Row,), {"Meta": meta, **columns})


def _key(row: Row) -> list[Any]:
    return [value for value in row.attribute_values.values() if value is not None]


def _columns(row: Row) -> dict[str, Any]:
    return dict(type(row).get_attributes())
