"""The table of rulebooks: those published through the API, and what trying them out came to. Books that ship have an item once tried."""

from __future__ import annotations

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.deposits.rules.published import Kept, Published
from chalicelib.shared.columns import Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import Row, table_name


class RulebookRow(Row):
    class Meta:
        table_name = table_name("rulebooks")

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


def put(book_id: str, version: int, kept: Kept, made: Entry) -> Put:
    """The next version of the item, if the one before is still the present one."""
    row = RulebookRow(book_id, version=version, body=msgspec.structs.replace(kept, head=made.head))
    first = RulebookRow.book_id.does_not_exist()
    return Put(row, guard=RulebookRow.version == version - 1 if version > 1 else first)
