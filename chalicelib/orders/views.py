"""What clients send and see of orders."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chalicelib.orders.rules import (
    BadTerms,
    Cover,
    Deadline,
    Document,
    Instalment,
    Item,
    Order,
    Policy,
    ShipAfterPayment,
    ShipBy,
    Shipment,
    ShipOn,
    ShippedLine,
    Side,
    Status,
    Terms,
    allowed,
    deadlines,
    instalments_received,
    ship_by_at,
)
from chalicelib.orders.rules.terms import CoverChoice, Incoterm, Quality, Transport
from chalicelib.shared import periods
from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money, parse_minor
from chalicelib.shared.pages import Page, Paging

Name = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=2000)]
Reference = Annotated[str, Meta(min_length=1, max_length=100)]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000_000)]
LineNumber = Annotated[int, Meta(ge=1, le=100)]
MemberId = Annotated[str, Meta(pattern="^mem_[0-9A-HJKMNP-TV-Z]{26}$")]


class ItemAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of goods: a whole quantity at a price for each unit."""

    name: Name
    quantity: Quantity
    unit: Annotated[str, Meta(min_length=1, max_length=30)] = "piece"
    unit_price: Money


class InstalmentAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the total. The first is the deposit: the order is funded when it is paid."""

    name: Annotated[str, Meta(min_length=1, max_length=30)]
    money: Money
    due_by: date | None = None


class ShipOnAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="fixed"):
    """By the end of a date in a zone; where no zone is agreed, the supplier's."""

    date: date
    zone: Annotated[str, Meta(max_length=60)] | None = None


class ShipAfterPaymentAsked(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="after_payment"
):
    """So many days, each 24 hours, after the deposit or after everything is paid."""

    days: Annotated[int, Meta(ge=1, le=365)]
    payment: Literal["deposit", "full"]


class TermsAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contract that is proposed. All money is in one currency; the instalments add up to the items."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    items: Annotated[list[ItemAsked], Meta(min_length=1, max_length=100)]
    instalments: Annotated[list[InstalmentAsked], Meta(min_length=1, max_length=10)]
    ship_by: ShipOnAsked | ShipAfterPaymentAsked
    cover: CoverChoice = "total"
    quality: Quality = "post_delivery"
    transport: Transport = "sea"
    incoterm: Incoterm = "FOB"
    balance_before_shipment: bool = True
    specification: Text = ""
    category: Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")] = "general"

    def terms(self, default_zone: str) -> Terms:
        """The terms in minor units; Malformed names the amount that is not what it must be."""
        return Terms(
            currency=self.currency,
            items=tuple(
                Item(
                    line=n,
                    name=item.name,
                    quantity=item.quantity,
                    unit=item.unit,
                    unit_price_minor=self._minor(item.unit_price, f"items[{n - 1}].unit_price"),
                )
                for n, item in enumerate(self.items, 1)
            ),
            instalments=tuple(
                Instalment(
                    name=part.name, amount_minor=self._minor(part.money, f"instalments[{n}].money"), due_by=part.due_by
                )
                for n, part in enumerate(self.instalments)
            ),
            ship_by=ship_by_of(self.ship_by, default_zone),
            cover=self.cover,
            quality=self.quality,
            transport=self.transport,
            incoterm=self.incoterm,
            balance_before_shipment=self.balance_before_shipment,
            specification=self.specification,
            category=self.category,
        )

    @property
    def needs_zone(self) -> bool:
        return isinstance(self.ship_by, ShipOnAsked) and self.ship_by.zone is None

    def _minor(self, asked: Money, param: str) -> int:
        if asked.currency != self.currency:
            raise BadTerms(f"The contract is in {self.currency}.", param=f"terms.{param}.currency")
        return parse_minor(asked.amount, asked.currency, param=f"terms.{param}.amount", least=1)


def ship_by_of(asked: ShipOnAsked | ShipAfterPaymentAsked, default_zone: str) -> ShipBy:
    if isinstance(asked, ShipAfterPaymentAsked):
        return ShipAfterPayment(days=asked.days, payment=asked.payment)
    zone = asked.zone or default_zone
    periods.zone(zone)
    return ShipOn(date=asked.date, zone=zone)


class OrderAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order between two members, one of them the caller. `propose: false` keeps it a draft."""

    buyer_id: MemberId
    supplier_id: MemberId
    terms: TermsAsked
    propose: bool = True


class AmendAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """New terms before agreement, or after it another day to ship by, for the other side to accept. One of the two."""

    terms: TermsAsked | None = None
    ship_by: ShipOnAsked | ShipAfterPaymentAsked | None = None


class AcceptAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Consent to exactly the version that was seen."""

    version: Annotated[int, Meta(ge=1)]


class CancelAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(max_length=500)] = ""


class ShortAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`shortfall` names what is waived, where it is more than the tolerance."""

    shortfall: Money | None = None


class DocumentAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Literal["bill_of_lading", "air_waybill", "courier_receipt", "packing_list", "invoice", "other"]
    reference: Reference
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class LineAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    line: LineNumber
    quantity: Quantity


class ShipAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consignment. Without `lines` it carries all that is left."""

    carrier: Reference
    tracking_number: Reference
    documents: Annotated[list[DocumentAsked], Meta(min_length=1, max_length=10)]
    lines: Annotated[list[LineAsked], Meta(max_length=100)] = []

    def shipment(self, now: datetime) -> Shipment:
        return Shipment(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            documents=tuple(
                Document(kind=told.kind, reference=told.reference, sha256=told.sha256) for told in self.documents
            ),
            lines=tuple(ShippedLine(line=told.line, quantity=told.quantity) for told in self.lines),
            at=now,
        )


class DeliverAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`reference` is the carrier's proof of delivery."""

    reference: Reference


class QuoteAsked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Terms one thinks of, with a supplier one thinks of."""

    supplier_id: MemberId
    terms: TermsAsked


class OrdersQuery(Paging, frozen=True, kw_only=True, rename={"as_": "as"}):
    """`as` which side of the orders; `status` only those in that state."""

    as_: Literal["buyer", "supplier"] = "buyer"
    status: Status | None = None


class ItemView(msgspec.Struct, frozen=True, kw_only=True):
    line: int
    name: str
    quantity: int
    unit: str
    unit_price: Money
    amount: Money


class InstalmentView(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    money: Money
    due: Money
    received: Money
    due_by: date | None


class TermsView(msgspec.Struct, frozen=True, kw_only=True):
    currency: str
    total: Money
    items: list[ItemView]
    ship_by: ShipOn | ShipAfterPayment
    cover: CoverChoice
    quality: Quality
    transport: Transport
    incoterm: Incoterm
    balance_before_shipment: bool
    specification: str
    category: str
    hash: str


class CoverView(msgspec.Struct, frozen=True, kw_only=True):
    """`cap` the most this order is covered for, `active` what is covered now; `reserved` of the supplier's protection amount, at `rate`."""

    state: Literal["none", "reserved", "active", "released"]
    cap: Money
    active: Money
    reserved: Money
    rate: str
    rate_as_of: str


class PayTo(msgspec.Struct, frozen=True):
    """A designated account: money that arrives elsewhere is not covered. The order's id is the reference to give."""

    bank_id: str
    account: str


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    buyer_id: str
    supplier_id: str
    proposed_by: Side | None
    warning: str | None
    terms: TermsView
    instalments: list[InstalmentView]
    cover: CoverView
    policy: str
    ship_by_at: datetime | None
    ship_by_asked: ShipOn | ShipAfterPayment | None
    cancel_asked_by: Side | None
    pay_to: list[PayTo]
    shipments: list[Shipment]
    shipped_at: datetime | None
    delivered_at: datetime | None
    received_at: datetime | None
    received_automatically: bool
    holds: int


def order_view(order: Order, policy: Policy, side: Side | None, now: datetime, pay_to: list[PayTo]) -> OrderView:
    return OrderView(
        id=order.id,
        version=order.version,
        status=order.status,
        created_at=order.created_at,
        updated_at=order.updated_at,
        allowed_actions=allowed(order, side, now),
        deadlines=deadlines(order, policy),
        buyer_id=order.buyer_id,
        supplier_id=order.supplier_id,
        proposed_by=order.proposed_by,
        warning=order.warning or None,
        terms=_terms_view(order.terms),
        instalments=_instalment_views(order),
        cover=_cover_view(order.terms.currency, order.cover, order.active_cover_minor),
        policy=order.policy,
        ship_by_at=ship_by_at(order, policy),
        ship_by_asked=order.ship_by_asked.ship_by if order.ship_by_asked else None,
        cancel_asked_by=order.cancel_asked_by,
        pay_to=pay_to,
        shipments=list(order.shipments),
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        received_at=order.received_at,
        received_automatically=order.received_automatically,
        holds=order.holds,
    )


class PaymentView(msgspec.Struct, frozen=True, kw_only=True):
    """`status` is `counted`, or says why the money does not count for the order and waits in suspense."""

    bank_id: str
    bank_ref: str
    money: Money
    fees: Money
    returned: Money
    value_date: date
    at: datetime
    status: str


class MoneyView(msgspec.Struct, frozen=True, kw_only=True):
    """Where the order's money is. `received` counts for the order; `unallocated` was paid above the total and is owed back."""

    order_id: str
    version: int
    as_of: datetime
    total: Money
    due: Money
    received: Money
    covered: Money
    held: Money
    unallocated: Money
    claimed: Money
    refunded: Money
    released: Money
    instalments: list[InstalmentView]
    payments: list[PaymentView]


