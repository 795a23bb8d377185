"""Marks on the records of things whose chain is broken: see `shared/broken.py`.

A thing's record lies in its slice's table; which one, its name says. Things that are written once (feeds, payouts, what the sandbox
does) and what shares a record with others (an owner's webhook endpoints) keep none of their own: there is nothing to mark.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, cast

from pynamodb.attributes import UnicodeAttribute

from chalicelib.shared import broken
from chalicelib.shared.broken import Mark
from chalicelib.shared.columns import Document, WholeNumber
from chalicelib.shared.commit import Update
from chalicelib.shared.tables import Row, table_name

KEPT_IN: Final = {
    "ord": ("orders", "order_id"),
    "clm": ("claims", "claim_id"),
    "supplier": ("suppliers", "member_id"),
    "ins": ("instructions", "instruction_id"),
    "rcv": ("recoveries", "recovery_id"),
    "evt": ("bank-events", "event_id"),
    "run": ("runs", "run_id"),
    "imp": ("runs", "run_id"),
}
"""By the kind of a thing (`ord_…`, `supplier:mem_…`): the table of its record, and the column that names it there."""
ITSELF: Final = 0
"""The shard under which a run keeps itself, beside those it is made of."""


def mark(thing: str) -> Mark | None:
    """The mark a thing's record bears, or None: one consistent read."""
    row = _record(thing)
    found: Any = row.find(*_key(row)) if row else None
    return cast(Mark | None, found.broken) if found else None


def is_unmarked(thing: str) -> bool:
    """Whether the thing has a record that bears no mark yet."""
    row = _record(thing)
    found: Any = row.find(*_key(row)) if row else None
    return found is not None and found.broken is None


def put_mark(marked: Mark) -> Update:
    """For a commit: the mark, where there is none yet."""
    row = _must_have_record(marked.thing)
    there = _columns(row)[row._hash_keyname or ""].exists()
    return Update(row, actions=[_columns(row)[broken.COLUMN].set(marked)], guard=there & broken.UNMARKED)


def lift_mark(marked: Mark) -> Update:
    """For a commit: that mark is gone, where it is still the one."""
    row = _must_have_record(marked.thing)
    column = _columns(row)[broken.COLUMN]
    return Update(row, actions=[column.remove()], guard=column == marked)


def _must_have_record(thing: str) -> Row:
    row = _record(thing)
    assert row is not None, f"{thing} keeps no record"
    return row


def _record(thing: str) -> Row | None:
    """The item a thing is kept in, by its key alone."""
    kind, _, name = thing.rpartition(":")
    kept = KEPT_IN.get(kind or name.partition("_")[0])
    return _form(*kept)(name, ITSELF) if kept and kept[0] == "runs" else _form(*kept)(name) if kept else None


@lru_cache
def _form(table: str, key: str) -> Any:
    """The items of a table as far as a mark is concerned."""
    columns: dict[str, Any] = {key: UnicodeAttribute(hash_key=True), broken.COLUMN: Document[Mark](Mark, null=True)}
    if table == "runs":
        columns["shard"] = WholeNumber(range_key=True)
    meta = type("Meta", (), {"table_name": table_name(table)})
    return type(f"Marked{table.title()}", (Row,), {"Meta": meta, **columns})


def _key(row: Row) -> list[Any]:
    return [value for value in row.attribute_values.values() if value is not None]


def _columns(row: Row) -> dict[str, Any]:
    return dict(type(row).get_attributes())
