"""An order as its parties see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.orders.rules import order as rules
from chalicelib.orders.rules.channel_terms import ChannelTerms
from chalicelib.orders.rules.terms import CoverChoice, Incoterm, Quality, ShipAfterPayment, ShipOn, Transport
from chalicelib.orders.rules.timers import MACHINE
from chalicelib.orders.rules.transitions import Actor
from chalicelib.quotes.rules.methods import MethodId
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


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


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """An instalment of terms that are not agreed yet."""

    name: str
    money: Money
    due_by: date | None


class TermsChangeRequestView(msgspec.Struct, frozen=True, kw_only=True):
    """Other terms that `by` has asked for: they hold once the other side accepts this version of the order."""

    by: rules.Side
    terms: TermsView
    instalments: list[PartView]
    cap: Money


class ChannelLineView(msgspec.Struct, frozen=True, kw_only=True):
    """This `offer` of a listing, at the price of the step of its ladder that begins at `step`."""

    line: int
    listing_id: str
    offer: int
    step: int
    price: Money


class ChannelTermsView(msgspec.Struct, frozen=True, kw_only=True):
    """Of what an order in a channel was made: `price` by the ladders, for which the buyer pays the total and the exporter `gets` its part.

    One of `methods` has to have authorised the total by `authorise_by`. `goods_back`: how many of a line are back with the supplier.
    """

    channel_id: str
    quote_id: str
    price: Money
    gets: Money
    fee: Money
    rate: str
    spread_bp: int
    fee_bp: int
    methods: list[MethodId]
    authorise_by: datetime
    lines: list[ChannelLineView]
    goods_back: dict[int, int]


class OrderView(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    version: int
    status: rules.Status
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    buyer_id: str
    supplier_id: str
    proposed_by: rules.Side | None
    warning: str | None
    terms: TermsView
    channel: ChannelTermsView | None
    instalments: list[InstalmentView]
    cover: CoverView
    policy: str
    ship_by_at: datetime | None
    ship_by_change_request: ShipOn | ShipAfterPayment | None
    terms_change_request: TermsChangeRequestView | None
    cancel_requested_by: rules.Side | None
    pay_to: list[PayTo]
    shipments: list[rules.Shipment]
    shipped_at: datetime | None
    delivered_at: datetime | None
    received_at: datetime | None
    received_automatically: bool
    ended_at: datetime | None
    why: str | None
    """What ended it: that nobody paid, that a bank took the payment back, a consent, the end of the claim window."""
    holds: int


def order_view(order: rules.Order, policy: rules.Policy, actor: Actor, now: datetime, pay_to: list[PayTo]) -> OrderView:
    return view_of(
        OrderView,
        order,
        **MACHINE.offer(order, actor, policy, now),
        instalments=instalment_views(order),
        cover=_cover_view(order.terms.currency, order.cover, order.active_cover_minor),
        ship_by_at=rules.ship_by_at(order, policy),
        ship_by_change_request=order.ship_by_change_request.ship_by if order.ship_by_change_request else None,
        terms_change_request=_wanted_view(order.terms_change_request) if order.terms_change_request else None,
        pay_to=pay_to,
        channel=_channel_view(order.channel) if order.channel else None,
    )


def _channel_view(channel: ChannelTerms) -> ChannelTermsView:
    amounts, currency = channel.amounts, channel.price_currency
    return view_of(
        ChannelTermsView,
        channel,
        currency,
        gets=Money.of(amounts.exporter_minor, channel.settlement_currency),
        fee=Money.of(amounts.fee_minor, currency),
    )


def _wanted_view(wanted: rules.TermsChangeRequest) -> TermsChangeRequestView:
    terms = wanted.terms
    parts = [view_of(PartView, part, terms.currency) for part in terms.instalments]
    return view_of(TermsChangeRequestView, wanted, instalments=parts, cap=Money.of(terms.cap_minor, terms.currency))


def instalment_views(order: rules.Order) -> list[InstalmentView]:
    currency = order.terms.currency
    return [
        view_of(
            InstalmentView,
            part,
            currency,
            due=Money.of(order.due_of(part), currency),
            received=Money.of(received, currency),
        )
        for part, received in rules.instalments_received(order)
    ]


def _cover_view(currency: str, cover: rules.Cover | None, active_minor: int) -> CoverView:
    return CoverView(
        state=cover.state if cover else "none",
        cap=Money.of(cover.cap_minor if cover else 0, currency),
        active=Money.of(active_minor, currency),
        reserved=Money.of(cover.remaining_usd_minor if cover else 0, "USD"),
        rate=cover.quote.rate if cover else "1",
        rate_as_of=cover.quote.as_of if cover else "",
    )
