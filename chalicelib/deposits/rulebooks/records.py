"""The table of rulebooks: those published through the API, and what trying them out came to. Books that ship have an item once tried."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.deposits.rules.published import Kept, Published, chain_of
from chalicelib.shared import journal
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Put, StoredResponse, commit
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext
from chalicelib.shared.tables import Row, table


class RulebookRow(Row):
    Meta = table("rulebooks")
    book_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    body = Packed(Kept)


def load(book_id: str) -> tuple[int, Kept]:
    """The version of the item and what is kept; version 0 where there is nothing."""
    row = RulebookRow.find(book_id)
    return (row.version, row.body) if row else (0, Kept())


def published() -> list[Published]:
    """All that were ever published: they are few."""
    return [row.body.published for row in RulebookRow.scan(consistent_read=True) if row.body.published]


def write(
    book_id: str,
    version: int,
    kept: Kept,
    after: Kept,
    event: Event,
    request: RequestContext,
    answer: bytes = b"",
    status: int = 200,
) -> StoredResponse:
    """The next version of the item with its journal entry, if `kept` is still the present one."""
    chain, number = chain_of(book_id), version + 1
    entry = journal.entry(
        request, event, aggregate_id=chain, seq=number, prev=kept.entry_hash, response=answer, status=status
    )
    row = RulebookRow(book_id, version=number, body=msgspec.structs.replace(after, entry_hash=entry.entry_hash))
    return commit(entry, Put(row, RulebookRow.version == version if version else RulebookRow.book_id.does_not_exist()))
