"""Who did what, as officers see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib.shared.pages import Paging
from chalicelib.shared.ranges import BookMoment

Name = Annotated[str, msgspec.Meta(pattern="^[!-~]{1,128}$")]


class EntriesQuery(Paging, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """Entries of the journal by who acted, of one thing, about one, or of one request; without any of the four your own. The newest first."""

    actor: Name | None = None
    """The `sub` of a member, an officer or an agency; `bank:boc` for what a bank tells. The clock is nobody."""
    aggregate: Name | None = None
    """A thing by its id, or by the name of its chain where that is another: `supplier:mem_…`, `firm:mem_…`."""
    about: Name | None = None
    """A thing by its id: what happened beside it and changed nothing of it. Who opened its files, who was given it to see to."""
    request_id: Name | None = None
    """The X-Request-Id of a call."""
    since: BookMoment | None = None
    """From this moment on."""
    until: BookMoment | None = None
    """Before this moment."""


class EntryView(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: `type` is the kind of the event, `kind` that of the thing it is of, `actor` who asked for it and `role` as what.

    `acting_for` is the member that an identity of the platform acted for, `person` which of the member's people. `payload` is what an officer
    is told of it. `about` is the thing that an entry concerns which is not of it. `href` is where the thing is read; null where it is read
    nowhere by itself.
    """

    id: str
    kind: str
    at: datetime
    recorded_at: datetime
    actor: str
    role: str
    acting_for: str | None
    person: str | None
    request_id: str
    aggregate: str
    about: str | None
    type: str
    sequence: int
    version: int
    payload: dict[str, Any]
    href: str | None


class EntryDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the entry to a webhook endpoint."""

    id: str
    endpoint_id: str
    status: str
    attempts: int


class EntryConsumer(msgspec.Struct, frozen=True, kw_only=True):
    """A consumer that could not take the entry yet: how often it failed, and when it is tried again."""

    name: str
    failures: int
    reason: str
    next_try_at: datetime


class FollowedEntryView(EntryView, frozen=True, kw_only=True):
    """The entry with what followed from it: the accounts it moved, its webhooks, and the consumers that could not take it."""

    postings: int
    deliveries: list[EntryDelivery]
    not_taken: list[EntryConsumer]
