"""What an order of a country channel keeps beside its terms: of what it was made, and what the exporter gets for it. Pure.

The terms are in the buyer's currency; what each line comes to is a split of what the quote says of the whole. What its goods hold of the stock
follows from how far they have been shipped, and from nothing else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.orders.rules.terms import LineNumber
from chalicelib.quotes.rules.amounts import Amounts
from chalicelib.quotes.rules.methods import MethodId
from chalicelib.shared.bounds import most

MOST_LISTINGS: Final = 6
"""Of an order, quote, cover and entry beside it: a transaction has ten actions on any engine."""

CarrierStep = Literal["accepted", "exported", "cleared", "delivered", "returned"]


class ChannelLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a line was made of: this `offer` of a listing, at the price of the step of its ladder that begins at `step`."""

    line: LineNumber
    listing_id: str
    offer: int
    step: int
    price_minor: int


class ChannelTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """As the quote says. `methods` are those that both sides agreed to, one of which has to have authorised it by `authorise_by`."""

    channel_id: str
    quote_id: str
    price_currency: str
    price_minor: int
    settlement_currency: str
    rate: str
    settlement_rate: str
    spread_bp: int
    fee_bp: int
    amounts: Amounts
    methods: Annotated[tuple[MethodId, ...], most(3, why="there are no more")]
    authorise_by: datetime
    lines: Annotated[tuple[ChannelLine, ...], most(MOST_LISTINGS, why="the request says so")]
    goods_back: Annotated[dict[LineNumber, int], most(MOST_LISTINGS, why="one for each line")] = {}
    """What the supplier said is back, by line."""
    refundable_until: datetime | None = None
    """Refunds go back the way payments came until then: as long as the first of its captures can be refunded so."""

    def listing_of(self, line: int) -> str:
        return next(each.listing_id for each in self.lines if each.line == line)

    def open_to_refunds(self, until: datetime) -> ChannelTerms:
        """With one more capture, of which that is so until then."""
        return replace(self, refundable_until=min(until, self.refundable_until or until))
