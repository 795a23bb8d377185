"""Whole tables, page by page, in the engine's own JSON: for jobs that look at millions of items.

botocore takes a page of DynamoDB apart value by value; for ten million items that is most of the work. Here msgspec reads the page as it
came (`bulk.answer`), straight into the caller's form.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final, Generic, TypeVar

import msgspec

from chalicelib.shared import bulk, packing, retries
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import to_ms

T = TypeVar("T")

MOST_STORED: Final = 800
"""Bytes of an entry's document that fit into one kilobyte beside its other columns."""


class Text(msgspec.Struct, frozen=True):
    """`{"S": "…"}`"""

    S: str


class Binary(msgspec.Struct, frozen=True):
    """`{"B": "…"}`, in base 64 on its way."""

    B: bytes


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Items in the caller's form, and where the next page begins: an empty text after the last one."""

    items: list[T]
    next: str


class _Scanned(msgspec.Struct, Generic[T], frozen=True):
    Items: list[T]
    LastEvaluatedKey: dict[str, Any] | None = None


def pages(
    table: str, form: type[T], columns: tuple[str, ...], *, segment: int, segments: int, after: str = ""
) -> Iterator[Page[T]]:
    """A segment of a table from a page on. `form` describes an item of these columns, `{"member_id": Text, "body": Binary}`.

    The reads are eventually consistent and cost half: what is then written must be guarded.
    """
    parameters: dict[str, Any] = {"TableName": table, "Segment": segment, "TotalSegments": segments}
    parameters |= {
        "ProjectionExpression": ", ".join(f"#{number}" for number, _ in enumerate(columns)),
        "ExpressionAttributeNames": {f"#{number}": column for number, column in enumerate(columns)},
    }
    position = msgspec.json.decode(after) if after else None
    while True:
        page = _page(parameters | ({"ExclusiveStartKey": position} if position else {}), form)
        position = page.LastEvaluatedKey
        yield Page(page.Items, msgspec.json.encode(position).decode() if position else "")
        if not position:
            return


def journal_item(entry: Entry, entry_hash: str) -> dict[str, dict[str, Any]]:
    """The item of a journal entry that `JournalRow` reads, at a fraction of the cost. For entries without an answer.

    It is squeezed only where it would otherwise fill more than the kilobyte that a write is charged by.
    """
    document = msgspec.json.encode(entry.document)
    item: dict[str, dict[str, Any]] = {
        "entry_id": {"S": entry.entry_id},
        "aggregate_id": {"S": entry.aggregate_id},
        "seq": {"N": str(entry.seq)},
        "entry_hash": {"S": entry_hash},
        "at": {"N": str(to_ms(entry.at))},
        "document": {"B": packing.stored(document) if len(document) <= MOST_STORED else packing.pack_bytes(document)},
    }
    return item | {"prev": {"S": entry.prev}} if entry.prev else item


def _page(parameters: dict[str, Any], form: Any) -> _Scanned[Any]:
    with retries.outlasting():
        page: _Scanned[Any] = _decoder(form).decode(bulk.answer("Scan", parameters))
    return page


@lru_cache(maxsize=16)
def _decoder(form: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(_Scanned[form])
