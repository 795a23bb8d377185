"""Both witnesses of an entry, read so that nothing in them can stop the reader: the journal as raw items, and the books' chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Final, cast

from msgspec import Raw, Struct, convert
from msgspec.json import Decoder
from msgspec.structs import asdict

from chalicelib.ledger.records.chains import ALSO, ChainRow
from chalicelib.ledger.rules.chain import UNREADABLE, Link, Place
from chalicelib.shared import bulk, packing
from chalicelib.shared.journal import GENESIS, Entry, EntryDocument, JournalRow
from chalicelib.shared.periods import from_ms
from chalicelib.shared.tables import AT_ONCE, Item, read_together

PAGE: Final = 100
"""Items a batch read takes at most."""
SCANNED: Final = 500
"""Items of a page that is gone through from end to end: about a megabyte of entries, which is the most an answer has."""


def read_image(image: dict[str, Any]) -> Link | str:
    """A raw item of the journal, or in words that it cannot be read."""
    with suppress(Exception):  # whatever is wrong with it
        return convert(image, _EntryItem).link()
    return UNREADABLE


def chains(after: tuple[str, int] | None = None, part: tuple[int, int] | None = None) -> Iterator[Place]:
    """All places, chain after chain, each in order; `part` is one of how many parts of the store."""
    start = {"aggregate_id": {"S": after[0]}, "seq": {"N": str(after[1])}} if after else None
    for page in _scan(ChainRow.Meta.table_name, start, part):
        yield from (place for place in map(_place_in, page) if not place.aggregate_id.startswith(ALSO))


def chain_of(aggregate_id: str, after_seq: int = 0) -> Iterator[Place]:
    """The places of one thing, in order."""
    if aggregate_id.startswith(ALSO):
        return
    for row in ChainRow.query(aggregate_id, ChainRow.seq > after_seq, page_size=PAGE, consistent_read=True):
        yield _place(row)


def owner_of(aggregate_id: str) -> str | None:
    """Under which name a thing's record is kept, as its first entry the books know of told them."""
    return next((row.owner for row in ChainRow.query(aggregate_id, limit=1, consistent_read=True)), None)


def pages(of_chain: Iterator[Place]) -> Iterator[list[Place]]:
    """Places by the hundred: as many as are looked up in the journal at once."""
    while chunk := list(islice(of_chain, PAGE)):
        yield chunk


def places(wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Place]:
    """The places that the books have of these (thing, seq)."""
    keys: list[Item] = [{"aggregate_id": {"S": name}, "seq": {"N": str(seq)}} for name, seq in dict.fromkeys(wanted)]
    read = map(_place_in, _get(ChainRow.Meta.table_name, keys))
    return {(place.aggregate_id, place.seq): place for place in read}


def in_journal(entry_ids: Sequence[str]) -> dict[str, Link | str]:
    """What the journal holds under these names: at most a hundred in one round trip, more where the engine hands them out in parts."""
    keys: list[Item] = [{"entry_id": {"S": entry_id}} for entry_id in dict.fromkeys(entry_ids)]
    return dict(map(_named, _get(JournalRow.Meta.table_name, keys)))


def journal(after: str | None = None, part: tuple[int, int] | None = None) -> Iterator[list[tuple[str, Link | str]]]:
    """The whole journal in pages of (entry_id, entry), in no order that means anything."""
    start = {"entry_id": {"S": after}} if after else None
    for page in _scan(JournalRow.Meta.table_name, start, part):
        yield [_named(item) for item in page]


class _Text(Struct, frozen=True):
    S: str


class _Number(Struct, frozen=True):
    N: str


class _Bytes(Struct, frozen=True):
    B: bytes


class _Name(Struct, frozen=True):
    entry_id: _Text


class _EntryItem(_Name, frozen=True):
    """An item of the journal as the engine sends it."""

    aggregate_id: _Text
    seq: _Number
    entry_hash: _Text
    at: _Number
    document: _Bytes
    prev: _Text = _Text(GENESIS)
    response: _Bytes | None = None
    removed_answer: _Text = _Text("")

    def link(self) -> Link:
        entry = Entry.of(
            packing.unpack(self.document.B, EntryDocument),
            entry_id=self.entry_id.S,
            aggregate_id=self.aggregate_id.S,
            seq=int(self.seq.N),
            prev=self.prev.S,
            at=from_ms(int(self.at.N)),
            response=packing.unpack_bytes(self.response.B) if self.response else b"",
            removed_answer=self.removed_answer.S,
        )
        return Link(entry, self.entry_hash.S)


class _PlaceItem(_Name, frozen=True):
    aggregate_id: _Text
    seq: _Number
    entry_hash: _Text


class _Scanned(Struct, frozen=True):
    Items: list[Raw]
    LastEvaluatedKey: Item | None = None


class _Got(Struct, frozen=True):
    Responses: dict[str, list[Raw]]
    UnprocessedKeys: dict[str, Any] = {}


_SCANNED: Final = Decoder(_Scanned)
_GOT: Final = Decoder(_Got)
_NAME: Final = Decoder(_Name)
_ENTRY: Final = Decoder(_EntryItem)
_PLACE: Final = Decoder(_PlaceItem)


def _scan(table: str, start: Item | None, part: tuple[int, int] | None) -> Iterator[list[Raw]]:
    parameters: dict[str, Any] = {"TableName": table, "Limit": SCANNED, "ConsistentRead": True}
    if part:
        parameters |= {"Segment": part[0], "TotalSegments": part[1]}
    while True:
        page = _SCANNED.decode(bulk.answer("Scan", parameters | ({"ExclusiveStartKey": start} if start else {})))
        yield page.Items
        start = page.LastEvaluatedKey
        if start is None:
            return


def _get(table: str, keys: Sequence[Item]) -> Iterator[Raw]:
    """The items of these keys: a consistent read for each hundred."""
    for first in range(0, len(keys), AT_ONCE):
        for _, item in read_together({table: keys[first : first + AT_ONCE]}, _get_batch):
            yield cast(Raw, item)


def _get_batch(wanted: dict[str, Any]) -> dict[str, Any]:
    return asdict(_GOT.decode(bulk.answer("BatchGetItem", {"RequestItems": wanted})))


def _named(item: Raw) -> tuple[str, Link | str]:
    """An item of the journal by its name: the entry, or in words that it cannot be read."""
    with suppress(Exception):  # whatever is wrong with it
        link = _ENTRY.decode(item).link()
        return link.entry.entry_id, link
    return _NAME.decode(item).entry_id.S, UNREADABLE


def _place_in(item: Raw) -> Place:
    place = _PLACE.decode(item)
    return Place(place.aggregate_id.S, int(place.seq.N), place.entry_id.S, place.entry_hash.S)


def _place(row: ChainRow) -> Place:
    return Place(row.aggregate_id, row.seq, row.entry_id, row.entry_hash)
