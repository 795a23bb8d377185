"""Quotes for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.quotes.aggregate import QUOTES
from chalicelib.quotes.rules import quote as rules
from chalicelib.quotes.rules.quote import QuoteChange
from chalicelib.shared import clock, ids
from chalicelib.shared.money import Money
from chalicelib.shared.request import CLOCK, RequestContext

CHANNEL = "chn_01JV8QZ7N4K3T5W6X8Y9ABCDEF"


def quoted(buyer_id: str, now: datetime, price: str = "129000", **other: Any) -> QuoteChange:
    """K1: a price in KRW for a buyer in CNY."""
    terms: dict[str, Any] = {
        "channel_id": CHANNEL,
        "buyer_currency": "CNY",
        "settlement_currency": "KRW",
        "rate": "0.0051",
        "settlement_rate": "1",
        "spread_bp": 50,
        "fee_bp": 250,
        "valid_until": now + timedelta(minutes=15),
        "policy": "",
    }
    return rules.quoted(ids.new_id("qot", now), Money(price, "KRW"), buyer_id=buyer_id, now=now, **(terms | other))


def plant(buyer_id: str) -> str:
    """A quote that waits for its order."""
    change = quoted(buyer_id, clock.now())
    request = RequestContext(caller=CLOCK, now=change.at, request_id=change.state.id, key=change.state.id)
    QUOTES.create(change, (), request)
    return change.state.id
