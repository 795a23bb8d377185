"""Asking for a quote."""

from __future__ import annotations

from chalicelib.channels.service import reading as channels_reading
from chalicelib.quotes.aggregate import QUOTES
from chalicelib.quotes.rules import quote as rules
from chalicelib.quotes.rules.methods import Policy
from chalicelib.quotes.rules.quote import must_be_quotable
from chalicelib.quotes.views.requests import QuoteRequest
from chalicelib.shared import ids, policies
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say


def quote(body: QuoteRequest, request: RequestContext) -> StoredResponse:
    """What a price of a channel comes to for the caller, at the rate of this moment. One read and one transaction."""
    now, today = request.now, business_date(request.now)
    channel = channels_reading.load(body.channel_id, now)
    if channel is None:
        raise NotFound(say("There is no channel {channel_id!r:.60}.", channel_id=body.channel_id), param="channel_id")
    in_force = policies.in_force("payment-methods", today)
    policy, terms = in_force.read_as(Policy), channel.terms
    must_be_quotable(channel, body.price.currency, body.currency, policy)
    quoted = rules.quoted(
        ids.new_id("qot", now),
        body.price,
        buyer_id=request.caller.member_id,
        channel_id=channel.id,
        buyer_currency=body.currency,
        settlement_currency=terms.settlement_currency,
        rate=policy.rate(body.price.currency, body.currency, today),
        settlement_rate=policy.rate(body.price.currency, terms.settlement_currency, today),
        spread_bp=terms.spread_bp if body.currency != body.price.currency else 0,
        fee_bp=terms.fee_bp,
        valid_until=now + policy.validity,
        policy=in_force.hash,
        now=now,
    )
    return QUOTES.create(quoted, (), request, "buyer")
