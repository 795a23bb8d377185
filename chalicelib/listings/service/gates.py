"""Who may list and sell in a channel: asked when it is to happen, of the records as they are then."""

from __future__ import annotations

from datetime import datetime

from chalicelib.channels.rules.channel import Channel
from chalicelib.channels.rules.membership import Membership
from chalicelib.channels.service import reading as channels
from chalicelib.listings.rules.listing import ChannelNotOpen, MembershipNotValid
from chalicelib.shared.errors import NotFound


def channel_of(channel_id: str, now: datetime) -> Channel:
    """NotFound where there is none, or where it is only planned. One read."""
    channel = channels.load(channel_id, now)
    if channel is None:
        raise NotFound(f"There is no channel {channel_id!r:.60}.", param="channel_id")
    return channel


def must_take_listings(channel: Channel) -> Channel:
    """ChannelNotOpen where it is closed: before it opens, and while it pauses, listings are made ready."""
    if channel.status == "closed":
        raise ChannelNotOpen("It is closed.", channel_status=channel.status)
    return channel


def must_take_orders(channel: Channel) -> Channel:
    """ChannelNotOpen where no orders are placed in it now."""
    if not channel.is_open:
        raise ChannelNotOpen(f"It is {channel.status}.", channel_status=channel.status)
    return channel


def valid_membership(supplier_id: str, channel_id: str, now: datetime) -> Membership:
    """MembershipNotValid where the supplier has none now. One read."""
    membership = channels.membership_of(supplier_id, channel_id, now)
    if membership is None or not membership.is_valid(now):
        status = membership.status if membership else "none"
        raise MembershipNotValid(f"Its membership is: {status}.", membership_status=status)
    return membership
