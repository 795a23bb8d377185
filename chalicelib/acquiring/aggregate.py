"""Card and wallet payments, and settlements, as aggregates: what ties their machines to their tables, views and order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from chalicelib.acquiring import records
from chalicelib.acquiring.rules import settlement as settlements
from chalicelib.acquiring.rules.payment import AcquirerPayment, Actor, Context, order_of
from chalicelib.acquiring.rules.settlement import Settlement
from chalicelib.acquiring.rules.timers import MACHINE
from chalicelib.acquiring.rules.transitions import PaymentChange
from chalicelib.acquiring.views.payment import settlement_view, view
from chalicelib.banks.rules.effects import TakeReference
from chalicelib.banks.service import references as banks_references
from chalicelib.channels.aggregate.memberships import MEMBERSHIPS
from chalicelib.channels.rules.membership import membership_id
from chalicelib.orders import aggregate as orders_aggregate
from chalicelib.orders import records as orders_records
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules.order import Order
from chalicelib.quotes.rules.methods import Policy
from chalicelib.shared import calendars, policies
from chalicelib.shared.aggregates import Aggregate, Loaded, ringing
from chalicelib.shared.request import Caller
from chalicelib.suppliers.service import money as suppliers_money


def context_of(payment: AcquirerPayment, order: Order) -> Context:
    mine, theirs = (calendars.calendar(name) for name in payment.calendars)
    return Context(
        order=order,
        terms=orders_aggregate.pinned(order),
        policy=policies.pinned("payment-methods", payment.policy).read_as(Policy),
        calendar=settlements.both(mine, theirs),
    )


def _with_order(context: Context, change: PaymentChange) -> Context:
    order = next((other for other in change.also if isinstance(other, Order)), context.order)
    return replace(context, order=order)


def _load_payment(payment_id: str, now: datetime) -> Loaded[AcquirerPayment, Context] | None:
    """The payment with its order: one round trip."""
    row, order = orders_records.load_beside(records.PaymentRow, payment_id, order_of(payment_id))
    return Loaded(row.body, context_of(row.body, order)) if row and order else None


def _contexts(payments: Sequence[AcquirerPayment], now: datetime) -> list[Context | None]:
    """For lists: one more round trip for all orders. None where an order cannot be read."""
    orders = ORDERS.repository.load_many({payment.order_id for payment in payments})
    return [context_of(each, orders[each.order_id]) if each.order_id in orders else None for each in payments]


def _settlement_contexts(many: Sequence[Settlement], now: datetime) -> list[settlements.Context | None]:
    orders = ORDERS.repository.load_many({settlement.order_id for settlement in many})
    return [settlements.Context(order=orders[each.order_id]) if each.order_id in orders else None for each in many]


def _with_freeze(settlement: Settlement, context: settlements.Context, at: datetime) -> settlements.Context:
    """For one that is about to be paid: whether payouts are frozen, and to what. One read; where they are, what is open besides."""
    channel = context.order.channel
    if settlement.status != "due" or channel is None:
        return context
    membership = MEMBERSHIPS.load(membership_id(channel.channel_id, settlement.supplier_id), at)
    if membership is None or not membership.state.freezes_payouts:
        return replace(context, freeze=None)
    freeze = settlements.Freeze(
        exposure=suppliers_money.open_exposure(settlement.supplier_id, at),
        quotes=suppliers_money.quotes([settlement.buyer_currency], at),
        calendar=membership.context.calendar,
    )
    return replace(context, freeze=freeze)


def actor_of(payment: AcquirerPayment, caller: Caller) -> Actor | None:
    if caller.is_officer:
        return "officer"
    if caller.is_member(payment.buyer_id):
        return "buyer"
    return "supplier" if caller.is_member(payment.supplier_id) else None


def settlement_actor_of(settlement: Settlement, caller: Caller) -> settlements.Actor | None:
    if caller.is_officer:
        return "officer"
    return "supplier" if caller.is_member(settlement.supplier_id) else None


SETTLEMENTS: Final = Aggregate[Settlement, settlements.Context, settlements.Actor](
    name="settlements",
    machine=settlements.MACHINE,
    repository=records.SETTLEMENTS,
    context=_settlement_contexts,
    actor_of=settlement_actor_of,
    view=settlement_view,
    duty="payments",
    effects=ORDERS.effects,
    others={Order: ORDERS},
    beside=lambda settlement, of: settlements.Context(order=of.context.order),
    gather=_with_freeze,
    after=ringing(
        "a settlement is kept back: payouts are frozen",
        "settlement_id",
        metric="SettlementKeptBack",
        on=("settlement.kept_back",),
    ),
)
ACQUIRER_PAYMENTS: Final = Aggregate[AcquirerPayment, Context, Actor](
    name="acquirer-payments",
    machine=MACHINE,
    repository=records.PAYMENTS,
    context=_contexts,
    actor_of=actor_of,
    view=view,
    duty="payments",
    effects={
        **ORDERS.effects,
        TakeReference: lambda name, effects: banks_references.take_reference(
            effects[0].bank_id, effects[0].bank_ref, effects[0].use
        ),
    },
    others={Order: ORDERS, Settlement: SETTLEMENTS},
    source=_load_payment,
    carry=_with_order,
)
