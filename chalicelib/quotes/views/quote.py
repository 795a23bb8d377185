"""A quote, and payment methods, as they are shown."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.quotes.rules.methods import Method
from chalicelib.quotes.rules.quote import MACHINE, Actor, Context, Quote, Status
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Deadline
from chalicelib.shared.views import view_of


class QuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What the buyer `pays` for a `price`, and what the exporter `gets`: the price less the `fee`. `rate` is without the spread."""

    id: str
    version: int
    status: Status
    channel_id: str
    price: Money
    pays: Money
    gets: Money
    fee: Money
    rate: str
    spread_bp: int
    fee_bp: int
    valid_until: datetime
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[Deadline]
    order_id: str | None


def view(quote: Quote, context: Context, actor: Actor, now: datetime) -> QuoteView:
    return view_of(
        QuoteView,
        quote,
        quote.price_currency,
        pays=Money.of(quote.amounts.buyer_minor, quote.buyer_currency),
        gets=Money.of(quote.amounts.exporter_minor, quote.settlement_currency),
        fee=Money.of(quote.amounts.fee_minor, quote.price_currency),
        **MACHINE.offer(quote, actor, context, now),
    )


class MethodView(msgspec.Struct, frozen=True, kw_only=True):
    """`with_cover`: orders paid so may be covered. The days say how long an authorisation lives, until when a payment may be taken back
    by the buyer's bank, and until when a refund goes back the way the payment came."""

    id: str
    currencies: list[str]
    with_cover: bool
    instalments: list[str]
    fee_bp: int
    authorisation_days: int
    chargeback_days: int
    refund_days: int


class MethodsView(msgspec.Struct, frozen=True, kw_only=True):
    items: list[MethodView]


def methods_view(methods: tuple[Method, ...]) -> MethodsView:
    return MethodsView(items=[view_of(MethodView, method) for method in methods])
