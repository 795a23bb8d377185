"""The orders' table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Literal

from msgspec.structs import replace
from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.orders.rules.order import Order
from chalicelib.shared import due, journal
from chalicelib.shared.columns import Instant, Packed, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.due import DueIndex
from chalicelib.shared.journal import Entry
from chalicelib.shared.tables import AT_ONCE, Row, find_together, table_name


class ByBuyer(GlobalSecondaryIndex["OrderRow"]):
    class Meta:
        index_name = "by_buyer"
        projection = KeysOnlyProjection()

    buyer_id = UnicodeAttribute(hash_key=True)
    order_id = UnicodeAttribute(range_key=True)


class BySupplier(GlobalSecondaryIndex["OrderRow"]):
    class Meta:
        index_name = "by_supplier"
        projection = KeysOnlyProjection()

    supplier_id = UnicodeAttribute(hash_key=True)
    order_id = UnicodeAttribute(range_key=True)


class OrderRow(Row):
    class Meta:
        table_name = table_name("orders")

    order_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    buyer_id = UnicodeAttribute()
    supplier_id = UnicodeAttribute()
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    body = Packed(Order)

    by_buyer = ByBuyer()
    by_supplier = BySupplier()
    due = DueIndex()


def load(order_id: str) -> Order | None:
    row = OrderRow.find(order_id)
    return row.body if row else None


def load_beside(table: type[Row], name: str, order_id: str) -> tuple[Any, Order | None]:
    """An item of another table, by its only key, and an order: one round trip for both."""
    beside, row = find_together((table, name), (OrderRow, order_id))
    return beside, row.body if row else None


def load_many(order_ids: Iterable[str]) -> dict[str, Order]:
    """These orders by id. Unreadable where one cannot be read."""
    return {row.order_id: row.body for row in OrderRow.find_many(order_ids)}


def listed(order_ids: Iterable[str]) -> dict[str, Order]:
    """Those of these orders that can be read, by id."""
    return {row.order_id: row.body for row in OrderRow.listed(order_ids)}


def linked(order: Order, made: Entry) -> Order:
    """The order with the entry that made it: the last link of its chain, where it is not an entry of a claim's."""
    head = made.head if made.thing == order.id else order.head
    return replace(order, head=head, recent=journal.recent(order.recent, made))


def put(order: Order, made: Entry, due_at: datetime | None) -> Put:
    """The order's next version, if the one before is still the present one; its first, if there is none."""
    row = OrderRow(
        order.id,
        version=order.version,
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        **due.columns(order.id, due_at),
        body=linked(order, made),
    )
    return Put(
        row, guard=OrderRow.version == order.version - 1 if order.version > 1 else OrderRow.order_id.does_not_exist()
    )


def ids_of(member_id: str, side: Literal["buyer", "supplier"], before: str | None = None) -> Iterator[str]:
    """A party's orders, the newest first, from before an id."""
    index = OrderRow.by_buyer if side == "buyer" else OrderRow.by_supplier
    key = OrderRow.order_id < before if before else None
    return (row.order_id for row in index.query(member_id, key, scan_index_forward=False, page_size=AT_ONCE + 1))
