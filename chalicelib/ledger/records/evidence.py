"""Both witnesses of an entry, read so that nothing in them can stop the reader: the journal as raw items, and the books' chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from chalicelib.ledger.records.books import ALSO, ChainRow
from chalicelib.ledger.rules.chain import UNREADABLE, Link, Place
from chalicelib.shared.errors import Unreadable
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.tables import AT_ONCE, Item, read_together

PAGE: Final = 100
"""Items a batch read takes at most."""
_DAMAGE: Final = (Unreadable, AttributeError, TypeError, ValueError)
"""How a stored entry shows, when it is read, that it is not what was written: a column that says nothing, or one that is not there."""


def read_image(image: dict[str, Any]) -> Link | str:
    """A raw item of the journal, or in words that it cannot be read."""
    try:
        row = JournalRow.from_raw_data(image)
        return Link(row.entry(), row.entry_hash)
    except _DAMAGE:
        return UNREADABLE


def chains(after: tuple[str, int] | None = None, part: tuple[int, int] | None = None) -> Iterator[Place]:
    """All places, chain after chain, each in order; `part` is one of how many parts of the store."""
    start = {"aggregate_id": {"S": after[0]}, "seq": {"N": str(after[1])}} if after else None
    segment, segments = part or (None, None)
    for row in ChainRow.scan(
        segment=segment, total_segments=segments, last_evaluated_key=start, page_size=PAGE, consistent_read=True
    ):
        if not row.aggregate_id.startswith(ALSO):
            yield _place(row)


def chain_of(aggregate_id: str, after_seq: int = 0) -> Iterator[Place]:
    """The places of one thing, in order."""
    if aggregate_id.startswith(ALSO):
        return
    for row in ChainRow.query(aggregate_id, ChainRow.seq > after_seq, page_size=PAGE, consistent_read=True):
        yield _place(row)


def owner_of(aggregate_id: str) -> str | None:
    """Under which name a thing's record is kept, as its first entry the books know of told them."""
    return next((row.owner for row in ChainRow.query(aggregate_id, limit=1, consistent_read=True)), None)


def pages(found: Iterator[Place]) -> Iterator[list[Place]]:
    """Places by the hundred: as many as are looked up in the journal at once."""
    while chunk := list(islice(found, PAGE)):
        yield chunk


def places(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Place]:
    """The places that the books have of these (thing, seq)."""
    found = ChainRow.find_many(wanted)
    return {(row.aggregate_id, row.seq): _place(row) for row in found}


def in_journal(entry_ids: Sequence[str]) -> dict[str, Link | str]:
    """What the journal holds under these names: at most a hundred in one round trip, more where the engine hands them out in parts."""
    keys: list[Item] = [{"entry_id": {"S": entry_id}} for entry_id in dict.fromkeys(entry_ids)]
    found: dict[str, Link | str] = {}
    for start in range(0, len(keys), AT_ONCE):
        for _, image in read_together({JournalRow.Meta.table_name: keys[start : start + AT_ONCE]}):
            found[image["entry_id"]["S"]] = read_image(image)
    return found


def journal(after: str | None = None, part: tuple[int, int] | None = None) -> Iterator[list[tuple[str, Link | str]]]:
    """The whole journal in pages of (entry_id, entry), in no order that means anything."""
    table = JournalRow._get_connection()
    segment, segments = part or (None, None)
    start: Any = {"entry_id": {"S": after}} if after else None
    while True:
        told = table.scan(
            limit=PAGE, segment=segment, total_segments=segments, exclusive_start_key=start, consistent_read=True
        )
        yield [(image["entry_id"]["S"], read_image(image)) for image in told["Items"]]
        start = told.get("LastEvaluatedKey")
        if start is None:
            return


def _place(row: ChainRow) -> Place:
    return Place(row.aggregate_id, row.seq, row.entry_id, row.entry_hash)
