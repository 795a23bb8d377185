"""An order's money, as its parties see it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.orders.rules.order import Order
from chalicelib.orders.views.order import InstalmentView, instalment_views
from chalicelib.shared.money import Money
from chalicelib.shared.views import view_of


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `counted`, or says why the money does not count for the order: it is an officer's then, in suspense, or was."""

    bank_id: str
    bank_ref: str
    money: Money
    fees: Money
    returned: Money
    value_date: date
    at: datetime
    status: str


class MoneyView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the order's money is. `received` counts for the order; `unallocated` was paid above the total and is owed back.

    claimed + ceiling_left <= covered, less only by what was refunded above the cover
    """

    order_id: str
    version: int
    as_of: datetime
    total: Money
    due: Money
    received: Money
    covered: Money
    held: Money
    unallocated: Money
    claimed: Money
    """Reserved for open claims, or paid to claims."""
    ceiling_left: Money
    """What another claim could still have."""
    refunded: Money
    released: Money
    instalments: list[InstalmentView]
    payments: list[PaymentView]


def money_view(order: Order, now: datetime) -> MoneyView:
    currency = order.terms.currency
    return view_of(
        MoneyView,
        order,
        currency,
        order_id=order.id,
        as_of=now,
        total=Money.of(order.terms.total_minor, currency),
        covered=Money.of(order.active_cover_minor, currency),
        claimed=Money.of(sum(claimed.paid_minor + claimed.reserved_minor for claimed in order.claims), currency),
        instalments=instalment_views(order),
    )
