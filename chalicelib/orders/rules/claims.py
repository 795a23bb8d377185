"""What claims do to their order: reserve of its ceiling, hold its clock, pay the buyer back, and let go again. Pure.

A claim's commit changes the claim and its order together. What comes out of here is the order's next version, for the `also` of the
claim's change, with the postings, payment orders and effects that belong to it.

What of the ceiling is reserved for which claim is shared out again after every change: see `reserves`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from chalicelib.ledger.rules.chart import ADVANCES_RECEIVABLE, HELD, REFUNDS_PAYABLE, SUPPLIER_BALANCE
from chalicelib.orders.rules.ending import ended, give_back, unallocated_back
from chalicelib.orders.rules.order import Claimed, Order, Policy, ship_by_at
from chalicelib.orders.rules.reserves import shared_out, with_claim
from chalicelib.orders.rules.transitions import TABLE
from chalicelib.shared.journal import PaymentOrder, Posting, transfer
from chalicelib.shared.state_machine import Effect
from chalicelib.suppliers.rules.effects import AdvanceCover, ReleaseCover


class OrderPart(msgspec.Struct, frozen=True, kw_only=True):
    """What a claim's change does to its order: the order's next version, what is booked and paid for it, and what becomes of its cover."""

    order: Order
    postings: tuple[Posting, ...] = ()
    payment_orders: tuple[PaymentOrder, ...] = ()
    effects: tuple[Effect, ...] = ()


class Payout(msgspec.Struct, frozen=True, kw_only=True):
    """Where a refund to the buyer comes from, in the order's currency. `covered_minor` of it counts against the ceiling.

    What the supplier's deposit gives is booked by the deposit's own rules: it may be in another currency.
    """

    held_minor: int = 0
    balance_minor: int = 0
    deposit_minor: int = 0
    advance_minor: int = 0
    covered_minor: int
    advance_usd_minor: int = 0
    release_usd_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.held_minor + self.balance_minor + self.deposit_minor + self.advance_minor


def attach_claim(order: Order, claimed: Claimed, now: datetime) -> Order:
    """With one more open claim, for which as much of the ceiling is reserved as it asks for and there is."""
    return _changed(order, "attach_claim", now, claims=(*order.claims, claimed), paused_since=order.paused_since or now)


def change_requested_amount(order: Order, claim_id: str, requested_minor: int, now: datetime) -> Order:
    """The claim asks for another amount: it keeps its place, and gets what it lacked if there is some left."""
    was = of(order, claim_id)
    claimed = replace(was, requested_minor=requested_minor, reserved_minor=min(was.reserved_minor, requested_minor))
    return _changed(order, "change_claim", now, claims=with_claim(order, claimed))


def allow_shipment(order: Order, claim_id: str, now: datetime) -> Order:
    """The buyer agrees that goods leave, and the claim goes on."""
    agreed = replace(of(order, claim_id), may_ship=True)
    return _changed(order, "change_claim", now, claims=with_claim(order, agreed))


def pay(order: Order, claim_id: str, payout: Payout, now: datetime, *, disputed: bool = False) -> OrderPart:
    """Owe the buyer what a claim is worth: each source its own posting, each payment its own instruction, the cover used up.

    While the rest is `disputed`, what was reserved for the claim and is not paid stays reserved.
    """
    was = of(order, claim_id)
    payments, refunds = give_back(order, payout.total_minor)
    used_usd = payout.advance_usd_minor + payout.release_usd_minor
    paid = replace(
        was,
        reserved_minor=max(0, was.reserved_minor - payout.covered_minor) if disputed else 0,
        paid_minor=was.paid_minor + payout.covered_minor,
        disputed=disputed,
        decided=not disputed,
    )
    after = _changed(
        order,
        "pay_claim",
        now,
        claims=with_claim(order, paid),
        payments=payments,
        refunded_minor=order.refunded_minor + payout.total_minor,
        refunded_otherwise_minor=order.refunded_otherwise_minor + payout.total_minor - payout.held_minor,
        cover=order.cover and replace(order.cover, remaining_usd_minor=order.cover.remaining_usd_minor - used_usd),
    )
    return OrderPart(
        order=after,
        postings=_slices(order, payout),
        payment_orders=refunds,
        effects=_cover_effects(order, release=payout.release_usd_minor, advance=payout.advance_usd_minor),
    )


def close_claim(
    order: Order, claim_id: str, outcome: str, policy: Policy, now: datetime, *, again: bool = False
) -> OrderPart:
    """The claim has ended: its reserve is free for those after it. With the last one the order goes on, or is over if all was refunded."""
    ended = replace(of(order, claim_id), reserved_minor=0, disputed=False, outcome=outcome, again=again)
    left = shared_out(replace(order, claims=with_claim(order, ended)))
    if left.holds:
        return OrderPart(order=TABLE.next_version(order, "close_claim", now, state=left))
    if left.received_minor and not left.refundable_minor and not left.held_minor:
        return _refunded(order, left, now)
    return OrderPart(order=TABLE.next_version(order, "close_claim", now, state=resume_timers(left, policy, now)))


def of(order: Order, claim_id: str) -> Claimed:
    return next(claimed for claimed in order.claims if claimed.claim_id == claim_id)


def _changed(order: Order, name: str, now: datetime, **fields: object) -> Order:
    """The order's next version, with what its claims have reserved of it then."""
    return TABLE.next_version(order, name, now, state=shared_out(replace(order, **fields)))


