"""The chain of each thing: every entry of the journal in its place, made from the journal's stream.

`ledger-chains` is also a witness: it keeps every entry's head where whoever changes the journal does not reach it. Apart from the
books, because each thing's timeline is read from it: who shows one has no need of accounts and their months.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.ledger.rules import chain
from chalicelib.ledger.rules.chain import Place
from chalicelib.shared.columns import PlainText, WholeNumber
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import AT_ONCE, Row, guarded, table

ALSO: Final = "also:"
"""Before the name of a thing: what entries of other things changed it."""


class ChainRow(Row):
    """An entry's place in the chain of its thing. `owner` is under which name the thing's record is kept, where its own does not say so.

    `version` is the one the thing then had, where it is ahead of its chain. Then entries of other things have changed it too: each has
    a row under `also:` and the thing's name, at the version it made. The two together are the thing's history.
    """

    Meta = table("ledger-chains")
    aggregate_id = PlainText(hash_key=True)
    seq = WholeNumber(range_key=True)
    entry_id = UnicodeAttribute()
    entry_hash = UnicodeAttribute()
    owner = UnicodeAttribute(null=True)
    version = WholeNumber(null=True)


def add(entry: Entry, entry_hash: str) -> bool:
    """Put an entry in its place. Whether it has it: another may have been there first."""
    for other in entry.also:
        ChainRow(ALSO + other.aggregate, other.version, entry_id=entry.entry_id, entry_hash=entry_hash).save()
    row = ChainRow(
        entry.aggregate_id,
        entry.seq,
        entry_id=entry.entry_id,
        entry_hash=entry_hash,
        owner=chain.owner_of(entry),
        version=entry.version or None,
    )
    if guarded(lambda: row.save(condition=ChainRow.aggregate_id.does_not_exist())):
        return True
    there = ChainRow.find(entry.aggregate_id, entry.seq)
    return there is not None and (there.entry_id, there.entry_hash) == (entry.entry_id, entry_hash)


def history(aggregate_id: str, after_version: int, after_seq: int, page: int) -> Iterator[Place]:
    """The places of everything that changed a thing, by the versions it made, as far as the books have come."""
    own = ChainRow.query(aggregate_id, ChainRow.seq > after_seq, page_size=page, consistent_read=True)
    others = ChainRow.query(ALSO + aggregate_id, ChainRow.seq > after_version, page_size=page, consistent_read=True)
    yield from heapq.merge(
        (Place(row.aggregate_id, row.seq, row.entry_id, row.entry_hash, row.version or row.seq) for row in own),
        (Place(row.aggregate_id, 0, row.entry_id, row.entry_hash, row.seq) for row in others),
        key=lambda place: place.version,
    )


def history_before(aggregate_id: str, version: int | None) -> Iterator[Place]:
    """The same backwards, from before a version on. A chain is never ahead of its thing: what is not before in it is passed over."""
    own, others = (
        ChainRow.query(
            name,
            None if version is None else ChainRow.seq < version,
            scan_index_forward=False,
            page_size=AT_ONCE + 1,
            consistent_read=True,
        )
        for name in (aggregate_id, ALSO + aggregate_id)
    )
    places = heapq.merge(
        (Place(row.aggregate_id, row.seq, row.entry_id, row.entry_hash, row.version or row.seq) for row in own),
        (Place(row.aggregate_id, 0, row.entry_id, row.entry_hash, row.seq) for row in others),
        key=lambda place: place.version,
        reverse=True,
    )
    return (place for place in places if version is None or place.version < version)
