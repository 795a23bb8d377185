"""The endpoints of card and wallet payments, and of settlements."""

from __future__ import annotations

from chalicelib.acquiring.examples import ALL, PART, PAY
from chalicelib.acquiring.rules.handling import RefundWindowOver
from chalicelib.acquiring.rules.starting import OrderNotPayable, TooManyPayments
from chalicelib.acquiring.rules.transitions import PaymentNotInThisStatus
from chalicelib.acquiring.service import commands, reading
from chalicelib.acquiring.views.payment import PaymentView, SettlementView
from chalicelib.acquiring.views.requests import PaymentRequest, RefundRequest, SettlementsQuery
from chalicelib.orders.rules.acquired import NotThatMuchRefundable
from chalicelib.orders.rules.payments import WrongCurrency
from chalicelib.quotes.rules.methods import MethodNotOffered
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.pages import BadCursor, Page, Paging
from chalicelib.shared.request import RequestContext, Stale
from chalicelib.shared.timelines import TimelineEntry

routes = Routes(group="Cards and wallets", response=PaymentView)
EITHER = MEMBER | OFFICER.with_duty(*ANY_DUTY)


@routes.command(
    "/v1/orders/{order_id}/payments",
    by=MEMBER,
    status=201,
    errors=[OrderNotPayable, MethodNotOffered, TooManyPayments],
    examples={"by wallet": PAY},
)
def start(order_id: str, body: PaymentRequest, request: RequestContext) -> StoredResponse:
    """Pay an order of a channel by card or wallet, as its buyer: `checkout` is where. It may be begun anew while the quote lasts."""
    return commands.start(order_id, body, request)


@routes.read("/v1/orders/{order_id}/payments", by=EITHER, errors=[BadCursor])
def payments(order_id: str, query: Paging, request: RequestContext) -> Page[PaymentView]:
    """The card and wallet payments of an order, the first first."""
    return reading.payments(order_id, query, request)


@routes.read("/v1/payments/{payment_id}", by=EITHER)
def payment(payment_id: str, request: RequestContext) -> PaymentView:
    """One payment: what was authorised, captured, refunded and disputed, and what could still go back."""
    return reading.payment(payment_id, request)


@routes.read("/v1/payments/{payment_id}/timeline", by=EITHER)
def timeline(payment_id: str, query: Paging, request: RequestContext) -> Page[TimelineEntry]:
    """Everything that happened to a payment, oldest first."""
    return reading.timeline(payment_id, query, request)


@routes.command("/v1/payments/{payment_id}/cancel", by=MEMBER, errors=[PaymentNotInThisStatus, Stale])
def cancel(payment_id: str, request: RequestContext) -> StoredResponse:
    """Think better of a payment of which nothing was captured, as its buyer: the acquirer is told to let it go."""
    return commands.cancel(payment_id, request)


@routes.command(
    "/v1/payments/{payment_id}/refund",
    by=MEMBER | OFFICER.with_duty("payments"),
    errors=[PaymentNotInThisStatus, NotThatMuchRefundable, RefundWindowOver, WrongCurrency, UnknownCurrency, Stale],
    examples={"a third": PART, "all that can be": ALL},
)
def refund(payment_id: str, body: RefundRequest, request: RequestContext) -> StoredResponse:
    """Give money back before the order's end, as its supplier or an officer: the way it came, in the buyer's currency."""
    return commands.refund(payment_id, body, request)


@routes.read("/v1/settlements", by=EITHER, errors=[BadCursor])
def settlements(query: SettlementsQuery, request: RequestContext) -> Page[SettlementView]:
    """What a supplier was settled, and is going to be. Officers name a supplier or a status."""
    return reading.settlements(query, request)


@routes.read("/v1/settlements/{settlement_id}", by=EITHER)
def settlement(settlement_id: str, request: RequestContext) -> SettlementView:
    """One settlement: what was released of the order, the fee, and what the supplier gets."""
    return reading.settlement(settlement_id, request)
