"""The tables of card and wallet payments and of settlements."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.acquiring.rules.payment import AcquirerPayment
from chalicelib.acquiring.rules.settlement import Settlement
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class PaymentRow(AggregateRow):
    Meta = table("acquirer-payments")
    payment_id = UnicodeAttribute(hash_key=True)
    order_id = UnicodeAttribute()
    body = Packed(AcquirerPayment)

    by_order = index(order_id, payment_id)


class SettlementRow(AggregateRow):
    Meta = table("settlements")
    settlement_id = UnicodeAttribute(hash_key=True)
    supplier_id = UnicodeAttribute()
    status = UnicodeAttribute()
    body = Packed(Settlement)

    by_supplier = index(supplier_id, settlement_id)
    by_status = index(status, settlement_id)


PAYMENTS: Final = Repository[AcquirerPayment](PaymentRow, lambda payment: {"order_id": payment.order_id})
SETTLEMENTS: Final = Repository[Settlement](
    SettlementRow, lambda settlement: {"supplier_id": settlement.supplier_id, "status": settlement.status}
)


payments_of = partial(PAYMENTS.ids, PaymentRow.by_order)
"""The payments of an order, the first first."""


def settlement_ids(status: str, supplier_id: str, after: str | None) -> Iterator[str]:
    """Of a supplier, else of a status; by id."""
    if supplier_id:
        return SETTLEMENTS.ids(SettlementRow.by_supplier, supplier_id, after=after)
    return SETTLEMENTS.ids(SettlementRow.by_status, status, after=after)
