"""The orders' table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal

from pynamodb.attributes import UnicodeAttribute

from chalicelib.orders.rules.order import Order
from chalicelib.shared import due
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import Row, find_together, index, table


class OrderRow(AggregateRow):
    Meta = table("orders")
    order_id = UnicodeAttribute(hash_key=True)
    buyer_id = UnicodeAttribute()
    supplier_id = UnicodeAttribute()
    body = Packed(Order)

    by_buyer = index(buyer_id, order_id)
    by_supplier = index(supplier_id, order_id)


REPOSITORY: Final = Repository[Order](
    OrderRow, lambda order: {"buyer_id": order.buyer_id, "supplier_id": order.supplier_id}
)


def load_beside(table: type[Row], name: str, order_id: str) -> tuple[Any, Order | None]:
    """For a slice above whose items are read together with their order: its item and the order, in one round trip."""
    beside, row = find_together((table, name), (OrderRow, order_id))
    return beside, row.body if row else None


def waiting(after: due.Place | None) -> Iterator[due.Place]:
    """Every order that waits for something, by when it happens."""
    return due.every(OrderRow, after)


def ids_of(member_id: str, side: Literal["buyer", "supplier"], before: str | None = None) -> Iterator[str]:
    """A party's orders, the newest first, from before an id."""
    index = OrderRow.by_buyer if side == "buyer" else OrderRow.by_supplier
    return REPOSITORY.ids(index, member_id, after=before, newest_first=True)
