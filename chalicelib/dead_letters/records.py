"""The table of dead letters: plain columns, so that a letter can always be read; in the index while it waits."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from math import ceil
from typing import Any, cast

from pynamodb.attributes import UnicodeAttribute

from chalicelib.dead_letters.rules import DeadLetter, Kind
from chalicelib.shared import due
from chalicelib.shared.columns import Instant, WholeNumber
from chalicelib.shared.tables import Row, engine, guarded, index, table, table_name


class DeadLetterRow(Row):
    """`expires_at` is in whole seconds of Unix time, on letters whose message is back in its queue."""

    Meta = table("dead-letters")
    letter_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    consumer = UnicodeAttribute()
    kind = UnicodeAttribute()
    key = UnicodeAttribute()
    failures = WholeNumber()
    reason = UnicodeAttribute(null=True)
    created_at = Instant()
    updated_at = Instant()
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    written_at = Instant(null=True)
    first_written_at = Instant(null=True)
    body = UnicodeAttribute(null=True)
    expires_at = WholeNumber(null=True)

    due = index(due_shard, due_at)


def load(letter_id: str) -> DeadLetter | None:
    row = DeadLetterRow.find(letter_id)
    return _letter(row) if row else None


def load_many(letter_ids: list[str]) -> list[DeadLetter]:
    """Letters by id, in the order asked for; those that are gone or cannot be read are left out."""
    letters = {row.letter_id: _letter(row) for row in DeadLetterRow.listed(letter_ids)}
    return [letters[letter_id] for letter_id in letter_ids if letter_id in letters]


def put(letter: DeadLetter) -> bool:
    """The letter in its next version; False where somebody else was faster."""
    row = DeadLetterRow(
        letter.id,
        version=letter.version,
        consumer=letter.consumer,
        kind=letter.kind,
        key=letter.key,
        failures=letter.failures,
        reason=letter.reason or None,
        created_at=letter.created_at,
        updated_at=letter.updated_at,
        **due.columns(letter.id, letter.due_at),
        written_at=letter.written_at,
        first_written_at=letter.first_written_at,
        body=letter.body or None,
        expires_at=ceil(letter.kept_until.timestamp()) if letter.kept_until else None,
    )
    first = DeadLetterRow.letter_id.does_not_exist()
    return guarded(
        lambda: row.save(condition=DeadLetterRow.version == letter.version - 1 if letter.version > 1 else first)
    )


def remove(letter: DeadLetter) -> bool:
    """The letter's end; False where it has failed again meanwhile, and so stays."""
    return guarded(lambda: DeadLetterRow(letter.id).delete(condition=DeadLetterRow.version == letter.version))


def due_ids(until: datetime, limit: int) -> list[str]:
    """Letters whose next try has come, the earliest first."""
    rows: Any = (
        DeadLetterRow.due.query(part, DeadLetterRow.due_at <= until, limit=limit) for part in range(due.SHARDS)
    )
    return [row.letter_id for row in islice(heapq.merge(*rows, key=lambda row: row.due_at), limit)]


def waiting(after: due.Place | None = None) -> Iterator[due.Place]:
    """Every letter that waits, by its next try."""
    return due.every(DeadLetterRow, after)


def waiting_in(shard: int) -> list[str]:
    """Every letter that waits in one shard of the index."""
    return [row.letter_id for row in DeadLetterRow.due.query(shard)]


def read_again(table: str, key: str, value: str) -> dict[str, Any] | None:
    """An item as it is now, in the engine's own form."""
    client: Any = engine().client
    response = client.get_item(TableName=table_name(table), Key={key: {"S": value}}, ConsistentRead=True)
    return cast("dict[str, Any] | None", response.get("Item"))


def segment(
    table: str, segment: int, segments: int, after: dict[str, Any] | None
) -> Iterator[tuple[list[dict[str, Any]], dict[str, Any] | None]]:
    """A part of a table, page by page: the items, and where the next page begins."""
    client: Any = engine().client
    while True:
        position = {"ExclusiveStartKey": after} if after else {}
        page = client.scan(TableName=table_name(table), Segment=segment, TotalSegments=segments, **position)
        after = page.get("LastEvaluatedKey")
        yield page["Items"], after
        if after is None:
            return


def _letter(row: DeadLetterRow) -> DeadLetter:
    return DeadLetter(
        id=row.letter_id,
        version=row.version,
        consumer=row.consumer,
        kind=cast(Kind, row.kind),
        key=row.key,
        failures=row.failures,
        reason=row.reason or "",
        created_at=row.created_at,
        updated_at=row.updated_at,
        due_at=row.due_at,
        written_at=row.written_at,
        first_written_at=row.first_written_at,
        body=row.body or "",
    )
