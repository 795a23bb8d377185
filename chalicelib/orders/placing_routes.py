"""Placing orders in country channels, apart from the endpoints of orders: who accepts an order starts without channels, listings and quotes."""

from __future__ import annotations

from chalicelib.listings.rules.listing import BelowMinimum, MembershipNotValid
from chalicelib.listings.rules.stock import OfferChanged, StockShort
from chalicelib.members.rules import NotRegistered, OwnTrade
from chalicelib.orders import routes as orders
from chalicelib.orders.examples import CHANNEL_ORDER
from chalicelib.orders.rules.placing import NotOurMarket, OneSupplier, OutsideBand, TooManyListings
from chalicelib.orders.rules.terms import NotCovered
from chalicelib.orders.service import placing
from chalicelib.orders.views.order import OrderView
from chalicelib.orders.views.requests import ChannelOrderRequest
from chalicelib.quotes.rules.methods import MethodNotOffered
from chalicelib.quotes.rules.quote import ChannelNotOpen, QuoteExpired, QuoteNotForThat, QuoteUsed
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.fx import NoRate
from chalicelib.shared.http import MEMBER, Routes
from chalicelib.shared.request import RequestContext
from chalicelib.suppliers.rules.coverage import CapacityExceeded, SupplierNotActive

routes = Routes(group="Orders", reads=orders.routes)


@routes.command(
    "/v1/channels/{channel_id}/orders",
    response=OrderView,
    status=201,
    by=MEMBER,
    errors=[
        NotFound,
        ChannelNotOpen,
        MembershipNotValid,
        OfferChanged,
        StockShort,
        BelowMinimum,
        OneSupplier,
        TooManyListings,
        OutsideBand,
        NotOurMarket,
        QuoteUsed,
        QuoteExpired,
        QuoteNotForThat,
        MethodNotOffered,
        OwnTrade,
        NotRegistered,
        NotCovered,
        CapacityExceeded,
        SupplierNotActive,
        NoRate,
    ],
    examples={"two lots": CHANNEL_ORDER},
)
def place(channel_id: str, body: ChannelOrderRequest, request: RequestContext) -> StoredResponse:
    """Take what a channel's supplier offers, by a quote of exactly its price: agreed at this instant, with its stock and its cover reserved."""
    return placing.place(channel_id, body, request)
