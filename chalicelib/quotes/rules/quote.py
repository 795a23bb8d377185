"""A quote: what a price comes to for its buyer and its exporter, held for a quarter of an hour and used once. Pure.

open ─→ used       an order was placed with it
  └───→ expired    nobody placed one in time
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.channels.rules.channel import Channel
from chalicelib.quotes.rules.amounts import Amounts, amounts
from chalicelib.quotes.rules.methods import Policy
from chalicelib.shared.bounds import most
from chalicelib.shared.errors import Conflict, RuleViolation
from chalicelib.shared.journal import Event
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Change, InvalidTransition, StateMachine, Table, Timer, Transition
from chalicelib.shared.texts import say, term

Status = Literal["open", "used", "expired"]
Actor = Literal["buyer", "officer"]
Context = tuple[()]
ENDS: Final[frozenset[Status]] = frozenset({"used", "expired"})


class QuoteNotInThisStatus(InvalidTransition):
    code = "quote_not_in_this_status"
    title = "The quote does not allow that now."


class QuoteUsed(Conflict):
    code = "quote_used"
    title = "An order was placed with that quote."
    fix = "Ask for a new quote: POST /v1/quotes."


class QuoteExpired(Conflict):
    code = "quote_expired"
    title = "The quote was valid for a while, and that is over."
    fix = "Ask for a new quote: POST /v1/quotes."


class QuoteNotForThat(RuleViolation):
    code = "quote_not_for_that"
    title = "The quote is for another price or another channel."
    fix = "Ask for a quote of exactly `price` in the order's channel: POST /v1/quotes."


class ChannelNotOpen(Conflict):
    code = "channel_not_open"
    title = "The channel takes no orders now."
    fix = "Choose an open channel: GET /v1/channels."


class PriceCurrencyNotAllowed(RuleViolation):
    code = "price_currency_not_allowed"
    title = "Nothing is priced in that currency in this channel."
    fix = "Use one of `currencies`."


class CurrencyNotTaken(RuleViolation):
    code = "buyer_currency_not_taken"
    title = "No way to pay takes that currency."
    fix = "Use one of `currencies` (GET /v1/payment-methods)."


class Quote(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One quote. All of an order's amounts follow from it; the exporter carries no currency risk after it."""

    id: str
    buyer_id: str
    channel_id: str
    price_currency: str
    price_minor: int
    buyer_currency: str
    settlement_currency: str
    rate: str
    settlement_rate: str
    spread_bp: int
    fee_bp: int
    amounts: Amounts
    status: Status
    version: int
    entry_hash: str = ""
    recent: Annotated[tuple[str, ...], most(4, why="the last ones")] = ()
    seq: int
    created_at: datetime
    updated_at: datetime
    valid_until: datetime
    policy: str
    order_id: str = ""

    @property
    def price(self) -> Money:
        return Money.of(self.price_minor, self.price_currency)


QuoteChange = Change[Quote]
TABLE: Final = Table[Quote, Context](
    kind="quote",
    error=QuoteNotInThisStatus,
    ends=ENDS,
    transitions=(
        Transition("use", frozenset({"open"}), frozenset({"order"}), frozenset({"used"})),
        Transition("expire", frozenset({"open"}), frozenset({"clock"}), frozenset({"expired"})),
    ),
)


def must_be_quotable(channel: Channel, price_currency: str, buyer_currency: str, policy: Policy) -> None:
    """ChannelNotOpen, PriceCurrencyNotAllowed or CurrencyNotTaken, with what is."""
    if not channel.is_open:
        raise ChannelNotOpen(
            say("The channel is {status}.", status=term("status", channel.status)),
            param="channel_id",
            channel_status=channel.status,
        )
    if price_currency not in (allowed := channel.terms.price_currencies):
        raise PriceCurrencyNotAllowed(
            say("{currency} is none of them.", currency=price_currency),
            param="price.currency",
            currencies=list(allowed),
        )
    if not policy.paying_in(buyer_currency):
        taken = sorted({currency for method in policy.methods for currency in method.currencies})
        raise CurrencyNotTaken(
            say("{currency} is none of them.", currency=buyer_currency), param="currency", currencies=taken
        )


def quoted(
    quote_id: str,
    price: Money,
    *,
    buyer_id: str,
    channel_id: str,
    buyer_currency: str,
    settlement_currency: str,
    rate: str,
    settlement_rate: str,
    spread_bp: int,
    fee_bp: int,
    valid_until: datetime,
    policy: str,
    now: datetime,
) -> QuoteChange:
    """The first version."""
    price_minor = price.minor(param="price.amount", least=1)
    quote = Quote(
        id=quote_id,
        buyer_id=buyer_id,
        channel_id=channel_id,
        price_currency=price.currency,
        price_minor=price_minor,
        buyer_currency=buyer_currency,
        settlement_currency=settlement_currency,
        rate=rate,
        settlement_rate=settlement_rate,
        spread_bp=spread_bp,
        fee_bp=fee_bp,
        amounts=amounts(
            price_minor,
            price.currency,
            buyer_currency,
            settlement_currency,
            rate,
            spread_bp,
            fee_bp,
            settlement_rate,
        ),
        status="open",
        version=1,
        seq=1,
        created_at=now,
        updated_at=now,
        valid_until=valid_until,
        policy=policy,
    )
    payload = {"to": "open", "channel_id": channel_id, "price_minor": price_minor, "currency": price.currency}
    return QuoteChange(state=quote, event=Event("quote.quoted", payload, policy=policy), at=now)


def use(was: Quote, order_id: str, channel_id: str, price_minor: int, price_currency: str, now: datetime) -> Quote:
    """The next version, for the commit that places an order of exactly that price. QuoteUsed, QuoteExpired, QuoteNotForThat."""
    if was.status == "used":
        raise QuoteUsed(say("It was used before."), param="quote_id")
    if was.status == "expired" or now >= was.valid_until:
        raise QuoteExpired(say("Its time is over."), param="quote_id", valid_until=was.valid_until)
    if (channel_id, price_minor, price_currency) != (was.channel_id, was.price_minor, was.price_currency):
        price = Money.of(price_minor, price_currency)
        raise QuoteNotForThat(
            say(
                "It is for {quoted} {currency}; the order comes to {amount} {other}.",
                quoted=was.price.grouped,
                currency=was.price_currency,
                amount=price.grouped,
                other=price_currency,
            ),
            param="quote_id",
            quoted=was.price,
            price=price,
        )
    return TABLE.next_version(was, "use", now, status="used", order_id=order_id)


def expire(was: Quote, context: Context, at: datetime) -> QuoteChange:
    return TABLE.change(was, "expire", at, to="expired")


MACHINE: Final = StateMachine[Quote, Context](
    table=TABLE,
    timers=(
        Timer("validity", frozenset({"open"}), lambda quote, context: quote.valid_until, "buyer", "expired", expire),
    ),
)
