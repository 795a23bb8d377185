"""Who may list and sell in a channel: asked when it is to happen, of the records as they are then."""

from __future__ import annotations

from datetime import datetime

from chalicelib.channels.rules.channel import Channel
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.service import reading as channels
from chalicelib.listings.rules.listing import ChannelClosed, MembershipNotValid
from chalicelib.shared.errors import NotFound
from chalicelib.shared.texts import say, term


def channel_of(channel_id: str, now: datetime) -> Channel:
    """NotFound where there is none, or where it is only planned. One read."""
    channel = channels.load(channel_id, now)
    if channel is None:
        raise NotFound(say("There is no channel {channel_id!r:.60}.", channel_id=channel_id), param="channel_id")
    return channel


def must_take_listings(channel: Channel) -> Channel:
    """ChannelClosed; before it opens, and while it pauses, listings are made ready."""
    if channel.status == "closed":
        raise ChannelClosed("It takes no more listings.", channel_status=channel.status)
    return channel


def valid_membership(supplier_id: str, channel_id: str, now: datetime) -> Membership:
    """That of a supplier; MembershipNotValid where the supplier has none now. One read."""
    return must_be_valid(channels.membership_of(supplier_id, channel_id, now), now)


def must_be_valid(membership: Membership | None, now: datetime) -> Membership:
    if membership is None:
        raise MembershipNotValid("It has no membership there.", membership_status="none")
    if not membership.is_valid(now):
        raise MembershipNotValid(
            say("Its membership is: {status}.", status=term("status", membership.status)),
            membership_status=membership.status,
        )
    return membership
