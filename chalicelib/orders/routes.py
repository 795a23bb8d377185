"""The doors of protected orders."""

from __future__ import annotations

from chalicelib.banks.rules.partners import CurrencyNotPayable
from chalicelib.members.rules import NotRegistered, OwnTrade
from chalicelib.orders.examples import AMENDMENT, DELIVERY, LATER, MORE, ORDER, QUOTE, SHIPMENT
from chalicelib.orders.rules.agreement import OtherTerms
from chalicelib.orders.rules.amending import TooLateToAmend
from chalicelib.orders.rules.delivery import NotThatMuchFree, NotThatMuchLeft
from chalicelib.orders.rules.order import TooManyShipments
from chalicelib.orders.rules.payments import ShortfallTooLarge
from chalicelib.orders.rules.terms import BadTerms, NotCovered
from chalicelib.orders.rules.transitions import NotInThisState, ShipmentNeedsConsent
from chalicelib.orders.service import commands, payouts, reading
from chalicelib.orders.service.commands import NotAParty, UnknownMember
from chalicelib.orders.views.asked import (
    AcceptAsked,
    AmendAsked,
    CancelAsked,
    DeliverAsked,
    EarlyAsked,
    OrderAsked,
    OrdersQuery,
    QuoteAsked,
    ShipAsked,
    ShortAsked,
)
from chalicelib.orders.views.cover import CoverageView, CoverQuoteView
from chalicelib.orders.views.money import MoneyView
from chalicelib.orders.views.order import OrderView
from chalicelib.shared.commit import Answer
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.periods import UnknownZone
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request
from chalicelib.shared.timelines import TimelineEntry
from chalicelib.suppliers.rules.balance import BalanceShort, NoBankAccount, PayoutHeld
from chalicelib.suppliers.rules.coverage import CapacityExceeded, SupplierNotActive
from chalicelib.suppliers.rules.exposure import EarlyPayoutHeld, ExposureOpen
from chalicelib.suppliers.views.money import PayoutAsked, PayoutView

routes = Routes(group="Orders")

_TERMS = (BadTerms, UnknownCurrency, CurrencyNotPayable, UnknownMember, UnknownZone)


@routes.command(
    "/v1/orders",
    asks=OrderAsked,
    answers=OrderView,
    status=201,
    by=MEMBER,
    refuses=[*_TERMS, NotAParty, OwnTrade, NotCovered, NotRegistered],
    examples={"order": ORDER, "without cover, if there is none": ORDER | {"accept_uncovered": True}},
)
def create(asked: OrderAsked, request: Request) -> Answer:
    """Draw up an order with another member and, unless it is to stay a draft, propose it."""
    return commands.create(asked, request)


@routes.read("/v1/orders", query=OrdersQuery, answers=Page[OrderView], by=MEMBER)
def orders(query: OrdersQuery, request: Request) -> Page[OrderView]:
    """Your orders as buyer or as supplier, the newest first."""
    return reading.listed(query, request)


