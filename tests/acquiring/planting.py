"""Orders of a channel that wait for money, payments and settlements as they are kept, for tests that need one and not how it came."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS, SETTLEMENTS, context_of
from chalicelib.acquiring.rules import handling
from chalicelib.acquiring.rules import settlement as settlements
from chalicelib.acquiring.rules.payment import id_of
from chalicelib.listings import records
from chalicelib.orders.aggregate import ORDERS, pinned
from chalicelib.orders.rules.order import Order, reserving
from chalicelib.orders.rules.transitions import OrderChange
from chalicelib.shared import clock, ids, policies
from chalicelib.shared.commit import Joined
from chalicelib.shared.journal import Event
from chalicelib.shared.request import RequestContext
from chalicelib.shared.state_machine import Change
from tests.acquiring.sale import Sale, order_of


def plant_order(buyer_id: str, supplier_id: str) -> Order:
    """One without cover behind it, which waits an hour for its payment; its stock is reserved."""
    now, name = clock.now(), ids.new_id("ord", clock.now())
    placed = order_of()
    assert placed.channel is not None
    lines = tuple(replace(line, listing_id=ids.new_id("lst", now)) for line in placed.channel.lines)
    order = replace(
        placed,
        id=name,
        buyer_id=buyer_id,
        supplier_id=supplier_id,
        created_at=now,
        updated_at=now,
        pay_due_at=now + timedelta(hours=1),
        policy=policies.versions("protection")[-1].hash,
        cover=None,
        channel=replace(placed.channel, lines=lines, authorise_by=now + timedelta(minutes=55)),
    )
    change = OrderChange(state=order, event=Event("order.placed", {"to": "agreed"}), at=now)
    reserved = tuple(
        replace(
            records.opening(listing_id, 0),
            row=records.StockRow(listing_id, available=0, reserved=quantity, counted=1, offer=1),
        )
        for listing_id, quantity in reserving(order).items()
    )
    ORDERS.create(change, pinned(order), RequestContext.of_clock(name, 1, now), joined=Joined(changes=reserved))
    return order


def plant_payment(buyer_id: str, supplier_id: str) -> str:
    """One that waits for its authorisation."""
    order, now = plant_order(buyer_id, supplier_id), clock.now()
    assert order.channel is not None
    payment = replace(
        Sale().payment,
        id=id_of(order.id, 1),
        order_id=order.id,
        buyer_id=buyer_id,
        supplier_id=supplier_id,
        created_at=now,
        updated_at=now,
        authorise_by=order.channel.authorise_by,
        expires_at=order.pay_due_at,
    )
    ACQUIRER_PAYMENTS.create(
        handling.requested(payment), context_of(payment, order), RequestContext.of_clock(payment.id, 1, now)
    )
    return payment.id


def plant_settlement(buyer_id: str, supplier_id: str) -> str:
    """One that falls due tomorrow."""
    order, now = plant_order(buyer_id, supplier_id), clock.now()
    due = settlements.due(order, id_of(order.id, 1), "alipay", now + timedelta(days=1), now)
    due = replace(due, seq=1)
    change = Change(state=due, event=Event("settlement.due", {**settlements.TABLE.payload(due, due)}), at=now)
    SETTLEMENTS.create(change, settlements.Context(order=order), RequestContext.of_clock(due.id, 1, now))
    return due.id
