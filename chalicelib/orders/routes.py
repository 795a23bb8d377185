"""The endpoints of protected orders."""

from __future__ import annotations

from chalicelib.banks.rules.partners import CurrencyNotPayable
from chalicelib.members.rules import NotRegistered, OwnTrade
from chalicelib.orders.examples import (
    AMENDMENT,
    BACK,
    CARRIED,
    DELIVERY,
    LATER,
    MORE,
    ORDER,
    QUOTE,
    SHIPMENT,
)
from chalicelib.orders.rules.agreement import OtherTerms
from chalicelib.orders.rules.amending import TooLateToAmend
from chalicelib.orders.rules.delivery import (
    CarrierStepKnown,
    CustomsNumberNeeded,
    NotThatMuchFree,
    NotThatMuchLeft,
    NotThatMuchSent,
    ParcelUnknown,
)
from chalicelib.orders.rules.order import TooManyShipments
from chalicelib.orders.rules.payments import ShortfallTooLarge
from chalicelib.orders.rules.terms import BadTerms, NotCovered
from chalicelib.orders.rules.transitions import NotInThisState, ShipmentNeedsConsent
from chalicelib.orders.service import commands, reading
from chalicelib.orders.service.commands import NotAParty, UnknownMember
from chalicelib.orders.views import requests
from chalicelib.orders.views.cover import CoverageView, CoverQuoteView
from chalicelib.orders.views.money import MoneyView
from chalicelib.orders.views.order import OrderView
from chalicelib.shared.access import FEEDS
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import UnknownZone
from chalicelib.shared.request import RequestContext
from chalicelib.shared.timelines import TimelineEntry
from chalicelib.suppliers.rules.coverage import CapacityExceeded, SupplierNotActive
from chalicelib.suppliers.rules.exposure import EarlyPayoutHeld

routes = Routes(group="Orders", response=OrderView)

_TERMS = (BadTerms, UnknownCurrency, CurrencyNotPayable, UnknownMember, UnknownZone)


@routes.command(
    "/v1/orders",
    status=201,
    by=MEMBER,
    errors=[*_TERMS, NotAParty, OwnTrade, NotCovered, NotRegistered],
    examples={"order": ORDER, "without cover, if there is none": ORDER | {"accept_uncovered": True}},
)
def create(body: requests.OrderRequest, request: RequestContext) -> StoredResponse:
    """Draw up an order with another member and, unless it is to stay a draft, propose it."""
    return commands.create(body, request)


@routes.read("/v1/orders", by=MEMBER | OFFICER.with_duty(*ANY_DUTY, FEEDS))
def orders(query: requests.OrdersQuery, request: RequestContext) -> Page[OrderView]:
    """Your orders as buyer or as supplier, the newest first; for officers those of a member, or all that wait for something."""
    return reading.listed(query, request)


