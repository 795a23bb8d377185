"""A protected order as a value, and the figures that follow from it.

Coverage, in the order's currency (source: protection.md 1):
    coverage_cap = min(agreed deposit or total, order total)
    active_cover = min(coverage_cap, what was received for instalments)      never what was paid above the total
    refundable   = received - refunded, for whatever cause - charged back by banks
    claimable    = min(active_cover - paid to claims, refundable)             what all claims together may still have
    ceiling_left = claimable - reserved for open claims
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.orders.rules.channel_terms import CarrierStep, ChannelTerms
from chalicelib.orders.rules.terms import Incoterm, Instalment, LineNumber, ShipBy, ShipOn, Terms
from chalicelib.shared import bounds, periods
from chalicelib.shared.bounds import NoRoom, characters, most
from chalicelib.shared.fx import Quote

Status = Literal[
    "draft",
    "proposed",
    "agreed",
    "part_funded",
    "funded",
    "shipped",
    "delivered",
    "received",
    "completed",
    "cancelled",
    "expired",
    "refunded",
]
Side = Literal["buyer", "supplier"]
PaymentStatus = Literal[
    "counted", "wrong_currency", "wrong_account", "order_closed", "reference_reused", "method_not_agreed"
]

BEFORE_SHIPMENT: Final = frozenset({"not_shipped", "quality_pre_shipment"})
"""Reasons about goods that have not left: whoever claims on them decides whether they still may."""
ENDS: Final[frozenset[Status]] = frozenset({"completed", "cancelled", "expired", "refunded"})
MOST_SHIPMENTS: Final = 30
MOST_DOCUMENTS: Final = 40
"""Of all shipments of an order together."""
MOST_SHIPPED_LINES: Final = 300
MOST_PAYMENTS: Final = 50
MOST_CLAIMS: Final = 30
AWAITING_MONEY: Final[frozenset[Status]] = frozenset({"agreed", "part_funded", "funded"})


class TooManyShipments(NoRoom):
    code = "too_many_shipments"
    title = "An order holds no more shipments, documents or shipped lines."
    fix = (
        "Ship what is left in one consignment, with fewer documents; or agree with the buyer on an order for the rest."
    )


class TooManyPayments(NoRoom):
    code = "too_many_payments"
    title = "An order holds no more payments."
    fix = "Pay what is due in fewer payments; what came beyond them waits in suspense for an officer."


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters of protected orders: `chalicelib/policies/protection/`. Days are 24 hours."""

    draft_days: int
    confirm_days: int
    pay_days: int
    respond_hours: int
    late_claim_days: int
    balance_lead_days: int
    short_tolerance_bp: int
    claim_days_after_receipt: int
    extend_days: int
    receipt_after_delivery_days: int
    auto_receipt_days: dict[str, int]


