"""Payouts of a supplier's balance: how much may leave hangs on its orders where it is not in good standing."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Final

from chalicelib.orders import records
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.order import ENDS, Order, Policy
from chalicelib.orders.rules.timers import MACHINE
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.service import money as suppliers_money
from chalicelib.suppliers.views.money import PayoutRequest

MOST_LOOKED_AT: Final = 100
"""So many of a supplier's newest orders are looked at for the instant at which something becomes free."""


def pay_out(member_id: str, body: PayoutRequest, request: RequestContext) -> StoredResponse:
    """The supplier draws on its balance. ExposureOpen says how much is free, and when more will be."""
    return suppliers_money.pay_out(member_id, body, request, frees_at=lambda: frees_at(member_id, request.now))


def frees_at(supplier_id: str, now: datetime) -> datetime | None:
    """The earliest instant at which the cover of a running order ends by itself; None where that depends on what somebody does."""
    order_ids = islice(records.ids_of(supplier_id, "supplier"), MOST_LOOKED_AT)
    orders = ORDERS.load_many(order_ids, now).values()
    return min((at for each in orders if (at := _ends_at(each.state, each.context)) and at > now), default=None)


def _ends_at(order: Order, policy: Policy) -> datetime | None:
    if order.cover is None or order.cover.state == "released":
        return None
    first = next((deadline for deadline in MACHINE.deadlines(order, policy) if deadline.by_clock), None)
    return first.due_at if first and first.default_outcome in ENDS else None