@routes.read("/v1/orders/{order_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY, FEEDS))
def order(order_id: str, request: RequestContext) -> OrderView:
    """One order, as it stands at this instant."""
    return reading.order(order_id, request)


@routes.read("/v1/orders/{order_id}/timeline", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def timeline(order_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to an order, oldest first."""
    return reading.timeline(order_id, query, request)


@routes.read("/v1/orders/{order_id}/money", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def money(order_id: str, request: RequestContext) -> MoneyView:
    """Where the order's money is: received, covered, held, owed back, released."""
    return reading.money(order_id, request)


@routes.command("/v1/orders/{order_id}/propose", by=MEMBER, errors=[NotInThisState, BadTerms])
def propose(order_id: str, request: RequestContext) -> StoredResponse:
    """Put a draft before the other side."""
    return commands.propose(order_id, request)


@routes.command(
    "/v1/orders/{order_id}/amend",
    by=MEMBER,
    errors=[NotInThisState, TooLateToAmend, NotCovered, *_TERMS],
    examples={"other terms": AMENDMENT, "more goods": MORE, "another day to ship by": LATER},
)
def amend(order_id: str, body: requests.AmendRequest, request: RequestContext) -> StoredResponse:
    """Propose other terms before agreement; after it ask for other terms, until goods leave, or for another day to ship by."""
    return commands.amend(order_id, body, request)


@routes.command(
    "/v1/orders/{order_id}/accept",
    by=MEMBER,
    errors=[NotInThisState, OtherTerms, TooLateToAmend, BadTerms, CapacityExceeded, SupplierNotActive, NoRate],
    examples={"as_seen": {"version": 1}},
)
def accept(order_id: str, body: requests.AcceptRequest, request: RequestContext) -> StoredResponse:
    """Agree to the version you saw, or to what was asked for since; its cover is reserved at the same instant."""
    return commands.accept(order_id, body, request)


@routes.command("/v1/orders/{order_id}/cancel", by=MEMBER, errors=[NotInThisState])
def cancel(order_id: str, body: requests.CancelRequest, request: RequestContext) -> StoredResponse:
    """Withdraw from an order, or, once money has arrived, ask to: the other side's cancel is its consent."""
    return commands.cancel(order_id, body, request)


@routes.command(
    "/v1/orders/{order_id}/accept-short-payment", by=MEMBER, errors=[NotInThisState, ShortfallTooLarge, BadTerms]
)
def accept_short_payment(order_id: str, body: requests.ShortRequest, request: RequestContext) -> StoredResponse:
    """As the supplier, put up with what bank fees took; the cover falls with it."""
    return commands.accept_short_payment(order_id, body, request)


@routes.command(
    "/v1/orders/{order_id}/ship",
    by=MEMBER,
    errors=[NotInThisState, NotThatMuchLeft, CustomsNumberNeeded, ShipmentNeedsConsent, TooManyShipments],
    examples={"whole": SHIPMENT},
)
def ship(order_id: str, body: requests.ShipRequest, request: RequestContext) -> StoredResponse:
    """As the supplier, say that goods left, with the carrier's document."""
    return commands.ship(order_id, body, request)


@routes.command("/v1/orders/{order_id}/deliver", by=MEMBER, errors=[NotInThisState], examples={"proof": DELIVERY})
def deliver(order_id: str, body: requests.DeliverRequest, request: RequestContext) -> StoredResponse:
    """Say that the goods arrived, with the carrier's proof."""
    return commands.deliver(order_id, body, request)


@routes.command("/v1/orders/{order_id}/extend-receipt", by=MEMBER, errors=[NotInThisState])
def extend_receipt(order_id: str, request: RequestContext) -> StoredResponse:
    """Once for each side: more time before receipt is taken as confirmed."""
    return commands.extend_receipt(order_id, request)


@routes.command("/v1/orders/{order_id}/receive", by=MEMBER, errors=[NotInThisState])
def receive(order_id: str, request: RequestContext) -> StoredResponse:
    """As the buyer, confirm that the goods arrived; the window for claims about them starts."""
    return commands.receive(order_id, request)


@routes.command(
    "/v1/orders/{order_id}/early-payout",
    by=MEMBER,
    errors=[NotInThisState, NotThatMuchFree, EarlyPayoutHeld, BadTerms],
    examples={"some of it": {"money": {"amount": "500.00", "currency": "USD"}}},
)
def pay_out_early(order_id: str, body: requests.EarlyRequest, request: RequestContext) -> StoredResponse:
    """As the supplier, have money of a covered order before completion; it goes to your balance."""
    return commands.pay_out_early(order_id, body, request)


@routes.query(
    "/v1/cover-quotes",
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
    errors=[*_TERMS, NoRate, NotFound],
    examples={"order": QUOTE},
)
def cover_quote(body: requests.CoverQuoteRequest, request: RequestContext) -> CoverQuoteView:
    """What such terms would be covered for, until when, and why not."""
    return reading.cover_quote(body, request)


@routes.read("/v1/suppliers/{member_id}/coverage", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def coverage(member_id: str, query: Paging, request: RequestContext) -> CoverageView:
    """A supplier's protection amount, and every order that holds some of it."""
    return reading.coverage(member_id, query, request)


@routes.command(
    "/v1/orders/{order_id}/carrier-events",
    by=OFFICER.with_duty(FEEDS),
    errors=[NotInThisState, ParcelUnknown, CarrierStepKnown],
    examples={"cleared": CARRIED},
)
def carried(order_id: str, body: requests.CarrierRequest, request: RequestContext) -> StoredResponse:
    """Tell what the carrier of a channel's parcel says. The last parcel's delivery is the order's."""
    return commands.carried(order_id, body, request)


@routes.command(
    "/v1/orders/{order_id}/take-back", by=MEMBER, errors=[NotInThisState, NotThatMuchSent], examples={"one piece": BACK}
)
def take_back(order_id: str, body: requests.LineRequest, request: RequestContext) -> StoredResponse:
    """Say, as the supplier, that shipped goods of a channel's order are back and on hand again."""
    return commands.take_back(order_id, body, request)
