"""What a party is told of an entry: the envelope of bank events, with the facts as the thing's timeline shows them. Pure.

Never postings, instructions to banks, the answer that was given, or facts kept under `private`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from chalicelib.shared.journal import Entry
from chalicelib.shared.money import Money

PRIVATE: Final = "private"
_MINOR: Final = "_minor"
_DOLLARS: Final = "_usd_minor"


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
    recorded_at: datetime
    facts: dict[str, Any]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """`type` is the kind of the entry, `timestamp` the moment it took effect."""

    type: str
    timestamp: datetime
    data: Told


def message(made: Entry, audience: Audience) -> bytes:
    """The body that is signed and sent, the same to the byte whenever it is made."""
    told = Told(
        id=made.entry_id,
        thing=made.thing,
        seq=made.seq,
        by=audience.sides.get(made.by.sub, made.by.role),
        recorded_at=written_at(made),
        facts=facts(made.event.facts, audience.currency),
    )
    return msgspec.json.encode(Message(type=made.event.kind, timestamp=made.at, data=told))


def written_at(made: Entry) -> datetime:
    return made.recorded_at or made.at


def facts(told: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Facts with amounts as money, without what is private. `amount_minor` is told as `amount`, `cap_usd_minor` as `cap_usd`."""
    of = told.get("currency", currency)
    return dict(_fact(name, value, of) for name, value in told.items() if name != PRIVATE)


def _fact(name: str, value: Any, currency: str) -> tuple[str, Any]:
    if name.endswith(_MINOR) and type(value) is int:
        of = "USD" if name.endswith(_DOLLARS) else currency
        return (name.removesuffix(_MINOR), Money.of(value, of)) if of else (name, value)
    return name, _inner(value, currency)


def _inner(value: Any, currency: str) -> Any:
    if isinstance(value, Mapping):
        return facts(value, currency)
    if isinstance(value, list | tuple):
        return [_inner(part, currency) for part in value]
    return value
