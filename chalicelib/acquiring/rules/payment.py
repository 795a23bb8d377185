"""A card or wallet payment at an acquirer, as a value. Pure.

requested ─→ authorised ─→ captured ─→ partly_refunded ─→ refunded
    │             └─ captures, refunds and disputes come in any number
    └──→ failed, cancelled, expired    nothing was captured; what an acquirer captures all the same goes back whole

What counts is what was captured: it funds the order. A refund is reserved from the moment it is asked for. A dispute takes its part out of the
order while it is open, so that it is neither refunded nor released; where it is won, what was booked then is booked the other way round.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal, get_args

import msgspec

from chalicelib.orders.rules.order import Order
from chalicelib.orders.rules.order import Policy as OrderPolicy
from chalicelib.orders.rules.payments import TakenBack
from chalicelib.quotes.rules.methods import Method, MethodId, Policy
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.periods import Calendar

PREFIX: Final = "cpy"
Status = Literal["requested", "authorised", "captured", "partly_refunded", "refunded", "failed", "cancelled", "expired"]
Actor = Literal["buyer", "supplier", "officer"]
DisputeStatus = Literal["open", "won", "lost"]
Why = Literal[
    "",
    "declined",
    "cancelled",
    "too_late",
    "order_closed",
    "not_authorised",
    "not_captured",
]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
ENDS: Final[frozenset[Status]] = frozenset({"failed", "cancelled", "expired"})
PAID: Final[frozenset[Status]] = frozenset({"captured", "partly_refunded", "refunded"})
MOST_CAPTURES: Final = 20
MOST_DISPUTES: Final = 10


class TooManyCaptures(NoRoom):
    code = "too_many_captures"
    title = "A payment holds no more captures."
    fix = "Capture what is left at once; what came beyond waits in suspense for an officer."


class TooManyDisputes(NoRoom):
    code = "too_many_disputes"
    title = "A payment holds no more disputes."
    fix = "Tell of what the buyer's bank disputes in fewer chargebacks."


class Capture(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an acquirer captured under a reference of its own. `is_aside`: its order did not take it, and it goes back whole: it lies in
    suspense as the item `event_id`. `refunded_minor` of it has gone back. Of one aside a buyer's bank has taken `disputed_minor` back; of one
    that counts `stopped_minor` of its refunds is held back, for its buyer has it through the bank."""

    bank_ref: str
    amount_minor: int
    at: datetime
    is_aside: bool = False
    event_id: str = ""
    refunded_minor: int = 0
    stopped_minor: int = 0
    disputed_minor: int = 0

    @property
    def twice_minor(self) -> int:
        """What has gone back both ways: the buyer owes it."""
        return max(0, self.refunded_minor + self.disputed_minor - self.amount_minor)


class Dispute(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A chargeback: `amount_minor` is what the buyer's bank asks for, in the payment's currency. `taken` is what of it was taken of the order
    when it was opened, `aside_minor` what of captures that the order did not take, and `beyond_minor` what is more than was captured:
    nobody's who trades."""

    ref: str
    amount_minor: int
    taken: TakenBack
    aside_minor: int = 0
    beyond_minor: int
    status: DisputeStatus = "open"
    opened_at: datetime
    decided_at: datetime | None = None


class AcquirerPayment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One payment of an order of a channel. `bank_id` is its acquirer, `bank_seq` the last of its numbers that counted.

    It has to be authorised before `authorise_by`; it expires at `expires_at`, where nothing is captured until then. `calendars` are those of
    both countries, by whose business days the exporter is settled.
    """

    id: str
    order_id: str
    channel_id: str
    buyer_id: str
    supplier_id: str
    bank_id: str
    bank_seq: int = 0
    method: MethodId
    currency: str
    amount_minor: int
    status: Status
    why: Why = ""
    version: int
    seq: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    policy: str
    checkout: Annotated[str, characters(300)]
    calendars: Annotated[tuple[str, ...], most(2, why="the buyer's and the exporter's country")]
    authorise_by: datetime
    expires_at: datetime | None
    authorised_minor: int = 0
    captures: Annotated[tuple[Capture, ...], most(MOST_CAPTURES)] = ()
    refunding_minor: int = 0
    refunded_minor: int = 0
    disputes: Annotated[tuple[Dispute, ...], most(MOST_DISPUTES)] = ()
    settlement_id: str = ""

    @property
    def captured_minor(self) -> int:
        return sum(capture.amount_minor for capture in self.captures)

    @property
    def counted_minor(self) -> int:
        """What of it funded the order."""
        return sum(capture.amount_minor for capture in self.captures if not capture.is_aside)

    @property
    def refs(self) -> tuple[str, ...]:
        """What the acquirer calls the captures that count."""
        return tuple(capture.bank_ref for capture in self.captures if not capture.is_aside)

    @property
    def taken_minor(self) -> int:
        """What disputes that are open or lost have taken of the order."""
        return sum(dispute.taken.total_minor for dispute in self.disputes if dispute.status != "won")

    @property
    def disputed_minor(self) -> int:
        """What they have taken of the payment, whether it counted for the order or lay aside."""
        return self.taken_minor + sum(dispute.aside_minor for dispute in self.disputes if dispute.status != "won")

    @property
    def stopped_minor(self) -> int:
        """What of refunds of its order is held back."""
        return sum(capture.stopped_minor for capture in self.captures)

    @property
    def twice_minor(self) -> int:
        """What disputes that are open or lost have taken although its order had given it back: so much of refunds is rightly held back."""
        return sum(dispute.taken.twice_minor for dispute in self.disputes if dispute.status != "won")

    @property
    def refundable_minor(self) -> int:
        """What could still go back the way it came: nothing that is disputed or on its way back."""
        return max(0, self.captured_minor - self.refunding_minor - self.refunded_minor - self.disputed_minor)

    @property
    def captured_at(self) -> datetime | None:
        return self.captures[-1].at if self.captures else None

    def capture(self, bank_ref: str) -> Capture | None:
        """The capture that the acquirer calls so; None where that was refused, and is no part of the payment."""
        return next((each for each in self.captures if each.bank_ref == bank_ref), None)

    def with_captures(self, *changed: Capture) -> tuple[Capture, ...]:
        """Its captures, some of them as they are now."""
        now = {(each.bank_ref, each.event_id): each for each in changed}
        return tuple(now.get((each.bank_ref, each.event_id), each) for each in self.captures)

    def dispute(self, ref: str) -> Dispute | None:
        return next((each for each in self.disputes if each.ref == ref), None)


def id_of(order_id: str, number: int) -> str:
    """The n-th payment of an order."""
    return f"{PREFIX}_{order_id.partition('_')[2]}_{number:02d}"


def order_of(payment_id: str) -> str:
    """The order of a payment, by its id."""
    return f"ord_{payment_id.split('_')[1]}" if payment_id.count("_") == 2 else ""


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """What a payment is decided on: its order, what both were agreed under, and the business days of both countries."""

    order: Order
    terms: OrderPolicy
    policy: Policy
    calendar: Calendar

    def method_of(self, payment: AcquirerPayment) -> Method:
        return self.policy.method(payment.method, payment.currency)

    def takes_money(self, now: datetime) -> bool:
        """Whether the order still waits for money: one that is about to lapse takes none, whoever looks first."""
        order = self.order
        if order.status not in ("agreed", "part_funded") or order.holds:
            return order.status not in ("completed", "cancelled", "expired", "refunded")
        return order.pay_due_at is None or now < order.pay_due_at
