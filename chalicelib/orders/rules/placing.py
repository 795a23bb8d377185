"""An order of a country channel: its listings are standing offers, so it is agreed in the moment its buyer places it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.channels.rules.channel import Band, Channel
from chalicelib.listings.rules.effects import ReserveStock
from chalicelib.listings.rules.listing import Listing, Step, price_of
from chalicelib.orders.rules.channel_terms import MOST_LISTINGS, ChannelLine, ChannelTerms
from chalicelib.orders.rules.order import Cover, Order
from chalicelib.orders.rules.terms import CoverChoice, Instalment, Item, ShipAfterPayment, Terms
from chalicelib.orders.rules.transitions import OrderChange
from chalicelib.quotes.rules import quote as quotes
from chalicelib.quotes.rules.amounts import split
from chalicelib.quotes.rules.methods import Method, MethodId, MethodNotOffered
from chalicelib.quotes.rules.quote import Quote
from chalicelib.shared import fx
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.money import Money, divide
from chalicelib.shared.texts import say
from chalicelib.suppliers.rules.effects import ReserveCover

TITLE_LANGUAGES = ("en", "zh-Hans", "ko", "ja")
"""A line bears the first title of these that its listing has."""


class OneSupplier(RuleViolation):
    code = "one_supplier"
    title = "An order is with one supplier."
    fix = "Place an order for each supplier, each by a quote of its own."


class TooManyListings(RuleViolation):
    code = "too_many_listings"
    title = "An order is of a few listings."
    fix = "Place an order for the others, by a quote of its own."


class OutsideBand(RuleViolation):
    code = "outside_band"
    title = "The channel takes orders of small lots only."
    fix = "Order so much that what you pay lies between `minimum` and `maximum`."


class NotOurMarket(RuleViolation):
    code = "market_not_served"
    title = "The channel does not sell to your country."
    fix = "See the channel's `buyer_markets`: GET /v1/channels/{id}."


class Lot(Struct, frozen=True):
    """So many of a listing, at the price of a step of its ladder."""

    listing: Listing
    quantity: int
    step: Step

    @property
    def price_minor(self) -> int:
        return self.quantity * self.step.price_minor


def lots_of(listings: Mapping[str, Listing], wanted: Sequence[tuple[str, int]]) -> list[Lot]:
    """How many of each listing, its lines added: the step of its ladder is chosen for all of them. OneSupplier, TooManyListings, BelowMinimum."""
    quantities: dict[str, int] = {}
    for listing_id, quantity in wanted:
        quantities[listing_id] = quantities.get(listing_id, 0) + quantity
    if len(quantities) > MOST_LISTINGS:
        raise TooManyListings(say("It is of {count}.", count=len(quantities)), param="lines", maximum=MOST_LISTINGS)
    suppliers = sorted({listings[listing_id].supplier_id for listing_id in quantities})
    if len(suppliers) > 1:
        raise OneSupplier("Its listings are of several suppliers.", param="lines", supplier_ids=suppliers)
    return [
        Lot(listings[listing_id], quantity, price_of(listings[listing_id], quantity))
        for listing_id, quantity in quantities.items()
    ]


def use(quote: Quote, order_id: str, lots: Sequence[Lot], now: datetime) -> Quote:
    """The quote as used, if it is of exactly what they come to. QuoteUsed, QuoteExpired, QuoteNotForThat."""
    first, price = lots[0].listing, sum(lot.price_minor for lot in lots)
    return quotes.use(quote, order_id, first.channel_id, price, first.offer.currency, now)


def must_be_served(channel: Channel, country: str) -> None:
    if country not in channel.terms.buyer_markets:
        markets = list(channel.terms.buyer_markets)
        raise NotOurMarket(
            say("It sells to {markets}, not to {country}.", markets=", ".join(markets), country=country),
            buyer_markets=markets,
        )


def must_lie_within(band: Band, pays_minor: int, currency: str, on: fx.Quote, of_band: fx.Quote) -> None:
    """OutsideBand with what the buyer pays and both ends, in the band's currency."""
    minor = fx.across(pays_minor, on, of_band)
    if not band.holds(minor):
        pays, worth = Money.of(pays_minor, currency), Money.of(minor, band.currency)
        least, most = Money.of(band.least_minor, band.currency), Money.of(band.most_minor, band.currency)
        raise OutsideBand(
            say(
                "You would pay {pays} {currency}; orders are from {least} to {most} {of_band}.",
                pays=pays.grouped,
                currency=pays.currency,
                least=least.grouped,
                most=most.grouped,
                of_band=band.currency,
            ),
            param="lines",
            pays=pays,
            worth=worth,
            minimum=least,
            maximum=most,
        )


