"""What buyers send about quotes."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.shared.money import Money

Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]


class QuoteRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`price` is what an order comes to by the ladders of its listings; `currency` is what the buyer pays in."""

    channel_id: Annotated[str, Meta(min_length=1, max_length=64)]
    """The channel, by its id."""
    price: Money
    """What the order comes to by the ladders of its listings."""
    currency: Currency
    """The currency that the buyer pays in."""


class MethodsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    currency: Currency | None = None
    """Only methods that take it."""
