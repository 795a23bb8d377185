"""From shipment to completion: ship, deliver, extend, receive, complete and release."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.ledger.rules.chart import HELD, SUPPLIER_BALANCE
from chalicelib.orders.rules import moves
from chalicelib.orders.rules.order import Order, Policy, Shipment, ShippedLine, Side, left_to_ship, must_hold
from chalicelib.orders.rules.step import Step, give_back, released, step, unallocated_back
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.refusal import Conflict, Unfit


class NotThatMuchLeft(Unfit):
    code = "not_that_much_left_to_ship"
    title = "The shipment names more than is left to ship."
    fix = "Ship lines of the order, each with at most what is left of it."


class ShipmentNeedsConsent(Conflict):
    code = "shipment_needs_consent"
    title = "The buyer claims on the goods as they are: they leave only if it agrees."
    fix = "Ask the buyer to agree to the shipment: POST /v1/claims/{id}/agree-to-shipment, for each of `claims`; or settle them."


class NotThatMuchFree(Unfit):
    code = "not_that_much_free"
    title = "So much of the order's money cannot be had before completion."
    fix = "Ask for at most `maximum`, or leave the amount out."


def ship(order: Order, shipment: Shipment, policy: Policy, now: datetime) -> Step:
    """A consignment left. The order is shipped when nothing is left to ship; that moment is its shipping date.

    Under an open claim about goods before shipment it needs the buyer's consent, claim by claim.
    """
    if order.status == "funded" and (waiting := order.keeping_goods_back):
        names = [mark.claim_id for mark in waiting]
        raise ShipmentNeedsConsent(f"Open: {', '.join(names)}.", claims=names)
    moves.must_be_allowed("ship", order, "supplier", now)
    left = left_to_ship(order)
    lines = shipment.lines or tuple(ShippedLine(line=line, quantity=quantity) for line, quantity in left.items())
    for shipped in lines:
        if not 0 < shipped.quantity <= left.get(shipped.line, 0):
            raise NotThatMuchLeft(
                f"Of line {shipped.line}, {left.get(shipped.line, 0)} are left to ship.",
                param="lines",
                maximum=left.get(shipped.line, 0),
            )
        left[shipped.line] -= shipped.quantity
    sent = Shipment(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        documents=shipment.documents,
        lines=lines,
        at=now,
    )
    whole = not any(left.values())
    must_hold(order, sent, whole=whole)
    return _shipped(order, sent, policy, whole=whole, now=now)


def close_shipment(order: Order, policy: Policy, now: datetime) -> Step:
    """Part was shipped and the rest never was: the order goes on with what left, and what is missing can be claimed."""
    due = now + timedelta(days=policy.auto_receipt_days[order.terms.transport])
    return step(
        order,
        "shipment_closed",
        now,
        status="shipped",
        shipped_at=now,
        receipt_due_at=due,
        ship_by_asked=None,
        terms_wanted=None,
        cancel_asked_by=None,
    )


def deliver(order: Order, side: Side, reference: str, policy: Policy, now: datetime) -> Step:
    """The goods arrived. The buyer keeps at least `receipt_after_delivery_days` to look at them."""
    moves.must_be_allowed("deliver", order, side, now)
    least = now + timedelta(days=policy.receipt_after_delivery_days)
    due = max(order.receipt_due_at or least, least)
    return step(
        order,
        "delivered",
        now,
        status="delivered",
        delivered_at=now,
        receipt_due_at=due,
        facts={"by": side, "reference": reference},
    )


def extend(order: Order, side: Side, policy: Policy, now: datetime) -> Step:
    """Once for each side: more time before receipt is taken as confirmed."""
    moves.must_be_allowed("extend-receipt", order, side, now)
    assert order.receipt_due_at is not None
    due = order.receipt_due_at + timedelta(days=policy.extend_days)
    return step(
        order,
        "receipt_extended",
        now,
        receipt_due_at=due,
        extended_by=(*order.extended_by, side),
        facts={"by": side, "due_at": due},
    )


def receive(order: Order, policy: Policy, now: datetime, *, automatic: bool = False) -> Step:
    """The buyer confirms, or the time to object has run out. The window for claims about the goods starts."""
    if not automatic:
        moves.must_be_allowed("receive", order, "buyer", now)
    ends = now + timedelta(days=policy.claim_days_after_receipt)
    return step(
        order,
        "received",
        now,
        status="received",
        received_at=now,
        received_automatically=automatic,
        window_ends_at=ends,
        facts={"by": "clock" if automatic else "buyer", "window_ends_at": ends},
    )


def pay_out(order: Order, minor: int | None, now: datetime) -> Step:
    """The supplier has money before completion: all it may have, or so much of it. It stops while a claim is open."""
    moves.must_be_allowed("early-payout", order, "supplier", now)
    asked, currency = minor or order.early_minor, order.terms.currency
    if asked > order.early_minor:
        raise NotThatMuchFree(
            f"At most {Money.of(order.early_minor, currency).amount} {currency} are held and covered.",
            param="money",
            maximum=Money.of(order.early_minor, currency),
        )
    postings = transfer(asked, currency, debit_to=(HELD, order.id), credit_to=(SUPPLIER_BALANCE, order.supplier_id))
    return step(
        order,
        "paid_out_early",
        now,
        released_minor=order.released_minor + asked,
        postings=postings,
        facts={"amount_minor": asked},
    )


def complete(order: Order, now: datetime) -> Step:
    """The window has passed without a claim: the money is the supplier's, the cover is free again, surplus goes back to the buyer."""
    payments, instructs = give_back(order, order.unallocated_minor)
    pay_out = transfer(
        order.held_minor,
        order.terms.currency,
        debit_to=(HELD, order.id),
        credit_to=(SUPPLIER_BALANCE, order.supplier_id),
    )
    return step(
        order,
        "completed",
        now,
        status="completed",
        ended_at=now,
        why="claim_window_over",
        payments=payments,
        released_minor=order.released_minor + order.held_minor,
        unallocated_minor=0,
        cover=released(order.cover),
        postings=pay_out + unallocated_back(order),
        instructs=instructs,
        facts={"released_minor": order.held_minor},
    )


def _shipped(order: Order, sent: Shipment, policy: Policy, *, whole: bool, now: datetime) -> Step:
    """With the last consignment the time runs after which receipt is taken as confirmed, by the way the goods travel."""
    facts: dict[str, Any] = {
        "carrier": sent.carrier,
        "tracking_number": sent.tracking_number,
        "lines": sent.lines,
        "whole": whole,
    }
    if order.holds:
        facts["under_claims"] = [mark.claim_id for mark in order.open_claims]
    changes: dict[str, Any] = {}
    if whole:
        due = now + timedelta(days=policy.auto_receipt_days[order.terms.transport])
        changes = {
            "status": "shipped",
            "shipped_at": now,
            "receipt_due_at": due,
            "ship_by_asked": None,
            "cancel_asked_by": None,
        }
    return step(order, "shipped", now, shipments=(*order.shipments, sent), terms_wanted=None, facts=facts, **changes)
