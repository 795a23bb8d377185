"""Orders of a country channel as values, for tests of rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace

from chalicelib.listings.rules.listing import Listing, Step
from chalicelib.orders.rules import placing
from chalicelib.orders.rules.order import Policy
from chalicelib.orders.rules.transitions import OrderChange
from chalicelib.shared import fx, policies
from tests.listings.offered import NOW, published
from tests.quotes.quoting import quoted

POLICY: Final = policies.versions("protection")[-1].read_as(Policy)
NEWS: Final = timedelta(minutes=5)


def listing(name: str, price: int, **fields: Any) -> Listing:
    return replace(published(steps=(Step(1, price),), **fields), id=name)


def place(
    listings: Mapping[str, Listing], wanted: Mapping[str, int], price: str, at: datetime = NOW, **other: Any
) -> OrderChange:
    """Placed at NOW by a quote of that price, which was asked for `at`."""
    quote = quoted("mem_2", at, price, channel_id="chn_1").state
    given: dict[str, Any] = {
        "buyer_id": "mem_2",
        "methods": ("card", "wallet"),
        "cover": "total",
        "warning": "",
        "limit_quote": fx.quote("CNY", NOW.date()),
        "news": NEWS,
        "policy": "hash",
        "now": NOW,
    }
    lots = placing.lots_of(listings, [*wanted.items()])
    return placing.place("ord_1", lots, placing.use(quote, "ord_1", lots, NOW), **(given | other))