@routes.read("/v1/orders/{order_id}", answers=OrderView, by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def order(order_id: str, request: Request) -> OrderView:
    """One order, as it stands at this instant."""
    return reading.order(order_id, request)


@routes.read(
    "/v1/orders/{order_id}/timeline",
    query=Paging,
    answers=Page[TimelineEntry],
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
)
def timeline(order_id: str, query: Paging, request: Request) -> Page[TimelineEntry]:
    """Everything that happened to an order, oldest first."""
    return reading.timeline(order_id, query, request)


@routes.read("/v1/orders/{order_id}/money", answers=MoneyView, by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def money(order_id: str, request: Request) -> MoneyView:
    """Where the order's money is: received, covered, held, owed back, released."""
    return reading.money(order_id, request)


@routes.command("/v1/orders/{order_id}/propose", answers=OrderView, by=MEMBER, refuses=[NotInThisState, BadTerms])
def propose(order_id: str, request: Request) -> Answer:
    """Put a draft before the other side."""
    return commands.propose(order_id, request)


@routes.command(
    "/v1/orders/{order_id}/amend",
    asks=AmendAsked,
    answers=OrderView,
    by=MEMBER,
    refuses=[NotInThisState, TooLateToAmend, NotCovered, *_TERMS],
    examples={"other terms": AMENDMENT, "more goods": MORE, "another day to ship by": LATER},
)
def amend(order_id: str, asked: AmendAsked, request: Request) -> Answer:
    """Propose other terms before agreement; after it ask for other terms, until goods leave, or for another day to ship by."""
    return commands.amend(order_id, asked, request)


@routes.command(
    "/v1/orders/{order_id}/accept",
    asks=AcceptAsked,
    answers=OrderView,
    by=MEMBER,
    refuses=[NotInThisState, OtherTerms, TooLateToAmend, BadTerms, CapacityExceeded, SupplierNotActive, NoRate],
    examples={"as_seen": {"version": 1}},
)
def accept(order_id: str, asked: AcceptAsked, request: Request) -> Answer:
    """Agree to the version you saw, or to what was asked for since; its cover is reserved at the same instant."""
    return commands.accept(order_id, asked, request)


@routes.command(
    "/v1/orders/{order_id}/cancel", asks=CancelAsked, answers=OrderView, by=MEMBER, refuses=[NotInThisState]
)
def cancel(order_id: str, asked: CancelAsked, request: Request) -> Answer:
    """Withdraw from an order, or, once money has arrived, ask to: the other side's cancel is its consent."""
    return commands.cancel(order_id, asked, request)


@routes.command(
    "/v1/orders/{order_id}/accept-short-payment",
    asks=ShortAsked,
    answers=OrderView,
    by=MEMBER,
    refuses=[NotInThisState, ShortfallTooLarge, BadTerms],
)
def accept_short_payment(order_id: str, asked: ShortAsked, request: Request) -> Answer:
    """As the supplier, put up with what bank fees took; the cover falls with it."""
    return commands.accept_short_payment(order_id, asked, request)


@routes.command(
    "/v1/orders/{order_id}/ship",
    asks=ShipAsked,
    answers=OrderView,
    by=MEMBER,
    refuses=[NotInThisState, NotThatMuchLeft, ShipmentNeedsConsent, TooManyShipments],
    examples={"whole": SHIPMENT},
)
def ship(order_id: str, asked: ShipAsked, request: Request) -> Answer:
    """As the supplier, say that goods left, with the carrier's document."""
    return commands.ship(order_id, asked, request)


@routes.command(
    "/v1/orders/{order_id}/deliver",
    asks=DeliverAsked,
    answers=OrderView,
    by=MEMBER,
    refuses=[NotInThisState],
    examples={"proof": DELIVERY},
)
def deliver(order_id: str, asked: DeliverAsked, request: Request) -> Answer:
    """Say that the goods arrived, with the carrier's proof."""
    return commands.deliver(order_id, asked, request)


@routes.command("/v1/orders/{order_id}/extend-receipt", answers=OrderView, by=MEMBER, refuses=[NotInThisState])
def extend_receipt(order_id: str, request: Request) -> Answer:
    """Once for each side: more time before receipt is taken as confirmed."""
    return commands.extend_receipt(order_id, request)


@routes.command("/v1/orders/{order_id}/receive", answers=OrderView, by=MEMBER, refuses=[NotInThisState])
def receive(order_id: str, request: Request) -> Answer:
    """As the buyer, confirm that the goods arrived; the window for claims about them starts."""
    return commands.receive(order_id, request)


@routes.command(
    "/v1/orders/{order_id}/early-payout",
    asks=EarlyAsked,
    answers=OrderView,
    by=MEMBER,
    refuses=[NotInThisState, NotThatMuchFree, EarlyPayoutHeld, BadTerms],
    examples={"some of it": {"money": {"amount": "500.00", "currency": "USD"}}},
)
def pay_out_early(order_id: str, asked: EarlyAsked, request: Request) -> Answer:
    """As the supplier, have money of a covered order before completion; it goes to your balance."""
    return commands.pay_out_early(order_id, asked, request)


@routes.question(
    "/v1/cover-quotes",
    asks=QuoteAsked,
    answers=CoverQuoteView,
    by=MEMBER | OFFICER.with_duty(*ANY_DUTY),
    refuses=[*_TERMS, NoRate, NotFound],
    examples={"order": QUOTE},
)
def cover_quote(asked: QuoteAsked, request: Request) -> CoverQuoteView:
    """What such terms would be covered for, until when, and why not."""
    return reading.cover_quote(asked, request)


@routes.read(
    "/v1/suppliers/{member_id}/coverage", query=Paging, answers=CoverageView, by=MEMBER | OFFICER.with_duty(*ANY_DUTY)
)
def coverage(member_id: str, query: Paging, request: Request) -> CoverageView:
    """A supplier's protection amount, and every order that holds some of it."""
    return reading.coverage(member_id, query, request)


@routes.command(
    "/v1/suppliers/{member_id}/payouts",
    asks=PayoutAsked,
    answers=PayoutView,
    by=MEMBER,
    status=201,
    refuses=[BalanceShort, NoBankAccount, PayoutHeld, ExposureOpen, UnknownCurrency],
)
def pay_out(member_id: str, asked: PayoutAsked, request: Request) -> Answer:
    """Draw on the balance: the bank is told to pay it to the registered account. Who is not in good standing leaves what is at risk."""
    return payouts.pay_out(member_id, asked, request)
