"""An order as its parties see it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from chalicelib.orders.rules import (
    Cover,
    Order,
    Policy,
    ShipAfterPayment,
    Shipment,
    ShipOn,
    Side,
    Status,
    Terms,
    TermsWanted,
    allowed,
    deadlines,
    instalments_received,
    ship_by_at,
)
from chalicelib.orders.rules.terms import CoverChoice, Incoterm, Quality, Transport
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline


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


class TermsWantedView(msgspec.Struct, frozen=True, kw_only=True):
    """Other terms that `by` has asked for: they hold once the other side accepts this version of the order."""

    by: Side
    terms: TermsView
    instalments: list[PartView]
    cap: Money


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
    terms_wanted: TermsWantedView | None
    cancel_asked_by: Side | None
    pay_to: list[PayTo]
    shipments: list[Shipment]
    shipped_at: datetime | None
    delivered_at: datetime | None
    received_at: datetime | None
    received_automatically: bool
    ended_at: datetime | None
    why: str | None
    """What ended it: that nobody paid, that a bank took the payment back, a consent, the end of the claim window."""
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
        instalments=instalment_views(order),
        cover=_cover_view(order.terms.currency, order.cover, order.active_cover_minor),
        policy=order.policy,
        ship_by_at=ship_by_at(order, policy),
        ship_by_asked=order.ship_by_asked.ship_by if order.ship_by_asked else None,
        terms_wanted=_wanted_view(order.terms_wanted) if order.terms_wanted else None,
        cancel_asked_by=order.cancel_asked_by,
        pay_to=pay_to,
        shipments=list(order.shipments),
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        received_at=order.received_at,
        received_automatically=order.received_automatically,
        ended_at=order.ended_at,
        why=order.why or None,
        holds=order.holds,
    )


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


def _wanted_view(wanted: TermsWanted) -> TermsWantedView:
    terms = wanted.terms
    return TermsWantedView(
        by=wanted.by,
        terms=_terms_view(terms),
        instalments=[
            PartView(name=part.name, money=Money.of(part.amount_minor, terms.currency), due_by=part.due_by)
            for part in terms.instalments
        ],
        cap=Money.of(terms.cap_minor, terms.currency),
    )


def instalment_views(order: Order) -> list[InstalmentView]:
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
