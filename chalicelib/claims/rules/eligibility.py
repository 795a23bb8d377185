"""Whether an order can be claimed on for a reason, from when, and until when. Pure.

A claim is in time iff `opens_at <= now < ends_at`. Counting (source: protection.md 3):
    not_shipped           from the end of the day to ship by, until the goods have left or `late_claim_days` later
    late_shipment         from the end of the day to ship by, until the window after receipt ends
    quality_pre_shipment  from funding, until the goods have left; only where quality was agreed to be judged before shipment
    not_received          from the latest day of arrival by the way the goods travel, plus a grace, until the window ends
    damaged_in_transit    from receipt, for `transit_damage_days`
    all others            from receipt, until the window ends
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec

from chalicelib.claims.rules.policy import ClaimPolicy
from chalicelib.claims.rules.reasons import Reason
from chalicelib.orders.rules.order import Order, Policy, ship_by_at
from chalicelib.orders.rules.terms import NotCovered
from chalicelib.shared.errors import Conflict, DomainError
from chalicelib.shared.periods import wire
from chalicelib.shared.texts import Text, say

_UNCOVERED: Final = "Settle it with the supplier directly; for later orders choose cover before both sides agree."


class NothingReceived(Conflict):
    code = "nothing_received"
    title = "No money is held for the order, so there is none to give back."
    fix = "Claim once a payment to the order's account has arrived."


class TooEarlyToClaim(Conflict):
    code = "too_early_to_claim"
    title = "This cannot be claimed yet."
    fix = "Wait until `due_at`, or until what `waits_for` names has happened."


class WindowOver(Conflict):
    code = "claim_window_over"
    title = "The time to claim this is over."
    fix = "Settle it with the supplier directly, or look whether another reason is still open."


class ReasonDoesNotFit(Conflict):
    code = "reason_does_not_fit"
    title = "The order shows that this reason cannot hold."
    fix = "Choose one of the reasons that are open for this order."


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """When a reason can be claimed. `opens_at` None: not before `waits_for`. `ends_at` None: the end is not known yet.

    `unfit`: why the order can never be claimed on for this reason.
    """

    opens_at: datetime | None = None
    ends_at: datetime | None = None
    waits_for: str = ""
    unfit: Text | None = None


def why_not(
    reason: Reason, order: Order, terms_policy: Policy, policy: ClaimPolicy, now: datetime
) -> DomainError | None:
    """Why it cannot be claimed now, or None where it can."""
    return _without_cover(order) or _outside(reason, window(reason, order, terms_policy, policy), now)


def window(reason: Reason, order: Order, terms_policy: Policy, policy: ClaimPolicy) -> Window:
    return _WINDOWS[reason](order, terms_policy, policy)


def _without_cover(order: Order) -> DomainError | None:
    if order.cover is None or order.cover.cap_minor == 0:
        return NotCovered("No cover is in force for this order.", fix=_UNCOVERED, cover=order.terms.cover)
    if order.refundable_minor == 0:
        return NothingReceived("Nothing was received for this order, or it was given back.")
    return None


def _outside(reason: Reason, window: Window, now: datetime) -> DomainError | None:
    if window.unfit:
        return ReasonDoesNotFit(window.unfit, param="reason")
    if window.ends_at is not None and now >= window.ends_at:
        ended = wire(window.ends_at)
        return WindowOver(
            say("A claim for {reason} could be filed before {ended}.", reason=reason, ended=ended),
            param="reason",
            ended_at=ended,
        )
    if window.opens_at is None:
        return TooEarlyToClaim(
            say("A claim for {reason} waits for {waits_for}.", reason=reason, waits_for=window.waits_for),
            param="reason",
            waits_for=window.waits_for,
        )
    if now < window.opens_at:
        due = wire(window.opens_at)
        return TooEarlyToClaim(
            say("A claim for {reason} can be filed from {due} on.", reason=reason, due=due), param="reason", due_at=due
        )
    return None


def _not_shipped(order: Order, terms_policy: Policy, _: ClaimPolicy) -> Window:
    if order.shipped_at is not None:
        return Window(unfit=say("The goods were shipped on {at}.", at=wire(order.shipped_at)))
    due = _ship_by(order, terms_policy)
    if due is None:
        return Window(waits_for="payment")
    return Window(opens_at=due, ends_at=due + timedelta(days=terms_policy.late_claim_days))


def _late_shipment(order: Order, terms_policy: Policy, _: ClaimPolicy) -> Window:
    due = _ship_by(order, terms_policy)
    if due is None:
        return Window(waits_for="payment")
    if order.shipped_at is not None and order.shipped_at <= due:
        return Window(
            unfit=say("The goods were shipped on {at}, in time for {due}.", at=wire(order.shipped_at), due=wire(due))
        )
    return Window(opens_at=due, ends_at=order.window_ends_at)


def _quality_pre_shipment(order: Order, terms_policy: Policy, _: ClaimPolicy) -> Window:
    if order.terms.quality != "pre_shipment":
        return Window(unfit=say("Buyer and supplier agreed that quality is judged after delivery."))
    if order.shipped_at is not None:
        return Window(unfit=say("The goods were shipped on {at}.", at=wire(order.shipped_at)))
    if order.funded_at is None:
        return Window(waits_for="payment")
    due = ship_by_at(order, terms_policy)
    return Window(opens_at=order.funded_at, ends_at=due and due + timedelta(days=terms_policy.late_claim_days))


def _quality_mismatch(order: Order, terms_policy: Policy, policy: ClaimPolicy) -> Window:
    if order.terms.quality != "post_delivery":
        return Window(unfit=say("Buyer and supplier agreed that quality is judged before shipment."))
    return _after_receipt(order, terms_policy, policy)


def _not_received(order: Order, terms_policy: Policy, policy: ClaimPolicy) -> Window:
    if order.received_at is not None and not order.received_automatically:
        return Window(unfit=say("The buyer confirmed receipt on {at}.", at=wire(order.received_at)))
    if order.shipped_at is None:
        return Window(waits_for="shipment")
    days = terms_policy.auto_receipt_days[order.terms.transport] + policy.not_received_grace_days
    return Window(opens_at=order.shipped_at + timedelta(days=days), ends_at=order.window_ends_at)


def _damaged_in_transit(order: Order, terms_policy: Policy, policy: ClaimPolicy) -> Window:
    window = _after_receipt(order, terms_policy, policy)
    if window.opens_at is None or window.ends_at is None:
        return window
    soonest = window.opens_at + timedelta(days=policy.transit_damage_days)
    return msgspec.structs.replace(window, ends_at=min(soonest, window.ends_at))


def _after_receipt(order: Order, _: Policy, __: ClaimPolicy) -> Window:
    if order.received_at is None:
        return Window(waits_for="receipt")
    return Window(opens_at=order.received_at, ends_at=order.window_ends_at)


def _ship_by(order: Order, terms_policy: Policy) -> datetime | None:
    """The instant to ship before, once the deposit is there: before that, nothing has to be shipped."""
    return ship_by_at(order, terms_policy) if order.funded_at else None


_WINDOWS: Final[dict[Reason, Callable[[Order, Policy, ClaimPolicy], Window]]] = {
    "not_shipped": _not_shipped,
    "late_shipment": _late_shipment,
    "quality_pre_shipment": _quality_pre_shipment,
    "quality_mismatch": _quality_mismatch,
    "quantity_short": _after_receipt,
    "wrong_item": _after_receipt,
    "counterfeit": _after_receipt,
    "not_received": _not_received,
    "damaged_in_transit": _damaged_in_transit,
    "missing_documents": _after_receipt,
}