def methods_of(offered: Sequence[Method], wanted: Sequence[MethodId], *, covered: bool) -> tuple[MethodId, ...]:
    """The ways both agree to pay in: an acquirer's, of the whole at once, and such as cover allows. MethodNotOffered with those there are."""
    fit = [
        method.id
        for method in offered
        if method.acquirer_id and "total" in method.instalments and (method.with_cover or not covered)
    ]
    chosen = tuple(method_id for method_id in fit if method_id in wanted or not wanted)
    if not chosen:
        raise MethodNotOffered("None of the methods named pays such an order.", param="methods", methods=fit)
    return chosen


def place(
    order_id: str,
    lots: Sequence[Lot],
    quote: Quote,
    *,
    buyer_id: str,
    methods: tuple[MethodId, ...],
    cover: CoverChoice,
    warning: str,
    limit_quote: fx.Quote,
    news: timedelta,
    policy: str,
    now: datetime,
) -> OrderChange:
    """The first version: agreed, its stock and its cover reserved, with the quote that it uses.

    It waits for an authorisation that was made before the quote's end, and `news` more for word of it.
    """
    first = lots[0].listing
    shares = split(quote.amounts.buyer_minor, [lot.price_minor for lot in lots])
    terms = Terms(
        currency=quote.buyer_currency,
        items=tuple(_item(number, lot, share) for number, (lot, share) in enumerate(zip(lots, shares, strict=True), 1)),
        instalments=(Instalment(name="total", amount_minor=quote.amounts.buyer_minor),),
        ship_by=ShipAfterPayment(days=max(lot.listing.offer.lead_days for lot in lots), payment="full"),
        cover=cover,
        quality="post_delivery",
        transport="express",
        incoterm="DAP",
        category=first.offer.category,
    )
    channel = ChannelTerms(
        channel_id=quote.channel_id,
        quote_id=quote.id,
        price_currency=quote.price_currency,
        price_minor=quote.price_minor,
        settlement_currency=quote.settlement_currency,
        rate=quote.rate,
        settlement_rate=quote.settlement_rate,
        spread_bp=quote.spread_bp,
        fee_bp=quote.fee_bp,
        amounts=quote.amounts,
        methods=methods,
        authorise_by=quote.valid_until,
        lines=tuple(_line(number, lot) for number, lot in enumerate(lots, 1)),
    )
    order = Order(
        id=order_id,
        buyer_id=buyer_id,
        supplier_id=first.supplier_id,
        created_by="buyer",
        proposed_by="supplier",
        status="agreed",
        version=1,
        seq=1,
        created_at=now,
        updated_at=now,
        asked_at=now,
        agreed_at=now,
        day_agreed_at=now,
        pay_due_at=quote.valid_until + news,
        terms=terms,
        channel=channel,
        policy=policy,
        warning=warning,
        cover=Cover.of(terms.cap_minor, limit_quote) if terms.cap_minor else None,
    )
    reserve = (ReserveCover(supplier_id=order.supplier_id, usd_minor=order.cover_usd_minor),) if order.cover else ()
    take = (
        ReserveStock(listing_id=lot.listing.id, quantity=lot.quantity, offer=lot.listing.offer.number) for lot in lots
    )
    payload = {
        "to": "agreed",
        "by": "buyer",
        "terms": terms.hash,
        "channel_id": channel.channel_id,
        "quote_id": channel.quote_id,
        "currency": terms.currency,
        "pays_minor": quote.amounts.buyer_minor,
    } | ({"warning": warning} if warning else {})
    postings = tuple(posting for effect in reserve for posting in effect.postings)
    event = Event("order.placed", payload, postings, policy)
    return OrderChange(state=order, event=event, at=now, effects=(*reserve, *take), also=(quote,))


def _item(number: int, lot: Lot, share_minor: int) -> Item:
    titles = lot.listing.offer.titles
    return Item(
        line=number,
        name=next(titles[language] for language in TITLE_LANGUAGES if language in titles),
        quantity=lot.quantity,
        unit=lot.listing.offer.unit,
        unit_price_minor=divide(share_minor, lot.quantity),
        share_minor=share_minor,
    )


def _line(number: int, lot: Lot) -> ChannelLine:
    return ChannelLine(
        line=number,
        listing_id=lot.listing.id,
        offer=lot.listing.offer.number,
        step=lot.step.quantity,
        price_minor=lot.step.price_minor,
    )
