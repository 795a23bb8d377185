"""The catalogue of events, as whoever integrates sees it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class TransitionView(msgspec.Struct, frozen=True, kw_only=True, rename={"sources": "from", "targets": "to"}):
    """What happens to a thing, from which statuses and to which, and who brings it about. An empty `to` leaves the status as it is."""

    name: str
    sources: list[str]
    targets: list[str]
    by: list[str]


class EventsOfKindView(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is told of one kind of thing. `pattern` is what an endpoint subscribes to; each event's `type` begins with the kind.

    `id_prefix` begins the things' ids. `heard_by`: the platform hears everything, `parties` are the members whose thing it is. Where a payload
    has `from` and `to`, they are statuses of these transitions.
    """

    pattern: str
    kind: str
    id_prefix: str
    heard_by: list[Literal["parties", "platform"]]
    ends: list[str]
    transitions: list[TransitionView]


class BankEventTypeView(msgspec.Struct, frozen=True, kw_only=True):
    """A type of event between banks and us: `payload` is the schema of its `data`, where it has one of its own."""

    type: str
    direction: Literal["from_bank", "to_bank"]
    about: str
    in_sequence: bool
    payload: dict[str, Any] | None


class EventTypesView(msgspec.Struct, frozen=True, kw_only=True):
    """What webhooks tell, kind by kind, and what banks and we tell each other. `envelope` is the schema of every message that is sent to an endpoint."""

    envelope: dict[str, Any]
    items: list[EventsOfKindView]
    bank_events: list[BankEventTypeView]
