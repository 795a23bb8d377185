"""What a party is told of an entry: the envelope of bank events, with the facts as the thing's timeline shows them. Pure.

Never postings, instructions to banks, the answer that was given, or facts that are not told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.shared import payloads
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date

BANK: Final = "bank"
"""The side of a bank in its own feed: it is told in the form in which it tells us."""


class Audience(msgspec.Struct, frozen=True):
    """Who may hear of an entry: members with the side each is on, and the currency its plain amounts are in, if there is one."""

    sides: Mapping[str, str] = {}
    currency: str = ""


class EntryData(msgspec.Struct, frozen=True, kw_only=True):
    """`id` names the journal entry, `seq` its place among the entries of `aggregate_id`: a number that is missing was not received."""

    id: str
    """The journal entry's, which its timeline shows too."""
    aggregate_id: str
    """The thing it happened to."""
    seq: int
    """Its place among the thing's entries, from 1 without a gap."""
    by: str
    """The side that acted (`buyer`, `supplier`), or a role: `bank`, `officer`, `clock`."""
    actor: str | msgspec.UnsetType = msgspec.UNSET
    """The identity of the platform that acted for the member, where it was not the member itself."""
    recorded_at: datetime
    """When the entry was written; an event of a bank may have taken effect before."""
    payload: dict[str, Any]
    """The facts, as the thing's timeline shows them to you."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """`type` is the kind of the entry, `timestamp` the moment it took effect."""

    type: str
    """What happened, after the kind of thing it happened to: `order.shipped`."""
    timestamp: datetime
    """When it took effect."""
    data: EntryData
    """The entry."""


def message(entry: Entry, audience: Audience, owner: str) -> bytes:
    """The body that is signed and sent to an endpoint's owner, the same to the byte whenever it is made."""
    if audience.sides.get(owner) == BANK:
        return _to_bank(entry)
    entry_data = EntryData(
        id=entry.entry_id,
        aggregate_id=entry.aggregate_id,
        seq=entry.seq,
        by=audience.sides.get(entry.by.member_id, entry.by.role),
        actor=entry.by.actor or msgspec.UNSET,
        recorded_at=entry.written_at,
        payload=payloads.as_money(entry.event.payload, audience.currency, audience.sides.get(owner, payloads.OFFICER)),
    )
    return msgspec.json.encode(Message(type=entry.event.kind, timestamp=entry.at, data=entry_data))


def _to_bank(entry: Entry) -> bytes:
    """The form of bank events. `seq` is the message's place in the bank's feed, and `feed_id` names that, for a replay."""
    data = {
        **entry.event.payload,
        "schema": 1,
        "feed_id": entry.aggregate_id,
        "seq": entry.seq,
        "occurred_at": entry.at,
        "business_date": business_date(entry.at),
    }
    return msgspec.json.encode({"type": entry.event.kind, "timestamp": entry.at, "data": data})
