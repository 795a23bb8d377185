"""From a draft to an agreement: propose, amend, accept, cancel; and another day to ship by."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.orders.rules import moves
from chalicelib.orders.rules.amending import accept_terms, moved_day
from chalicelib.orders.rules.order import AWAITING_MONEY, Cover, Order, Policy, ShipByAsked, Side, other, pay_due_at
from chalicelib.orders.rules.step import Step, end, step
from chalicelib.orders.rules.terms import ShipBy, Terms, must_fall_due_in_order, must_hold_together
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import Event
from chalicelib.shared.refusal import Conflict


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
) -> Step:
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
    facts = {"to": order.status, "by": side, "terms": terms.hash} | ({"warning": warning} if warning else {})
    return Step(order=order, event=Event(f"order.{'proposed' if propose else 'drafted'}", facts, policy=policy), at=now)


def propose(order: Order, side: Side, now: datetime) -> Step:
    moves.must_be_allowed("propose", order, side, now)
    must_hold_together(order.terms, now)
    return step(
        order, "proposed", now, status="proposed", proposed_by=side, asked_at=now, facts={"terms": order.terms.hash}
    )


def amend(order: Order, side: Side, terms: Terms, *, warning: str, now: datetime) -> Step:
    """New terms before agreement. They are the amending side's proposal: the other side has consented to nothing."""
    moves.must_be_allowed("amend", order, side, now)
    proposer = order.proposed_by and side
    return step(
        order,
        "amended",
        now,
        terms=terms,
        warning=warning,
        proposed_by=proposer,
        asked_at=now,
        facts={"by": side, "terms": terms.hash},
    )


def ask_for_day(order: Order, side: Side, ship_by: ShipBy, policy: Policy, now: datetime) -> Step:
    """Ask the other side for another day to ship by, before the old one passes."""
    moves.must_be_allowed("amend", order, side, now)
    if order.status not in AWAITING_MONEY:
        raise moves.NotInThisState(
            "Nothing is agreed yet; amend the terms as a whole.",
            status=order.status,
            allowed_actions=moves.allowed(order, side, now),
        )
    asked = ShipByAsked(side, moved_day(order, ship_by, policy, now))
    must_fall_due_in_order(replace(order.terms, ship_by=ship_by), now, known=order.terms)
    return step(order, "ship_by_asked", now, ship_by_asked=asked, terms_wanted=None, facts={"by": side})


def accept(
    order: Order, side: Side, version: int, *, policy: Policy, policy_hash: str, quote: Quote | None, now: datetime
) -> Step:
    """Consent to the version the caller saw: to the contract, which reserves its cover, to other terms, or to another day to ship by."""
    moves.must_be_allowed("accept", order, side, now)
    if version != order.version:
        raise OtherTerms(
            f"You accept version {version}; the order is at version {order.version}.",
            version=order.version,
            param="version",
        )
    if order.ship_by_asked is not None:
        return _accept_day(order, order.ship_by_asked, policy, now)
    if order.terms_wanted is not None:
        return accept_terms(order, order.terms_wanted, policy, quote, now)
    must_hold_together(order.terms, now)
    return step(
        order,
        "accepted",
        now,
        status="agreed",
        agreed_at=now,
        day_agreed_at=now,
        pay_due_at=pay_due_at(order.terms, policy, now),
        policy=policy_hash,
        cover=cover_for(order.terms, quote) if quote else None,
        facts={"by": side, "terms": order.terms.hash},
    )


def cover_for(terms: Terms, quote: Quote) -> Cover:
    """The cover of these terms."""
    return Cover.of(terms.cap_minor, quote)


def cancel(order: Order, side: Side, reason: str, now: datetime) -> Step:
    """Withdraw while no money has arrived; after that ask, and be cancelled when the other side asks too."""
    moves.must_be_allowed("cancel", order, side, now)
    if order.status not in ("part_funded", "funded"):
        return end(order, "cancelled", "cancelled", now, by=side, reason=reason)
    if order.cancel_asked_by == other(side):
        return end(
            order,
            "cancelled_by_consent",
            "refunded" if order.status == "funded" else "cancelled",
            now,
            by=side,
            reason=reason,
        )
    return step(order, "cancel_asked", now, cancel_asked_by=side, facts={"by": side, "reason": reason})


def _accept_day(order: Order, asked: ShipByAsked, policy: Policy, now: datetime) -> Step:
    terms = replace(order.terms, ship_by=moved_day(order, asked.ship_by, policy, now))
    must_fall_due_in_order(terms, now, known=order.terms)
    facts = {"by": other(asked.by), "old": order.terms.ship_by, "new": asked.ship_by}
    return step(order, "ship_by_moved", now, terms=terms, day_agreed_at=now, ship_by_asked=None, facts=facts)