class Cover(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is reserved for the order against the supplier's protection amount, at the rate of the day it was agreed."""

    cap_minor: int
    reserved_usd_minor: int
    remaining_usd_minor: int
    quote: Quote
    state: Literal["reserved", "active", "released"] = "reserved"

    @classmethod
    def of(cls, cap_minor: int, quote: Quote) -> Cover:
        """A new one: the limit's currency is rounded up, so that a reservation never falls short."""
        reserved = quote.convert(cap_minor, "up")
        return cls(cap_minor=cap_minor, reserved_usd_minor=reserved, remaining_usd_minor=reserved, quote=quote)


class Payment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payment a bank told us of. Only `counted` money is held for the order; the rest waits in suspense, and says why.

    `payment_id`: the acquirer's payment it is a capture of; `released_minor` of that was settled before completion.
    """

    bank_id: str
    bank_ref: str
    amount_minor: int
    currency: str
    value_date: date
    at: datetime
    status: PaymentStatus
    fees_minor: int = 0
    returned_minor: int = 0
    refunded_minor: int = 0
    payment_id: str = ""
    released_minor: int = 0

    @property
    def refundable_minor(self) -> int:
        """What of it can still go back the way it came."""
        return max(0, self.amount_minor - self.returned_minor - self.refunded_minor)

    @property
    def releasable_minor(self) -> int:
        """What of it can still be released: what has neither gone back nor been released."""
        return max(0, self.refundable_minor - self.released_minor)


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    kind: str
    reference: Annotated[str, characters(100)]
    sha256: str = ""


class ShippedLine(msgspec.Struct, frozen=True, kw_only=True):
    line: LineNumber
    quantity: int


class Shipment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One consignment, with the lines it carries. Recorded the moment it was reported: that is its date.

    One of a channel has a customs number, and goes by its terms; `carried` is how far its carrier said that it came, each step once.
    """

    carrier: Annotated[str, characters(100)]
    tracking_number: Annotated[str, characters(100)]
    documents: Annotated[tuple[Document, ...], most(10, together=MOST_DOCUMENTS)]
    lines: Annotated[tuple[ShippedLine, ...], most(100, together=MOST_SHIPPED_LINES)]
    at: datetime
    customs_number: Annotated[str, msgspec.Meta(max_length=40)] = ""
    incoterm: Incoterm | None = None
    carried: tuple[CarrierStep, ...] = ()


class ShipByRequest(msgspec.Struct, frozen=True):
    """A new day to ship by that one side has asked for and the other has not accepted yet."""

    by: Side
    ship_by: ShipBy


class TermsChangeRequest(msgspec.Struct, frozen=True):
    """Other terms that one side has asked for after agreement and the other has not accepted yet."""

    by: Side
    terms: Terms


class Claimed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A claim as its order knows it: what it is about, and what of the ceiling is reserved for it or was paid to it.

    `disputed`: a share of it was paid, and the rest is still reserved for it. `decided`: what it is worth is owed; nothing more is.
    """

    claim_id: str
    reason: str
    lines: Annotated[tuple[LineNumber, ...], most(100)]
    requested_minor: int
    reserved_minor: int = 0
    paid_minor: int = 0
    disputed: bool = False
    decided: bool = False
    outcome: str = ""
    """Empty while it is open."""
    may_ship: bool = False
    """The buyer agreed that goods leave while it is open, and it goes on."""
    again: bool = False
    """Nothing was decided of it: the same may be claimed again."""

    @property
    def lacking_minor(self) -> int:
        """What it asks for that is neither reserved for it nor paid."""
        return 0 if self.decided else max(0, self.requested_minor - self.reserved_minor - self.paid_minor)


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One order. `version` counts its changes, `recent` names the journal entries that made the last of them.

    Most are its own: `seq` counts those, and `entry_hash` is that of the last of them. The others are of claims on it.
    """

    id: str
    buyer_id: str
    supplier_id: str
    created_by: Side
    proposed_by: Side | None = None
    status: Status
    version: int
    seq: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    created_at: datetime
    updated_at: datetime
    terms: Terms
    channel: ChannelTerms | None = None
    policy: str
    warning: str = ""
    asked_at: datetime
    agreed_at: datetime | None = None
    terms_changed_at: datetime | None = None
    day_agreed_at: datetime | None = None
    """When both had last agreed on when to ship, and so on what is late."""
    pay_due_at: datetime | None = None
    funded_at: datetime | None = None
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    receipt_due_at: datetime | None = None
    received_at: datetime | None = None
    received_automatically: bool = False
    window_ends_at: datetime | None = None
    ended_at: datetime | None = None
    why: str = ""
    """What ended it."""
    cover: Cover | None = None
    payments: Annotated[tuple[Payment, ...], most(MOST_PAYMENTS)] = ()
    bank_seqs: Annotated[dict[str, int], most(50, why="one for each partner bank")] = {}
    received_minor: int = 0
    unallocated_minor: int = 0
    waivers: Annotated[dict[str, int], most(10, why="one for each instalment")] = {}
    refunded_minor: int = 0
    refunded_otherwise_minor: int = 0
    charged_back_minor: int = 0
    released_minor: int = 0
    shipments: Annotated[tuple[Shipment, ...], most(MOST_SHIPMENTS)] = ()
    ship_by_change_request: ShipByRequest | None = None
    terms_change_request: TermsChangeRequest | None = None
    extended_by: Annotated[tuple[Side, ...], most(2, why="each side once")] = ()
    cancel_requested_by: Side | None = None
    claims: Annotated[tuple[Claimed, ...], most(MOST_CLAIMS)] = ()
    paused_since: datetime | None = None
    paused_ms: int = 0

    def side_of(self, member_id: str) -> Side | None:
        return {self.buyer_id: "buyer", self.supplier_id: "supplier"}.get(member_id)  # type: ignore[return-value]

    def due_of(self, instalment: Instalment) -> int:
        """What is asked of an instalment: its amount less what the supplier waived of it."""
        return instalment.amount_minor - self.waivers.get(instalment.name, 0)

    @property
    def asked_by(self) -> Side | None:
        """Who waits for the other side's word on another day to ship by or on other terms."""
        change_request = self.ship_by_change_request or self.terms_change_request
        return change_request.by if change_request else None

    @property
    def terms_at_stake(self) -> Terms:
        """What an acceptance now would be of."""
        return self.terms_change_request.terms if self.terms_change_request else self.terms

    @property
    def due_minor(self) -> int:
        """What the buyer owes in all."""
        return sum(map(self.due_of, self.terms.instalments))

    @property
    def deposit_due_minor(self) -> int:
        """What makes the order funded."""
        return self.due_of(self.terms.instalments[0])

    @property
    def held_minor(self) -> int:
        """Money of the buyer still held for this order: refunds that others paid for did not lower it."""
        return self.received_minor - (self.refunded_minor - self.refunded_otherwise_minor) - self.released_minor

    @property
    def receipt_runs_since(self) -> datetime | None:
        """Since when the time runs after which receipt is taken as confirmed."""
        return self.delivered_at or self.shipped_at

    def stood_still(self, started: datetime | None, now: datetime) -> timedelta:
        """How long a timer that began at `started` has stood still by now, because claims are open."""
        if self.paused_since is None:
            return timedelta()
        return max(timedelta(), now - max(self.paused_since, started or now))

    def may_pay_until(self, until: datetime, now: datetime) -> datetime:
        """When payment is due, so that there is time for it until then: as it is kept, before the time that it stands still is added."""
        until -= self.stood_still(self.agreed_at, now)
        return max(self.pay_due_at or until, until)

    def releasable_of(self, payment_id: str) -> int:
        """What can still be released of an acquirer's payment."""
        return sum(paid.releasable_minor for paid in self.payments if paid.payment_id == payment_id)

    @property
    def held_by_payment(self) -> dict[str, int]:
        """What is held, by the acquirers' payments it came by. The last has what came otherwise, so that all together are what is held."""
        names = [*dict.fromkeys(paid.payment_id for paid in self.payments if paid.payment_id)]
        left, held = self.held_minor, {}
        for name in names:
            held[name] = left if name == names[-1] else min(left, self.releasable_of(name))
            left -= held[name]
        return held

    @property
    def cover_usd_minor(self) -> int:
        """What it holds of the supplier's cover, in US cents."""
        return self.cover.remaining_usd_minor if self.cover else 0

    @property
    def active_cover_minor(self) -> int:
        if self.cover is None or self.cover.state == "released":
            return 0
        return max(0, min(self.cover.cap_minor, self.received_minor - self.charged_back_minor))

    @property
    def open_claims(self) -> tuple[Claimed, ...]:
        """In the order in which they were filed."""
        return tuple(claimed for claimed in self.claims if not claimed.outcome)

    @property
    def was_charged_back(self) -> bool:
        """Whether a bank took a payment that counted back, in whole or in part."""
        return any(paid.returned_minor for paid in self.payments if paid.status == "counted")

    @property
    def keeping_goods_back(self) -> tuple[Claimed, ...]:
        """Open claims about goods before shipment under which the buyer has not agreed to it."""
        return tuple(mark for mark in self.open_claims if mark.reason in BEFORE_SHIPMENT and not mark.may_ship)

    @property
    def holds(self) -> int:
        """What stops the order's clock: so many claims are open."""
        return len(self.open_claims)

    @property
    def reserved_minor(self) -> int:
        """What is reserved for open claims, each its own."""
        return sum(claimed.reserved_minor for claimed in self.claims)

    @property
    def claimable_minor(self) -> int:
        """What claims may still be paid of the cover, all together: never more than can be refunded."""
        paid = sum(claimed.paid_minor for claimed in self.claims)
        return max(0, min(self.active_cover_minor - paid, self.refundable_minor))

    @property
    def ceiling_left_minor(self) -> int:
        """What another claim could still have reserved for it."""
        return max(0, self.claimable_minor - self.reserved_minor)

    @property
    def refundable_minor(self) -> int:
        return max(0, self.received_minor - self.refunded_minor - self.charged_back_minor)

    @property
    def early_minor(self) -> int:
        """What the supplier may have before completion: of the held money, no more than the cover would make good."""
        return 0 if self.holds else max(0, min(self.held_minor, self.ceiling_left_minor - self.released_minor))

    @property
    def funded_status(self) -> Status:
        """Where an agreed order stands by the money it holds."""
        if self.received_minor >= self.deposit_due_minor:
            return "funded"
        return "part_funded" if self.received_minor else "agreed"


def other(side: Side) -> Side:
    return "supplier" if side == "buyer" else "buyer"


def instalments_received(order: Order) -> list[tuple[Instalment, int]]:
    """How far each instalment is paid: money fills them in their order."""
    left, filled = order.received_minor, []
    for instalment in order.terms.instalments:
        part = min(order.due_of(instalment), left)
        filled.append((instalment, part))
        left -= part
    return filled


def left_to_ship(order: Order) -> dict[int, int]:
    """Quantities by line that no shipment has carried yet."""
    left = {item.line: item.quantity for item in order.terms.items}
    for shipment in order.shipments:
        for shipped in shipment.lines:
            left[shipped.line] -= shipped.quantity
    return {line: quantity for line, quantity in left.items() if quantity}


def shipped(order: Order) -> Counter[str]:
    """Of a channel's order: how many of each listing have been shipped."""
    assert order.channel is not None, f"{order.id} is no channel's"
    sent: Counter[str] = Counter()
    for shipment in order.shipments:
        for each in shipment.lines:
            sent[order.channel.listing_of(each.line)] += each.quantity
    return sent


def reserving(order: Order) -> Counter[str]:
    """Of a channel's order: how many of each listing are reserved for it, which is what may still be shipped."""
    assert order.channel is not None, f"{order.id} is no channel's"
    if order.status not in AWAITING_MONEY:
        return Counter()
    return Counter({order.channel.listing_of(line): left for line, left in left_to_ship(order).items()})


def ship_by_at(order: Order, policy: Policy) -> datetime | None:
    """The instant to ship before, or None while it waits for a payment.

    A fixed day moves by as long as the buyer's balance was late, where the balance is due before shipment: the balance is due
    on its own `due_by`, or else `balance_lead_days` before the day to ship by, and it is never late before both had agreed on that day.
    """
    rule = order.terms.ship_by
    if isinstance(rule, ShipOn):
        agreed = periods.end_of_day(rule.date, rule.zone)
        if not needs_balance(order):
            return agreed
        if order.paid_at is None:
            return None
        return agreed + max(timedelta(0), order.paid_at - _balance_due_at(order, rule, agreed, policy))
    start = order.funded_at if rule.payment == "deposit" else order.paid_at
    return start + timedelta(days=rule.days) if start else None


def needs_balance(order: Order) -> bool:
    """Whether shipment waits for more than the deposit."""
    return order.terms.balance_before_shipment and len(order.terms.instalments) > 1


def _balance_due_at(order: Order, rule: ShipOn, agreed: datetime, policy: Policy) -> datetime:
    last = order.terms.instalments[-1].due_by
    due = periods.end_of_day(last, rule.zone) if last else agreed - timedelta(days=policy.balance_lead_days)
    return max(due, order.day_agreed_at or due)


def pay_due_at(part: Instalment, terms: Terms, policy: Policy, start: datetime) -> datetime:
    """Until when an instalment is waited for: the programme's days from a start, and at least until the day the contract names."""
    due_at = start + timedelta(days=policy.pay_days)
    return max(due_at, periods.end_of_day(part.due_by, terms.zone)) if part.due_by else due_at


def must_hold(order: Order, shipment: Shipment, *, whole: bool) -> None:
    """TooManyShipments where the order has no room for it. Room is kept for one that carries all that is left, with a document."""
    kept = 0 if whole else 1
    there = (*order.shipments, shipment)
    documents, lines = sum(len(each.documents) for each in there), sum(len(each.lines) for each in there)
    bounds.must_have_room(len(there) - 1, MOST_SHIPMENTS - kept, TooManyShipments, param="lines")
    bounds.must_have_room(documents - 1, MOST_DOCUMENTS - kept, TooManyShipments, param="documents")
    bounds.must_have_room(
        lines - 1, MOST_SHIPPED_LINES - kept * len(order.terms.items), TooManyShipments, param="lines"
    )
