"""What clients ask of orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.orders.rules import terms as rules
from chalicelib.orders.rules.channel_terms import CarrierStep
from chalicelib.orders.rules.order import Shipment, Status
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
    """What the goods are."""
    quantity: Quantity
    """How many units."""
    unit: Annotated[str, one_line(30)] = "piece"
    """What one unit is: a piece, a metre."""
    unit_price: Money
    """What one unit costs."""


class InstalmentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the total. The first is the deposit: the order is funded when it is paid."""

    name: Annotated[str, one_line(30)]
    """What the part is called; the first is the deposit."""
    money: Money
    """How much of the total it is."""
    due_by: ContractDay | None = None
    """Not before today, nor before the instalment above; the balance's, where it is due before shipment, not after the day to ship by."""


class ShipOnRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="fixed"
):
    """By the end of a date in a zone; where no zone is agreed, the supplier's."""

    date: ContractDay
    zone: Annotated[str, Meta(max_length=60)] | None = None
    """The IANA zone of the date. Left out: the supplier's."""


class ShipAfterPaymentRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="after_payment"
):
    """So many days, each 24 hours, after the deposit or after everything is paid."""

    days: Annotated[int, Meta(ge=1, le=365)]
    """How many days of 24 hours after the payment."""
    payment: Literal["deposit", "full"]
    """After which payment: the deposit, or everything."""


class TermsRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The contract that is proposed. All money is in one currency; the instalments add up to the items."""

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    """The one currency of all money in the order."""
    items: Annotated[list[ItemRequest], Meta(min_length=1, max_length=100)]
    """The goods, line by line."""
    instalments: Annotated[list[InstalmentRequest], Meta(min_length=1, max_length=10)]
    """In which parts it is paid; they add up to the goods."""
    ship_by: ShipOnRequest | ShipAfterPaymentRequest
    """By when the goods have to leave."""
    cover: rules.CoverChoice = "total"
    """What is covered: the deposit, or the total."""
    quality: rules.Quality = "post_delivery"
    """When quality is judged: before shipment, or after delivery."""
    transport: rules.Transport = "sea"
    """How the goods travel."""
    incoterm: rules.Incoterm = "FOB"
    """Who bears which cost and risk of the way, by Incoterms 2020."""
    balance_before_shipment: bool = True
    """Whether the balance has to be paid before the goods leave."""
    specification: Text = ""
    """What the goods have to be, in words that a claim is measured by."""
    category: Annotated[str, Meta(pattern="^[a-z0-9_]{1,40}$")] = "general"
    """The category of the goods, as in trade facts."""

    def terms(self, default_zone: str) -> rules.Terms:
        """The terms in minor units; Malformed names the amount that is not what it must be."""
        items = (
            view_of(
                rules.Item, item, line=n, unit_price_minor=self._minor(item.unit_price, f"items[{n - 1}].unit_price")
            )
            for n, item in enumerate(self.items, 1)
        )
        instalments = (
            view_of(rules.Instalment, part, amount_minor=self._minor(part.money, f"instalments[{n}].money"))
            for n, part in enumerate(self.instalments)
        )
        return view_of(
            rules.Terms,
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
            raise rules.BadTerms(
                say("The contract is in {currency}.", currency=self.currency), param=f"terms.{param}.currency"
            )
        return parse_minor(money.amount, money.currency, param=f"terms.{param}.amount", least=1)


def ship_by_of(body: ShipOnRequest | ShipAfterPaymentRequest, default_zone: str) -> rules.ShipBy:
    if isinstance(body, ShipAfterPaymentRequest):
        return rules.ShipAfterPayment(days=body.days, payment=body.payment)
    return rules.ShipOn(date=body.date, zone=periods.must_be_zone(body.zone or default_zone, param="ship_by.zone"))


class OrderRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order between two members, one of them the caller. `propose: false` keeps it a draft."""

    buyer_id: MemberId
    """The member who buys, by its id."""
    supplier_id: MemberId
    """The member who supplies, by its id."""
    terms: TermsRequest
    """What both sides agree to."""
    propose: bool = True
    """`false` keeps it a draft that the other side does not see."""
    accept_uncovered: bool = False
    """Where the supplier takes no new cover: make the order without any, with a warning, instead of refusing it."""


class ChannelLineRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many of a listing, at the price of its ladder."""

    listing_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The listing, by its id."""
    quantity: Quantity
    """How many of it."""


class ChannelOrderRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order of one supplier's listings, by a quote of exactly what they come to. Quantities of one listing are added."""

    quote_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The quote the order is paid by."""
    lines: Annotated[list[ChannelLineRequest], Meta(min_length=1, max_length=100)]
    """What is ordered, of one supplier."""
    methods: Annotated[list[MethodId], Meta(max_length=3)] = []
    """How you may pay; without any, every way that such an order can be paid."""
    accept_uncovered: bool = False
    """As in any order."""


class AmendRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other terms, or after agreement only another day to ship by, for the other side to accept. One of the two."""

    terms: TermsRequest | None = None
    """Other terms, whole."""
    ship_by: ShipOnRequest | ShipAfterPaymentRequest | None = None
    """Another day to ship by, once the order is agreed."""
    accept_uncovered: bool = False
    """As in a new order."""


class AcceptRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Consent to exactly the version that was seen."""

    version: Annotated[int, Meta(ge=1)]
    """The `version` of the order that was read."""


class CancelRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, prose(500)] = ""
    """Why, in words that the other side reads."""


class ShortRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`shortfall` names what is waived, where it is more than the tolerance."""

    shortfall: Money | None = None
    """What is waived, where that is more than the tolerance."""


class DocumentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    kind: Literal["bill_of_lading", "air_waybill", "courier_receipt", "packing_list", "invoice", "other"]
    """What the document is."""
    reference: Reference
    """The number that stands on it."""
    sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    """SHA-256 of its file, 64 hexadecimal digits, where there is one."""


class LineRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    line: LineNumber
    """The line of the order, from 1."""
    quantity: Quantity
    """How many of it."""


class ShipRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consignment. Without `lines` it carries all that is left."""

    carrier: Reference
    """Who carries the goods."""
    tracking_number: Reference
    """The carrier's number for the consignment."""
    documents: Annotated[list[DocumentRequest], Meta(min_length=1, max_length=10)]
    """What proves the shipment, at least one document."""
    lines: Annotated[list[LineRequest], Meta(max_length=100)] = []
    """What it carries. Left out: all that is left."""
    customs_number: Annotated[str, Meta(pattern="^[A-Za-z0-9-]{0,40}$(?!\n)")] = ""
    """Of a channel's order: the number that customs clear the parcel by."""
    incoterm: rules.Incoterm | None = None
    """Of a channel's order, where it is another than its terms say."""

    def shipment(self, now: datetime) -> Shipment:
        return msgspec.convert(msgspec.structs.asdict(self) | {"at": now}, Shipment, from_attributes=True)


class DeliverRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`reference` is the carrier's proof of delivery."""

    reference: Reference
    """The number of the carrier's proof of delivery."""


class CarrierRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the carrier says that a parcel came. `reference` is its own of the event."""

    tracking_number: Reference
    """The carrier's number for the parcel."""
    step: CarrierStep
    """How far it came."""
    reference: Reference
    """The carrier's own name for the event."""


class EarlyRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`money` how much; without it, all that may be had."""

    money: Money | None = None
    """How much is asked for. Left out: all that may be had."""


class CoverQuoteRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Terms one thinks of, with a supplier one thinks of."""

    supplier_id: MemberId
    """The member who would supply, by its id."""
    terms: TermsRequest
    """Terms one thinks of."""


class OrdersQuery(Waiting, frozen=True, kw_only=True, rename={"as_": "as"}):
    """`as` which side of the orders; `status` only those in that state.

    Officers name a member with `member_id`, the newest first; without one they see all that wait for something, the earliest first.
    """

    as_: Literal["buyer", "supplier"] = "buyer"
    """Which side of them the caller is on."""
    status: Status | None = None
    """Only those in this status."""
    member_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None
    """For officers: only those of this member."""
