"""What a party is told of an entry: the envelope of bank events, with the facts as the thing's timeline shows them. Pure.

Never postings, instructions to banks, the answer that was given, or facts that are not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.shared import facts
from chalicelib.shared.journal import Entry


class Audience(msgspec.Struct, frozen=True):
    """Who may hear of an entry: members with the side each is on, and the currency its plain amounts are in, if there is one."""

    sides: Mapping[str, str] = {}
    currency: str = ""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """`id` names the journal entry, `seq` its place among the entries of `thing`: a number that is missing was not received."""

    id: str
    thing: str
    seq: int
    by: str
    actor: str | msgspec.UnsetType = msgspec.UNSET
    """The identity of the platform that acted for the member, where it was not the member itself."""
    recorded_at: datetime
    facts: dict[str, Any]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """`type` is the kind of the entry, `timestamp` the moment it took effect."""

    type: str
    timestamp: datetime
    data: Told


def message(made: Entry, audience: Audience, owner: str) -> bytes:
    """The body that is signed and sent to an endpoint's owner, the same to the byte whenever it is made."""
    told = Told(
        id=made.entry_id,
        thing=made.thing,
        seq=made.seq,
        by=audience.sides.get(made.by.member_id, made.by.role),
        actor=made.by.actor or msgspec.UNSET,
        recorded_at=made.written_at,
        facts=facts.as_money(made.event.facts, audience.currency, audience.sides.get(owner, facts.OFFICER)),
    )
    return msgspec.json.encode(Message(type=made.event.kind, timestamp=made.at, data=told))
