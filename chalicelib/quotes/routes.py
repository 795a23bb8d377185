"""The endpoints of quotes and payment methods."""

from __future__ import annotations

from chalicelib.quotes.examples import QUOTE
from chalicelib.quotes.rules.quote import ChannelNotOpen, CurrencyNotTaken, PriceCurrencyNotAllowed
from chalicelib.quotes.service import commands, reading
from chalicelib.quotes.views.quote import MethodsView, QuoteView
from chalicelib.quotes.views.requests import MethodsQuery, QuoteRequest
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.money import UnknownCurrency
from chalicelib.shared.request import RequestContext

routes = Routes(group="Quotes")


@routes.command(
    "/v1/quotes",
    response=QuoteView,
    by=MEMBER,
    status=201,
    errors=[NotFound, ChannelNotOpen, PriceCurrencyNotAllowed, CurrencyNotTaken, NoRate, UnknownCurrency],
    examples={"129,000 won in yuan": QUOTE},
)
def ask(body: QuoteRequest, request: RequestContext) -> StoredResponse:
    """What a price of a channel comes to for you, held for a quarter of an hour: an order is placed with it, once."""
    return commands.quote(body, request)


@routes.read("/v1/quotes/{quote_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def quote(quote_id: str, request: RequestContext) -> QuoteView:
    """What a price comes to for its buyer and its exporter, and until when."""
    return reading.quote(quote_id, request)


@routes.read("/v1/payment-methods", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def methods(query: MethodsQuery, request: RequestContext) -> MethodsView:
    """The ways to pay, or those that take a currency: what each may pay, and how long it can be taken back or refunded."""
    return reading.methods(query, request)
