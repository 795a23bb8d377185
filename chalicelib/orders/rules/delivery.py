"""From shipment to completion: ship, deliver, extend, receive, complete and release."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.ledger.rules.chart import HELD, SETTLEMENTS_DUE, SUPPLIER_BALANCE
from chalicelib.orders.rules.channel_terms import CarrierStep
from chalicelib.orders.rules.ending import ended, give_back, unallocated_back
from chalicelib.orders.rules.order import Order, Policy, Shipment, ShippedLine, Side, left_to_ship, must_hold
from chalicelib.orders.rules.transitions import TABLE, OrderChange
from chalicelib.shared.errors import Conflict, NotFound, RuleViolation
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say


class NotThatMuchLeft(RuleViolation):
    code = "not_that_much_left_to_ship"
    title = "The shipment names more than is left to ship."
    fix = "Ship lines of the order, each with at most what is left of it."


class NotThatMuchFree(RuleViolation):
    code = "not_that_much_free"
    title = "So much of the order's money cannot be had before completion."
    fix = "Ask for at most `maximum`, or leave the amount out."


class CustomsNumberNeeded(RuleViolation):
    code = "customs_number_needed"
    title = "A parcel of a channel's order has a customs number."
    fix = "Send `customs_number`: the number that customs clear the parcel by."


class ParcelUnknown(NotFound):
    code = "parcel_unknown"
    title = "The order has no such parcel."
    fix = "Name the tracking number of one of the order's shipments."


class CarrierStepKnown(Conflict):
    code = "carrier_step_known"
    title = "The carrier has said that of the parcel before."
    fix = "Nothing is to be done: the order's timeline says since when."


class NotThatMuchSent(RuleViolation):
    code = "not_that_much_sent"
    title = "More would be back than was shipped."
    fix = "Name at most `maximum` of the line: what was shipped, less what is back already."


def ship(order: Order, shipment: Shipment, policy: Policy, now: datetime) -> OrderChange:
    """A consignment left. The order is shipped when nothing is left to ship; that moment is its shipping date.

    Under an open claim about goods before shipment it needs the buyer's consent, claim by claim.
    """
    if order.channel is not None:
        if not shipment.customs_number:
            raise CustomsNumberNeeded("It crosses a border.", param="customs_number")
        shipment = replace(shipment, incoterm=shipment.incoterm or order.terms.incoterm)
    left = left_to_ship(order)
    lines = shipment.lines or tuple(ShippedLine(line=line, quantity=quantity) for line, quantity in left.items())
    for shipped in lines:
        if not 0 < shipped.quantity <= left.get(shipped.line, 0):
            raise NotThatMuchLeft(
                say("Of line {line}, {left} are left to ship.", line=shipped.line, left=left.get(shipped.line, 0)),
                param="lines",
                maximum=left.get(shipped.line, 0),
            )
        left[shipped.line] -= shipped.quantity
    sent = replace(shipment, lines=lines, at=now)
    whole = not any(left.values())
    must_hold(order, sent, whole=whole)
    return _shipped(order, sent, policy, whole=whole, now=now)


def close_shipment(order: Order, policy: Policy, now: datetime) -> OrderChange:
    """Part was shipped and the rest never was: the order goes on with what left, and what is missing can be claimed."""
    return TABLE.change(
        order,
        "give-up",
        now,
        event="shipment_closed",
        terms_change_request=None,
        cancel_requested_by=None,
        **_under_way(order, policy, now),
    )


def deliver(order: Order, side: Side, reference: str, policy: Policy, now: datetime) -> OrderChange:
    """The goods arrived. The buyer keeps at least `receipt_after_delivery_days` to look at them."""
    payload = {"by": side, "reference": reference}
    return TABLE.change(order, "deliver", now, event="delivered", payload=payload, **_delivered(order, policy, now))


def carried(
    order: Order, tracking_number: str, step: CarrierStep, reference: str, policy: Policy, at: datetime
) -> OrderChange:
    """The carrier says how far a parcel came. With the last one delivered, the order is delivered. ParcelUnknown, CarrierStepKnown."""
    parcel = next((each for each in order.shipments if each.tracking_number == tracking_number), None)
    if parcel is None:
        raise ParcelUnknown(
            say("There is no {tracking_number!r:.60}.", tracking_number=tracking_number), param="tracking_number"
        )
    if step in parcel.carried:
        raise CarrierStepKnown(say("It was {step}.", step=step), param="step")
    moved = replace(parcel, carried=(*parcel.carried, step))
    shipments = tuple(moved if each is parcel else each for each in order.shipments)
    payload = {"tracking_number": tracking_number, "step": step, "reference": reference}
    if order.status == "shipped" and all("delivered" in each.carried for each in shipments):
        return TABLE.change(
            order,
            "carrier-events",
            at,
            event="delivered",
            shipments=shipments,
            payload=payload | {"by": "carrier"},
            **_delivered(order, policy, at),
        )
    return TABLE.change(order, "carrier-events", at, event="carried", shipments=shipments, payload=payload)


def take_back(order: Order, line: int, quantity: int, now: datetime) -> OrderChange:
    """The supplier says that shipped goods are back, and on hand again. NotThatMuchSent."""
    assert order.channel is not None, "the table lets nobody take goods of another order back"
    sent = sum(each.quantity for shipment in order.shipments for each in shipment.lines if each.line == line)
    back = order.channel.goods_back.get(line, 0)
    if quantity > sent - back:
        raise NotThatMuchSent(
            say("Of line {line}, {sent} are out.", line=line, sent=sent - back), param="quantity", maximum=sent - back
        )
    channel = replace(order.channel, goods_back=order.channel.goods_back | {line: back + quantity})
    return TABLE.change(
        order, "take-back", now, event="goods_back", channel=channel, payload={"line": line, "quantity": quantity}
    )


def extend(order: Order, side: Side, policy: Policy, now: datetime) -> OrderChange:
    """Once for each side: more time before receipt is taken as confirmed."""
    assert order.receipt_due_at is not None
    due = order.receipt_due_at + timedelta(days=policy.extend_days)
    return TABLE.change(
        order,
        "extend-receipt",
        now,
        event="receipt_extended",
        receipt_due_at=due,
        extended_by=(*order.extended_by, side),
        payload={"by": side, "due_at": due},
    )


def receive(order: Order, policy: Policy, now: datetime, *, automatic: bool = False) -> OrderChange:
    """The buyer confirms, or the time to object has run out. The window for claims about the goods starts."""
    ends = now + timedelta(days=policy.claim_days_after_receipt)
    return TABLE.change(
        order,
        "receive",
        now,
        to="received",
        received_at=now,
        received_automatically=automatic,
        window_ends_at=ends,
        payload={"by": "clock" if automatic else "buyer", "window_ends_at": ends},
    )


def pay_out(order: Order, minor: int | None, now: datetime) -> OrderChange:
    """The supplier has money before completion: all it may have, or so much of it. It stops while a claim is open."""
    asked_minor, currency = minor or order.early_minor, order.terms.currency
    if asked_minor > order.early_minor:
        raise NotThatMuchFree(
            say(
                "At most {amount} {currency} are held and covered.",
                amount=Money.of(order.early_minor, currency).grouped,
                currency=currency,
            ),
            param="money",
            maximum=Money.of(order.early_minor, currency),
        )
    postings = transfer(
        asked_minor, currency, debit_to=(HELD, order.id), credit_to=(SUPPLIER_BALANCE, order.supplier_id)
    )
    return TABLE.change(
        order,
        "early-payout",
        now,
        event="paid_out_early",
        released_minor=order.released_minor + asked_minor,
        postings=postings,
        payload={"amount_minor": asked_minor},
    )


def complete(order: Order, policy: Policy, now: datetime) -> OrderChange:
    """The window has passed without a claim: the money is the supplier's, the cover is free again, surplus goes back to the buyer.

    What a channel's exporter gets is settled in its own currency.
    """
    payments, refunds = give_back(order, order.unallocated_minor)
    pay_out = transfer(
        order.held_minor,
        order.terms.currency,
        debit_to=(HELD, order.id),
        credit_to=(SETTLEMENTS_DUE, order.id) if order.channel else (SUPPLIER_BALANCE, order.supplier_id),
    )
    return TABLE.change(
        order,
        "complete",
        now,
        event="completed",
        payments=payments,
        released_minor=order.released_minor + order.held_minor,
        postings=pay_out + unallocated_back(order),
        payment_orders=refunds,
        payload={
            "released_minor": order.held_minor,
            "released_before_minor": order.released_minor,
            "of_payments": replace(order, payments=payments).held_by_payment,
        },
        **ended(order, "completed", "claim_window_over", now),
    )


def _delivered(order: Order, policy: Policy, at: datetime) -> dict[str, Any]:
    least = at + timedelta(days=policy.receipt_after_delivery_days)
    due_at = (order.receipt_due_at or least) + order.stood_still(order.receipt_runs_since, at)
    return {"status": "delivered", "delivered_at": at, "receipt_due_at": max(due_at, least)}


def _shipped(order: Order, sent: Shipment, policy: Policy, *, whole: bool, now: datetime) -> OrderChange:
    payload = {"carrier": sent.carrier, "tracking_number": sent.tracking_number, "lines": sent.lines, "whole": whole}
    if sent.customs_number:
        payload |= {"customs_number": sent.customs_number, "incoterm": sent.incoterm}
    under_claims = [mark.claim_id for mark in order.open_claims]
    return TABLE.change(
        order,
        "ship",
        now,
        event="shipped",
        shipments=(*order.shipments, sent),
        terms_change_request=None,
        cancel_requested_by=None,
        payload=payload | ({"under_claims": under_claims} if under_claims else {}),
        **(_under_way(order, policy, now) if whole else {}),
    )


def _under_way(order: Order, policy: Policy, now: datetime) -> dict[str, Any]:
    """With the last consignment the time runs after which receipt is taken as confirmed, by the way the goods travel."""
    due_at = now + timedelta(days=policy.auto_receipt_days[order.terms.transport])
    return {
        "status": "shipped",
        "shipped_at": now,
        "receipt_due_at": due_at,
        "ship_by_change_request": None,
    }
