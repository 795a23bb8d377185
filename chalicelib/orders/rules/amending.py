"""Other terms after agreement: one side asks, the other accepts the version it saw.

Goods, instalments and cover may still change while the order waits for money and nothing has left. What has been received stays
received: state and dates follow from it under the new terms. The cover rises only with the supplier's capacity, at the rate that was locked
when it was first reserved; where it falls, the surplus is free at once. The policies the order was agreed under stay its own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from chalicelib.ledger.rules.chart import HELD, UNALLOCATED
from chalicelib.orders.rules import order as rules
from chalicelib.orders.rules.payments import settle
from chalicelib.orders.rules.terms import BadTerms, ShipBy, Terms, must_add_up, must_fall_due_in_order, must_lie_ahead
from chalicelib.orders.rules.transitions import TABLE, OrderChange
from chalicelib.shared.errors import Conflict
from chalicelib.shared.fx import Quote
from chalicelib.shared.journal import transfer
from chalicelib.shared.money import Money
from chalicelib.shared.texts import say


class TooLateToAmend(Conflict):
    code = "old_day_has_passed"
    title = "The day to ship by has passed."
    fix = "A day that has passed cannot be moved; cancel by consent, or ship."


def request_terms_change(
    order: rules.Order, side: rules.Side, terms: Terms, policy: rules.Policy, now: datetime
) -> OrderChange:
    """Ask the other side for other terms. It replaces what the same side asked for before; nothing of the contract changes yet."""
    _must_be_open(order, side, policy, now)
    _must_fit(order, terms, policy, now)
    return TABLE.change(
        order,
        "amend",
        now,
        event="terms_asked",
        terms_change_request=rules.TermsChangeRequest(side, terms),
        ship_by_change_request=None,
        payload={"by": side} | _difference(order, terms),
    )


def accept_terms(
    order: rules.Order, wanted: rules.TermsChangeRequest, policy: rules.Policy, quote: Quote | None, now: datetime
) -> OrderChange:
    """The contract is what was asked for. `quote` is that of the day, for an order that has no cover yet."""
    side, terms = rules.other(wanted.by), wanted.terms
    _must_be_open(order, side, policy, now)
    _must_fit(order, terms, policy, now)
    amended = _amended(order, terms)
    taken = min(order.unallocated_minor, amended.due_minor - order.received_minor)
    filled = replace(
        amended,
        received_minor=order.received_minor + taken,
        unallocated_minor=order.unallocated_minor - taken,
        terms_change_request=None,
        cancel_requested_by=None,
        terms_changed_at=now,
        day_agreed_at=now,
        pay_due_at=rules.pay_due_at(terms.instalments[0], terms, policy, now),
    )
    return settle(
        order,
        replace(filled, cover=_cover_after(filled, quote)),
        "accept",
        now,
        event="terms_changed",
        payload={"by": side} | _difference(order, terms),
        postings=transfer(taken, terms.currency, debit_to=(UNALLOCATED, order.id), credit_to=(HELD, order.id)),
    )


def moved_day(order: rules.Order, ship_by: ShipBy, policy: rules.Policy, now: datetime) -> ShipBy:
    """Another day to ship by. The old one is moved before it passes, or not at all."""
    old = rules.ship_by_at(order, policy)
    if old is not None and now >= old:
        raise TooLateToAmend("The agreed day to ship by has passed.", due_at=old)
    return must_lie_ahead(ship_by, now)


def _must_be_open(order: rules.Order, side: rules.Side, policy: rules.Policy, now: datetime) -> None:
    """Nothing has left, and nobody claims on the terms as they are; those of a channel's order follow from its quote."""
    if order.shipments:
        why = say("Goods have left: its terms stay as they are.")
    elif order.holds:
        why = say("A claim is open: its terms stay as they are.")
    elif order.channel is not None:
        why = say("It was placed by a quote: its terms stay as they are.")
    elif order.status not in rules.AWAITING_MONEY:
        why = say("The order waits for no money: its terms stay as they are.")
    else:
        return
    raise TABLE.refused(why, order, side, policy, now)


def _must_fit(order: rules.Order, terms: Terms, policy: rules.Policy, now: datetime) -> None:
    """The same currency, no less than was received, and no less cover than has been used up."""
    if terms.currency != order.terms.currency:
        raise BadTerms(say("The contract is in {currency}.", currency=order.terms.currency), param="terms.currency")
    must_add_up(terms)
    if terms.ship_by != order.terms.ship_by:
        moved_day(order, terms.ship_by, policy, now)
    must_fall_due_in_order(terms, now, known=order.terms)
    after = _amended(order, terms)
    _must_reach(after.due_minor, order.received_minor, "items", "have been received", order)
    used = order.released_minor + sum(claimed.paid_minor for claimed in order.claims)
    _must_reach(_cap_of(after), used, "cover", "of the cover have been used", order)


def _must_reach(minor: int, least: int, param: str, what: str, order: rules.Order) -> None:
    if minor < least:
        money = Money.of(least, order.terms.currency)
        raise BadTerms(
            say("{amount} {currency} {what}.", amount=money.grouped, currency=money.currency, what=what),
            param=f"terms.{param}",
            minimum=money,
        )


def _amended(order: rules.Order, terms: Terms) -> rules.Order:
    """What the supplier waived stays waived of instalments that stay as they are; of others the new amount says it all."""
    kept = {part.name for part in order.terms.instalments if part in terms.instalments}
    return replace(order, terms=terms, waivers={name: minor for name, minor in order.waivers.items() if name in kept})


def _cap_of(order: rules.Order) -> int:
    """The most the order is covered for under its terms, less what was waived."""
    return {"none": 0, "deposit": order.deposit_due_minor, "total": order.due_minor}[order.terms.cover]


def _cover_after(order: rules.Order, quote: Quote | None) -> rules.Cover | None:
    """The cover of an order whose terms have changed. What claims have used of it stays used."""
    cap, was = _cap_of(order), order.cover
    if was is None:
        return rules.Cover.of(cap, quote) if cap and quote else None
    wanted = was.quote.convert(cap - sum(claimed.paid_minor for claimed in order.claims), "up")
    if cap == was.cap_minor:
        remaining = was.remaining_usd_minor
    else:
        remaining = (max if cap > was.cap_minor else min)(was.remaining_usd_minor, wanted)
    rise = max(0, remaining - was.remaining_usd_minor)
    return replace(
        was,
        cap_minor=cap,
        remaining_usd_minor=remaining,
        reserved_usd_minor=was.reserved_usd_minor + rise,
        state="released" if not cap else "reserved" if was.state == "released" else was.state,
    )


def _difference(order: rules.Order, terms: Terms) -> dict[str, Any]:
    """Both contracts by name, and the amounts that differ most."""
    after = _amended(order, terms)
    return {
        "old": order.terms.hash,
        "new": terms.hash,
        "old_total_minor": order.terms.total_minor,
        "new_total_minor": terms.total_minor,
        "old_cap_minor": order.cover.cap_minor if order.cover else 0,
        "new_cap_minor": _cap_of(after),
    }
