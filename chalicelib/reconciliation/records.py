"""Two tables: items, and how far each bank's snapshots have come."""

from __future__ import annotations

from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.reconciliation.rules.item import Item
from chalicelib.reconciliation.rules.snapshot import BankBooks
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class ItemRow(AggregateRow):
    Meta = table("reconciliation-items")
    item_id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute()
    body = Packed(Item)

    by_status = index(status, item_id)


class BankBooksRow(AggregateRow):
    Meta = table("bank-books")
    books_id = UnicodeAttribute(hash_key=True)
    body = Packed(BankBooks)
    due = None


ITEMS: Final = Repository[Item](ItemRow, lambda item: {"status": item.status})
BOOKS: Final = Repository[BankBooks](BankBooksRow)


ids = partial(ITEMS.ids, ItemRow.by_status)
"""Ids of the items of a status."""
