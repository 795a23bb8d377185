"""The table of channels."""

from __future__ import annotations

from functools import partial
from typing import Final

from pynamodb.attributes import UnicodeAttribute

from chalicelib.channels.rules.channel import Channel
from chalicelib.shared.aggregates import AggregateRow, Repository
from chalicelib.shared.columns import Packed
from chalicelib.shared.tables import index, table


class ChannelRow(AggregateRow):
    Meta = table("channels")
    channel_id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute()
    body = Packed(Channel)

    by_status = index(status, channel_id)


REPOSITORY: Final = Repository[Channel](ChannelRow, lambda channel: {"status": channel.status})


ids = partial(REPOSITORY.ids, ChannelRow.by_status)
"""Channels in a status, by id."""