def _slices(order: Order, payout: Payout) -> tuple[Posting, ...]:
    currency, owed = order.terms.currency, (REFUNDS_PAYABLE, order.id)
    return (
        *transfer(payout.held_minor, currency, debit_to=(HELD, order.id), credit_to=owed),
        *transfer(payout.balance_minor, currency, debit_to=(SUPPLIER_BALANCE, order.supplier_id), credit_to=owed),
        *transfer(payout.advance_minor, currency, debit_to=(ADVANCES_RECEIVABLE, order.supplier_id), credit_to=owed),
    )


def _cover_effects(order: Order, *, release: int = 0, advance: int = 0) -> tuple[Effect, ...]:
    """In US cents."""
    effects = (
        ReleaseCover(supplier_id=order.supplier_id, usd_minor=release),
        AdvanceCover(supplier_id=order.supplier_id, usd_minor=advance),
    )
    return tuple(effect for effect in effects if effect.usd_minor)


def _refunded(was: Order, order: Order, now: datetime) -> OrderPart:
    """Nothing of the money is left: the order ends here, its cover is free, surplus goes back to the buyer."""
    payments, refunds = give_back(order, order.unallocated_minor)
    why = "payment_charged_back" if order.was_charged_back else "refunded_to_claims"
    over = TABLE.next_version(
        was,
        "close_claim",
        now,
        state=order,
        payments=payments,
        paused_since=None,
        **ended(order, "refunded", why, now),
    )
    return OrderPart(
        order=over,
        postings=unallocated_back(order),
        payment_orders=refunds,
        effects=_cover_effects(order, release=order.cover_usd_minor),
    )


def resume_timers(order: Order, policy: Policy, now: datetime) -> Order:
    """Every timer that stood still while claims were open goes on with the time it had left."""
    if order.paused_since is None:
        return order

    def moved(due: datetime | None, started: datetime | None) -> datetime | None:
        return due + order.stood_still(started, now) if due else None

    waited = order.stood_still(ship_by_at(order, policy) or order.funded_at, now)
    return replace(
        order,
        paused_since=None,
        paused_ms=order.paused_ms + round(waited / timedelta(milliseconds=1)),
        pay_due_at=moved(order.pay_due_at, order.agreed_at),
        receipt_due_at=moved(order.receipt_due_at, order.receipt_runs_since),
        window_ends_at=moved(order.window_ends_at, order.received_at),
    )
