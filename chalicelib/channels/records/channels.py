"""The table of channels."""

from __future__ import annotations

from collections.abc import Iterator
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


def ids(status: str, after: str | None) -> Iterator[str]:
    """Channels in a status, by id."""
    return REPOSITORY.ids(ChannelRow.by_status, status, after=after)
