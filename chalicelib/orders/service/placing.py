"""Placing an order in a country channel: two reads and one transaction, in which its quote is used and its stock and cover are reserved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from msgspec.structs import astuple

from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.rules.channel import Channel
from chalicelib.listings.aggregate import LISTINGS
from chalicelib.listings.rules.listing import Listing
from chalicelib.listings.rules.stock import OfferChanged
from chalicelib.listings.service.gates import valid_membership
from chalicelib.members.rules import must_be_registered, must_trade_apart
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.rules import placing
from chalicelib.orders.rules.order import Policy
from chalicelib.orders.rules.terms import CoverChoice
from chalicelib.orders.service.commands import must_be_coverable, policy_in_force
from chalicelib.orders.views.requests import ChannelOrderRequest
from chalicelib.quotes.aggregate import QUOTES
from chalicelib.quotes.rules.methods import Policy as Methods
from chalicelib.quotes.rules.quote import ChannelNotOpen, Quote
from chalicelib.shared import fx, ids, policies
from chalicelib.shared.aggregates import Aggregate, load_together
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say, term
from chalicelib.suppliers.service import cover as suppliers_cover

_PLACED: Final = replace(ORDERS, others={Quote: QUOTES})
"""An order with the quote that it is placed by. Whatever happens to it afterwards starts without quotes."""


def place(channel_id: str, body: ChannelOrderRequest, request: RequestContext) -> StoredResponse:
    """For the caller, of listings of one supplier, by a quote of exactly their price."""
    now, today, buyer_id = request.now, business_date(request.now), request.caller.member_id
    channel, quote, listings = _read(channel_id, body, request)
    lots, order_id = placing.lots_of(listings, [*map(astuple, body.lines)]), ids.new_id("ord", now)
    used = placing.use(quote, order_id, lots, now)
    supplier_id = lots[0].listing.supplier_id
    must_trade_apart(supplier_id, buyer_id, param="lines")
    valid_membership(supplier_id, channel_id, now)
    position, buyer = suppliers_cover.cover_position_beside(supplier_id, buyer_id)
    must_be_registered(buyer_id, buyer)
    assert buyer is not None, "it is registered"
    placing.must_be_served(channel, buyer.country)
    of_buyer, band = fx.quote(quote.buyer_currency, today), channel.terms.band
    placing.must_lie_within(
        band, quote.amounts.buyer_minor, quote.buyer_currency, of_buyer, fx.quote(band.currency, today)
    )
    warning = must_be_coverable(position, body.accept_uncovered, now, param="accept_uncovered")
    cover: CoverChoice = "none" if warning else "total"
    ways = policies.pinned("payment-methods", quote.policy).read_as(Methods)
    policy = policy_in_force(now)
    change = placing.place(
        order_id,
        lots,
        used,
        buyer_id=buyer_id,
        methods=placing.methods_of(ways.paying_in(quote.buyer_currency), body.methods, covered=cover != "none"),
        cover=cover,
        warning=warning,
        limit_quote=of_buyer,
        news=ways.news,
        policy=policy.hash,
        now=now,
    )
    return _PLACED.create(change, policy.read_as(Policy), request, "buyer")


def _read(
    channel_id: str, body: ChannelOrderRequest, request: RequestContext
) -> tuple[Channel, Quote, dict[str, Listing]]:
    """The channel, which takes orders; the caller's quote; the listings, which are on sale there. One round trip."""
    listing_ids = list(dict.fromkeys(line.listing_id for line in body.lines))
    wanted: list[tuple[Aggregate[Any, Any, Any], str]] = [
        (CHANNELS, channel_id),
        (QUOTES, body.quote_id),
        *((LISTINGS, each) for each in listing_ids),
    ]
    channel, quote, *parties = load_together(wanted, request.now)
    if channel is None or CHANNELS.actor_of(channel, request.caller) is None:
        raise NotFound(say("There is no channel {channel_id!r:.60}.", channel_id=channel_id))
    if not channel.is_open:
        raise ChannelNotOpen(
            say("It is {status}.", status=term("status", channel.status)), channel_status=channel.status
        )
    if quote is None or QUOTES.actor_of(quote, request.caller) is None:
        raise NotFound(say("There is no quote {quote_id!r:.60}.", quote_id=body.quote_id), param="quote_id")
    for listing_id, listing in zip(listing_ids, parties, strict=True):
        if listing is None or listing.channel_id != channel_id or not listing.published_at:
            raise NotFound(
                say("There is no listing {listing_id!r:.60} in that channel.", listing_id=listing_id), param="lines"
            )
        if not listing.on_sale:
            raise OfferChanged(
                say("{listing_id} is {status}.", listing_id=listing_id, status=term("status", listing.status)),
                listing_id=listing_id,
            )
    return channel, quote, {listing.id: listing for listing in parties}
