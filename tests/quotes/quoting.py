"""Quotes for tests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.channels.aggregate.channels import CHANNELS
from chalicelib.channels.rules import channel_machine
from chalicelib.channels.rules.policy import Policy as ChannelPolicy
from chalicelib.quotes.aggregate import QUOTES
from chalicelib.quotes.rules import quote as rules
from chalicelib.quotes.rules.quote import QuoteChange
from chalicelib.shared import clock, ids, policies
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


def open_channel(country: str = "KR", **other: Any) -> str:
    """A channel as it is shipped, open since this moment."""
    now, policy = clock.now(), policies.versions("channels")[-1]
    shipped = policy.read_as(ChannelPolicy).shipped(country)
    channel_id = ids.new_id("chn", now)
    planned = channel_machine.planned(
        channel_id, country, shipped.name, replace(shipped.terms, **other), policy_hash=policy.hash, now=now
    )
    request = RequestContext(caller=CLOCK, now=now, request_id=channel_id, key=channel_id)
    CHANNELS.create(planned, (), request)
    CHANNELS.apply(channel_id, replace(request, key=""), lambda was, context: channel_machine.open_(was, now))
    return channel_id


def plant(buyer_id: str) -> str:
    """A quote that waits for its order."""
    change = quoted(buyer_id, clock.now())
    request = RequestContext(caller=CLOCK, now=change.at, request_id=change.state.id, key=change.state.id)
    QUOTES.create(change, (), request)
    return change.state.id
