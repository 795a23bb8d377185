"""An order's money, as its parties see it."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from chalicelib.orders.rules import Order
from chalicelib.orders.views.order import InstalmentView, instalment_views
from chalicelib.shared.money import Money


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
    def told(minor: int) -> Money:
        return Money.of(minor, order.terms.currency)

    return MoneyView(
        order_id=order.id,
        version=order.version,
        as_of=now,
        total=told(order.terms.total_minor),
        due=told(order.due_minor),
        received=told(order.received_minor),
        covered=told(order.active_cover_minor),
        held=told(order.held_minor),
        unallocated=told(order.unallocated_minor),
        claimed=told(sum(claimed.paid_minor + claimed.reserved_minor for claimed in order.claims)),
        ceiling_left=told(order.ceiling_left_minor),
        refunded=told(order.refunded_minor),
        released=told(order.released_minor),
        instalments=instalment_views(order),
        payments=[
            PaymentView(
                bank_id=paid.bank_id,
                bank_ref=paid.bank_ref,
                money=Money.of(paid.amount_minor, paid.currency),
                fees=Money.of(paid.fees_minor, paid.currency),
                returned=Money.of(paid.returned_minor, paid.currency),
                value_date=paid.value_date,
                at=paid.at,
                status=paid.status,
            )
            for paid in order.payments
        ],
    )
