"""What clients ask of orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.orders.rules.channel_terms import CarrierStep
from chalicelib.orders.rules.order import Shipment, Status
from chalicelib.orders.rules.terms import (
    BadTerms,
    CoverChoice,
    Incoterm,
    Instalment,
    Item,
    Quality,
    ShipAfterPayment,
    ShipBy,
    ShipOn,
    Terms,
    Transport,
)
from chalicelib.quotes.rules.methods import MethodId
from chalicelib.shared import periods
from chalicelib.shared.money import Money, parse_minor
from chalicelib.shared.pages import Waiting
from chalicelib.shared.ranges import ContractDay
from chalicelib.shared.text import one_line, prose
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of

Name = Annotated[str, one_line(200)]
Text = Annotated[str, prose(2000)]
Reference = Annotated[str, one_line(100)]
Quantity = Annotated[int, Meta(ge=1, le=1_000_000_000)]
LineNumber = Annotated[int, Meta(ge=1, le=100)]
MemberId = Annotated[str, Meta(pattern=r"^mem_[0-9A-HJKMNP-TV-Z]{26}$(?!\n)")]


class ItemRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of goods: a whole quantity at a price for each unit."""

    name: Name
    quantity: Quantity
    unit: Annotated[str, one_line(30)] = "piece"
    unit_price: Money


class InstalmentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the total. The first is the deposit: the order is funded when it is paid."""

    name: Annotated[str, one_line(30)]
    money: Money
    due_by: ContractDay | None = None
    """Not before today, nor before the instalment above; the balance's, where it is due before shipment, not after the day to ship by."""


class ShipOnRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="fixed"
):
    """By the end of a date in a zone; where no zone is agreed, the supplier's."""

    date: ContractDay
    zone: Annotated[str, Meta(max_length=60)] | None = None


class ShipAfterPaymentRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="after_payment"
):
    """So many days, each 24 hours, after the deposit or after everything is paid."""

    days: Annotated[int, Meta(ge=1, le=365)]
    payment: Literal["deposit", "full"]


class TermsRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contract that is proposed. All money is in one currency; the instalments add up to the items."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    items: Annotated[list[ItemRequest], Meta(min_length=1, max_length=100)]
    instalments: Annotated[list[InstalmentRequest], Meta(min_length=1, max_length=10)]
    ship_by: ShipOnRequest | ShipAfterPaymentRequest
    cover: CoverChoice = "total"
    quality: Quality = "post_delivery"
    transport: Transport = "sea"
    incoterm: Incoterm = "FOB"
    balance_before_shipment: bool = True
    specification: Text = ""
    category: Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")] = "general"

    def terms(self, default_zone: str) -> Terms:
        """The terms in minor units; Malformed names the amount that is not what it must be."""
        items = (
            view_of(Item, item, line=n, unit_price_minor=self._minor(item.unit_price, f"items[{n - 1}].unit_price"))
            for n, item in enumerate(self.items, 1)
        )
        instalments = (
            view_of(Instalment, part, amount_minor=self._minor(part.money, f"instalments[{n}].money"))
            for n, part in enumerate(self.instalments)
        )
        return view_of(
            Terms,
            self,
            items=tuple(items),
            instalments=tuple(instalments),
            ship_by=ship_by_of(self.ship_by, default_zone),
        )

    @property
    def needs_zone(self) -> bool:
        return isinstance(self.ship_by, ShipOnRequest) and self.ship_by.zone is None

    def _minor(self, money: Money, param: str) -> int:
        if money.currency != self.currency:
            raise BadTerms(
                say("The contract is in {currency}.", currency=self.currency), param=f"terms.{param}.currency"
            )
        return parse_minor(money.amount, money.currency, param=f"terms.{param}.amount", least=1)


def ship_by_of(body: ShipOnRequest | ShipAfterPaymentRequest, default_zone: str) -> ShipBy:
    if isinstance(body, ShipAfterPaymentRequest):
        return ShipAfterPayment(days=body.days, payment=body.payment)
    return ShipOn(date=body.date, zone=periods.must_be_zone(body.zone or default_zone, param="ship_by.zone"))


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order between two members, one of them the caller. `propose: false` keeps it a draft."""

    buyer_id: MemberId
    supplier_id: MemberId
    terms: TermsRequest
    propose: bool = True
    accept_uncovered: bool = False
    """Where the supplier takes no new cover: make the order without any, with a warning, instead of refusing it."""


class ChannelLineRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many of a listing, at the price of its ladder."""

    listing_id: Annotated[str, Meta(max_length=64)]
    quantity: Quantity


class ChannelOrderRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order of one supplier's listings, by a quote of exactly what they come to. Quantities of one listing are added."""

    quote_id: Annotated[str, Meta(max_length=64)]
    lines: Annotated[list[ChannelLineRequest], Meta(min_length=1, max_length=100)]
    methods: Annotated[list[MethodId], Meta(max_length=3)] = []
    """How you may pay; without any, every way that such an order can be paid."""
    accept_uncovered: bool = False
    """As in any order."""


class AmendRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other terms, or after agreement only another day to ship by, for the other side to accept. One of the two."""

    terms: TermsRequest | None = None
    ship_by: ShipOnRequest | ShipAfterPaymentRequest | None = None
    accept_uncovered: bool = False
    """As in a new order."""


class AcceptRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Consent to exactly the version that was seen."""

    version: Annotated[int, Meta(ge=1)]


class CancelRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, prose(500)] = ""


class ShortRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`shortfall` names what is waived, where it is more than the tolerance."""

    shortfall: Money | None = None


class DocumentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Literal["bill_of_lading", "air_waybill", "courier_receipt", "packing_list", "invoice", "other"]
    reference: Reference
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""


class LineRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    line: LineNumber
    quantity: Quantity


class ShipRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consignment. Without `lines` it carries all that is left."""

    carrier: Reference
    tracking_number: Reference
    documents: Annotated[list[DocumentRequest], Meta(min_length=1, max_length=10)]
    lines: Annotated[list[LineRequest], Meta(max_length=100)] = []
    customs_number: Annotated[str, Meta(pattern="^[A-Za-z0-9-]{0,40}$(?!\n)")] = ""
    """Of a channel's order: the number that customs clear the parcel by."""
    incoterm: Incoterm | None = None
    """Of a channel's order, where it is another than its terms say."""

    def shipment(self, now: datetime) -> Shipment:
        return msgspec.convert(msgspec.structs.asdict(self) | {"at": now}, Shipment, from_attributes=True)


class DeliverRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`reference` is the carrier's proof of delivery."""

    reference: Reference


class CarrierRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the carrier says that a parcel came. `reference` is its own of the event."""

    tracking_number: Reference
    step: CarrierStep
    reference: Reference


class EarlyRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`money` how much; without it, all that may be had."""

    money: Money | None = None


class CoverQuoteRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Terms one thinks of, with a supplier one thinks of."""

    supplier_id: MemberId
    terms: TermsRequest


class OrdersQuery(Waiting, frozen=True, kw_only=True, rename={"as_": "as"}):
    """`as` which side of the orders; `status` only those in that state.

    Officers name a member with `member_id`, the newest first; without one they see all that wait for something, the earliest first.
    """

    as_: Literal["buyer", "supplier"] = "buyer"
    status: Status | None = None
    member_id: Annotated[str, msgspec.Meta(max_length=64)] | None = None
