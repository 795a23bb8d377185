"""Channels as an aggregate: what ties their machine to their table and their view, and who may see one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chalicelib.channels.records import channels as records
from chalicelib.channels.rules.channel import Actor, Channel, Context
from chalicelib.channels.rules.channel_machine import MACHINE
from chalicelib.channels.views.channel import view
from chalicelib.shared.access import CHANNELS as DUTY
from chalicelib.shared.aggregates import Aggregate
from chalicelib.shared.request import Caller


def _contexts(channels: Sequence[Channel], now: datetime) -> list[Context]:
    return [() for _ in channels]


def actor_of(channel: Channel, caller: Caller) -> Actor:
    """A channel is public; its agencies nominate in it, officers see to it."""
    if caller.is_officer:
        return "officer"
    return "agency" if caller.agency_id in channel.terms.agencies else "public"


CHANNELS: Final = Aggregate[Channel, Context, Actor](
    name="channels",
    machine=MACHINE,
    repository=records.REPOSITORY,
    context=_contexts,
    actor_of=actor_of,
    view=view,
    duty=DUTY,
)