def money_view(order: Order, now: datetime) -> MoneyView:
    def told(minor: int) -> Money:
        return Money.of(minor, order.terms.currency)

    return MoneyView(
        order_id=order.id,
        version=order.version,
        as_of=now,
        total=told(order.terms.total_minor),
        due=told(order.due_minor),
        received=told(order.received_minor),
        covered=told(order.active_cover_minor),
        held=told(order.held_minor),
        unallocated=told(order.unallocated_minor),
        claimed=told(0),
        refunded=told(order.refunded_minor),
        released=told(order.released_minor),
        instalments=_instalment_views(order),
        payments=[
            PaymentView(
                bank_id=paid.bank_id,
                bank_ref=paid.bank_ref,
                money=Money.of(paid.amount_minor, paid.currency),
                fees=Money.of(paid.fees_minor, paid.currency),
                returned=Money.of(paid.returned_minor, paid.currency),
                value_date=paid.value_date,
                at=paid.at,
                status=paid.status,
            )
            for paid in order.payments
        ],
    )


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One journal entry as the parties see it. `recorded_at` differs from `at` where it took effect before it was written."""

    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    by: str
    facts: dict[str, Any]


def timeline_entry(made: Entry, order: Order) -> TimelineEntry:
    side = order.side_of(made.by.sub)
    return TimelineEntry(
        seq=made.seq,
        at=made.at,
        recorded_at=made.recorded_at or made.at,
        kind=made.event.kind,
        by=side or made.by.role,
        facts=_as_money(made.event.facts, order.terms.currency),
    )


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that is covered, and until when a claim about it can be filed."""

    name: Literal["on_time_shipment", "quality_pre_shipment", "quality_post_delivery"]
    until: str


class CoverQuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What these terms would be covered for if they were accepted now. `why` names every reason, by code."""

    covered: bool
    cap: Money
    reserved: Money
    rate: str
    rate_as_of: str
    maximum: Money
    shortfall: Money
    why: list[str]
    promises: list[Promise]


class ReservationView(msgspec.Struct, frozen=True, kw_only=True):
    order_id: str
    order_status: Status
    state: Literal["reserved", "active", "released"]
    reserved: Money
    remaining: Money
    rate: str
    agreed_at: datetime | None


class CoverageView(msgspec.Struct, frozen=True, kw_only=True):
    """A supplier's protection amount: `limit = available + reserved + advanced`, and the orders that hold it."""

    supplier_id: str
    status: str
    limit: Money
    available: Money
    reserved: Money
    advanced: Money
    reservations: Page[ReservationView]


def _terms_view(terms: Terms) -> TermsView:
    def told(minor: int) -> Money:
        return Money.of(minor, terms.currency)

    return TermsView(
        currency=terms.currency,
        total=told(terms.total_minor),
        items=[
            ItemView(
                line=item.line,
                name=item.name,
                quantity=item.quantity,
                unit=item.unit,
                unit_price=told(item.unit_price_minor),
                amount=told(item.amount_minor),
            )
            for item in terms.items
        ],
        ship_by=terms.ship_by,
        cover=terms.cover,
        quality=terms.quality,
        transport=terms.transport,
        incoterm=terms.incoterm,
        balance_before_shipment=terms.balance_before_shipment,
        specification=terms.specification,
        category=terms.category,
        hash=terms.hash,
    )


def _instalment_views(order: Order) -> list[InstalmentView]:
    currency = order.terms.currency
    return [
        InstalmentView(
            name=part.name,
            money=Money.of(part.amount_minor, currency),
            due=Money.of(order.due_of(part), currency),
            received=Money.of(received, currency),
            due_by=part.due_by,
        )
        for part, received in instalments_received(order)
    ]


def _cover_view(currency: str, cover: Cover | None, active_minor: int) -> CoverView:
    return CoverView(
        state=cover.state if cover else "none",
        cap=Money.of(cover.cap_minor if cover else 0, currency),
        active=Money.of(active_minor, currency),
        reserved=Money.of(cover.remaining_usd_minor if cover else 0, "USD"),
        rate=cover.quote.rate if cover else "1",
        rate_as_of=cover.quote.as_of if cover else "",
    )


def _as_money(facts: dict[str, Any], currency: str) -> dict[str, Any]:
    """Facts with their amounts as money: `amount_minor` is told as `amount`, in the fact's own currency or the order's."""
    of = facts.get("currency", currency)
    return {
        name.removesuffix("_minor"): Money.of(value, of) if name.endswith("_minor") else value
        for name, value in facts.items()
    }
