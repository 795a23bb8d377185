"""From a draft to an agreement: propose, amend, accept, cancel; and another day to ship by."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.orders.rules.amending import accept_terms, moved_day
from chalicelib.orders.rules.ending import end
from chalicelib.orders.rules.order import (
    AWAITING_MONEY,
    Cover,
    Order,
    Policy,
    ShipByRequest,
    Side,
    Status,
    other,
    pay_due_at,
)
from chalicelib.orders.rules.terms import ShipBy, Terms, must_fall_due_in_order, must_hold_together
from chalicelib.orders.rules.transitions import TABLE, OrderChange
from chalicelib.shared.errors import Conflict
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import Event
from chalicelib.shared.texts import say


class OtherTerms(Conflict):
    code = "terms_changed"
    title = "These are not the terms you saw."
    fix = "Read the order again and accept the version you then see."


def create(
    order_id: str,
    terms: Terms,
    *,
    side: Side,
    buyer_id: str,
    supplier_id: str,
    policy: str,
    warning: str,
    propose: bool,
    now: datetime,
) -> OrderChange:
    """A new order: a draft only its creator sees, or at once a proposal to the other side."""
    order = Order(
        id=order_id,
        buyer_id=buyer_id,
        supplier_id=supplier_id,
        created_by=side,
        proposed_by=side if propose else None,
        status="proposed" if propose else "draft",
        version=1,
        seq=1,
        created_at=now,
        updated_at=now,
        asked_at=now,
        terms=terms,
        policy=policy,
        warning=warning,
    )
    payload = {"to": order.status, "by": side, "terms": terms.hash} | ({"warning": warning} if warning else {})
    event = Event(f"order.{'proposed' if propose else 'drafted'}", payload, policy=policy)
    return OrderChange(state=order, event=event, at=now)


def propose(order: Order, side: Side, now: datetime) -> OrderChange:
    must_hold_together(order.terms, now)
    return TABLE.change(
        order, "propose", now, to="proposed", proposed_by=side, asked_at=now, payload={"terms": order.terms.hash}
    )


def amend(order: Order, side: Side, terms: Terms, *, warning: str, now: datetime) -> OrderChange:
    """New terms before agreement. They are the amending side's proposal: the other side has consented to nothing."""
    proposer = order.proposed_by and side
    return TABLE.change(
        order,
        "amend",
        now,
        event="amended",
        terms=terms,
        warning=warning,
        proposed_by=proposer,
        asked_at=now,
        payload={"by": side, "terms": terms.hash},
    )


def request_ship_by_change(order: Order, side: Side, ship_by: ShipBy, policy: Policy, now: datetime) -> OrderChange:
    """Ask the other side for another day to ship by, before the old one passes."""
    if order.status not in AWAITING_MONEY:
        raise TABLE.refused(say("Nothing is agreed yet; amend the terms as a whole."), order, side, policy, now)
    change_request = ShipByRequest(side, moved_day(order, ship_by, policy, now))
    must_fall_due_in_order(replace(order.terms, ship_by=ship_by), now, known=order.terms)
    return TABLE.change(
        order,
        "amend",
        now,
        event="ship_by_change_requested",
        ship_by_change_request=change_request,
        terms_change_request=None,
        payload={"by": side},
    )


def accept(
    order: Order, side: Side, version: int, *, policy: Policy, policy_hash: str, quote: Quote | None, now: datetime
) -> OrderChange:
    """Consent to the version the caller saw: to the contract, which reserves its cover, to other terms, or to another day to ship by."""
    if version != order.version:
        raise OtherTerms(
            say(
                "You accept version {version}; the order is at version {version_2}.",
                version=version,
                version_2=order.version,
            ),
            version=order.version,
            param="version",
        )
    if order.ship_by_change_request is not None:
        return _accept_day(order, order.ship_by_change_request, policy, now)
    if order.terms_change_request is not None:
        return accept_terms(order, order.terms_change_request, policy, quote, now)
    must_hold_together(order.terms, now)
    return TABLE.change(
        order,
        "accept",
        now,
        event="accepted",
        status="agreed",
        agreed_at=now,
        day_agreed_at=now,
        pay_due_at=pay_due_at(order.terms.instalments[0], order.terms, policy, now),
        policy=policy_hash,
        cover=Cover.of(order.terms.cap_minor, quote) if quote else None,
        payload={"by": side, "terms": order.terms.hash},
    )


def cancel(order: Order, side: Side, reason: str, now: datetime) -> OrderChange:
    """Withdraw while no money has arrived; after that ask, and be cancelled when the other side asks too.

    What was asked for is over once goods leave, in part or whole, or both agree on other terms or another day.
    """
    if order.status not in ("part_funded", "funded"):
        return end(order, "cancel", "cancelled", now, by=side, reason=reason)
    if order.cancel_requested_by == other(side):
        status: Status = "refunded" if order.status == "funded" else "cancelled"
        return end(order, "cancel", status, now, event="cancelled_by_consent", by=side, reason=reason)
    payload = {"by": side, "reason": reason}
    return TABLE.change(order, "cancel", now, event="cancel_asked", cancel_requested_by=side, payload=payload)


def _accept_day(order: Order, wanted: ShipByRequest, policy: Policy, now: datetime) -> OrderChange:
    terms = replace(order.terms, ship_by=moved_day(order, wanted.ship_by, policy, now))
    must_fall_due_in_order(terms, now, known=order.terms)
    return TABLE.change(
        order,
        "accept",
        now,
        event="ship_by_moved",
        terms=terms,
        day_agreed_at=now,
        ship_by_change_request=None,
        cancel_requested_by=None,
        payload={"by": other(wanted.by), "old": order.terms.ship_by, "new": wanted.ship_by},
    )
