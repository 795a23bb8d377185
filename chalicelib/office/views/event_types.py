"""The catalogue of events, as whoever integrates sees it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chalicelib.shared.texts import Text


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


class EventFieldView(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a payload. `name` is the path that leads to it: `terms.amount`, `parts[].id`; `{…}` stands for any name, such as an id."""

    name: str
    type: str
    """What values look like: `money`, `instant`, `date`, `id`, `string or null`, `list of object` …"""
    always: bool
    """Whether every payload that tests have seen has it. It is no promise."""


class EventTypeView(msgspec.Struct, frozen=True, kw_only=True):
    """An event by its exact name, which is the `type` of its messages and what an endpoint may subscribe to."""

    type: str
    kind: str
    """The family it belongs to."""
    means: Text
    """What happened, in the language of `Accept-Language`."""
    sides: list[str]
    """Who is told, by the side that each is on; `platform` hears everything."""
    fields: list[EventFieldView]
    """What the payload holds. What one side keeps to itself is told to that side alone."""
    example: dict[str, Any]
    """A message as it was sent to one of them."""


class BankEventTypeView(msgspec.Struct, frozen=True, kw_only=True):
    """A type of event between banks and us: `payload` is the schema of its `data`, where it has one of its own."""

    type: str
    direction: Literal["from_bank", "to_bank"]
    about: str
    in_sequence: bool
    payload: dict[str, Any] | None


class EventTypesView(msgspec.Struct, frozen=True, kw_only=True):
    """What webhooks tell, kind by kind and event by event, and what banks and we tell each other. `envelope` is the schema of every message that is
    sent to an endpoint."""

    envelope: dict[str, Any]
    items: list[EventsOfKindView]
    events: list[EventTypeView]
    bank_events: list[BankEventTypeView]
