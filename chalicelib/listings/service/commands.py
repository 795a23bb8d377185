"""What suppliers and officers do with listings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from chalicelib.channels.rules.channel import Channel
from chalicelib.listings import records
from chalicelib.listings.aggregate import LISTINGS
from chalicelib.listings.rules import handling, moderation, pictures
from chalicelib.listings.rules.listing import Actor, Context, Listing, Offer, Policy
from chalicelib.listings.rules.moderation import Case
from chalicelib.listings.rules.transitions import ListingChange
from chalicelib.listings.service.gates import channel_of, must_take_listings, valid_membership
from chalicelib.listings.views import requests
from chalicelib.quotes.service import reading as quotes
from chalicelib.shared import calendars, ids, policies
from chalicelib.shared.commit import Joined, StoredResponse
from chalicelib.shared.periods import business_date, business_days_after
from chalicelib.shared.request import RequestContext


def draft(body: requests.DraftRequest, request: RequestContext) -> StoredResponse:
    """In a channel that the caller is a member of."""
    channel = must_take_listings(channel_of(body.channel_id, request.now))
    membership = valid_membership(request.caller.member_id, channel.id, request.now)
    in_force = policies.in_force("listings", business_date(request.now))
    policy = in_force.read_as(Policy)
    listing_id = ids.new_id("lst", request.now)
    drafted = handling.drafted(
        listing_id, membership, body.offer.offer(1), policy=policy, policy_hash=in_force.hash, now=request.now
    )
    stock = Joined(changes=(records.opening(listing_id, body.on_hand),))
    return LISTINGS.create(drafted, Context(policy=policy), request, "supplier", joined=stock)


def edit(listing_id: str, body: requests.EditRequest, request: RequestContext) -> StoredResponse:
    """What is shown keeps the rules of the channel at once; a draft is checked when it is submitted."""

    def decide(was: Listing, context: Context, actor: Actor) -> ListingChange:
        offer = body.offer.offer(was.next_number)
        if was.status in ("published", "suspended"):
            _must_be_fit(was, offer, context, _channel(was, request.now), request.now)
        return handling.edit(was, context, offer, _moderate_by(context, request.now), request.now)

    return LISTINGS.execute(listing_id, request, "edit", decide)


def submit(listing_id: str, request: RequestContext) -> StoredResponse:
    """NotFit names every rule that it breaks; what breaks none waits for a person."""

    def decide(was: Listing, context: Context, actor: Actor) -> ListingChange:
        was = handling.vouched_for(was, valid_membership(was.supplier_id, was.channel_id, request.now))
        _must_be_fit(was, was.offer, context, _channel(was, request.now), request.now)
        return handling.submit(was, _moderate_by(context, request.now), request.now)

    return LISTINGS.execute(listing_id, request, "submit", decide)


def publish(listing_id: str, request: RequestContext) -> StoredResponse:
    """The channel's terms, and the membership, may be others than when it was submitted."""

    def decide(was: Listing, context: Context, actor: Actor) -> ListingChange:
        was = handling.vouched_for(was, valid_membership(was.supplier_id, was.channel_id, request.now))
        _must_be_fit(was, was.pending or was.offer, context, _channel(was, request.now), request.now)
        return handling.publish(was, context, request.now)

    return LISTINGS.execute(listing_id, request, "publish", decide)


def reject(listing_id: str, body: requests.RejectRequest, request: RequestContext) -> StoredResponse:
    return _execute(
        listing_id,
        request,
        "reject",
        lambda was, context: handling.reject(was, context, body.findings, request.now),
    )


def suspend(listing_id: str, body: requests.SuspendRequest, request: RequestContext) -> StoredResponse:
    return _execute(
        listing_id,
        request,
        "suspend",
        lambda was, context: handling.suspend(was, body.reason, request.now),
    )


def renew(listing_id: str, request: RequestContext) -> StoredResponse:
    def decide(was: Listing, context: Context) -> ListingChange:
        was = handling.vouched_for(was, valid_membership(was.supplier_id, was.channel_id, request.now))
        _must_be_fit(was, was.offer, context, _channel(was, request.now), request.now)
        return handling.renew(was, context, _moderate_by(context, request.now), request.now)

    return _execute(listing_id, request, "renew", decide)


def withdraw(listing_id: str, request: RequestContext) -> StoredResponse:
    return _execute(listing_id, request, "withdraw", lambda was, context: handling.withdraw(was, request.now))


def count_stock(listing_id: str, body: requests.StockRequest, request: RequestContext) -> StoredResponse:
    """What is on hand, by the count it was read at. Orders that reserve meanwhile do not stand in its way."""
    return _execute(
        listing_id,
        request,
        "count-stock",
        lambda was, context: handling.count_stock(
            was, records.stock_of(listing_id), body.on_hand, body.count, request.now
        ),
    )


def remove_picture(listing_id: str, document_id: str, request: RequestContext) -> StoredResponse:
    return _execute(
        listing_id, request, "add-picture", lambda was, context: pictures.removed(was, document_id, request.now)
    )


def _execute(
    listing_id: str, request: RequestContext, action: str, decide: Callable[[Listing, Context], ListingChange]
) -> StoredResponse:
    return LISTINGS.execute(listing_id, request, action, lambda was, context, actor: decide(was, context))


def _channel(listing: Listing, now: datetime) -> Channel:
    return must_take_listings(channel_of(listing.channel_id, now))


def _must_be_fit(was: Listing, offer: Offer, context: Context, channel: Channel, now: datetime) -> None:
    on, band = business_date(now), channel.terms.band.currency
    is_priced = offer.currency in channel.terms.price_currencies
    rate = quotes.policy_in_force(now).rate(offer.currency, band, on) if is_priced else ""
    case = Case(listing=was, offer=offer, terms=channel.terms, policy=context.policy, rate=rate)
    moderation.must_be_fit(case)


def _moderate_by(context: Context, now: datetime) -> datetime:
    calendar = calendars.calendar(context.policy.calendar)
    return business_days_after(now, context.policy.moderation_business_days, calendar)
