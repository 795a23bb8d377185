"""What owners of endpoints send and see."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.shared.errors import Malformed
from chalicelib.shared.pages import Paging
from chalicelib.shared.ranges import BookMoment
from chalicelib.shared.text import one_line
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of
from chalicelib.webhooks.rules import endpoint as webhooks_endpoint
from chalicelib.webhooks.rules.delivery import Delivery, DeliveryAttempt, Why
from chalicelib.webhooks.rules.delivery import Status as DeliveryStatus
from chalicelib.webhooks.rules.endpoint import KINDS, Endpoint, Status

Kind = Annotated[str, msgspec.Meta(pattern=KINDS, examples=["claim.*"])]
MOST_SEQS = 100


class EndpointRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where to send, and what."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=1000, examples=["https://receiver.example/surety"])]
    """An https:// address of a public host."""
    kinds: Annotated[list[Kind], msgspec.Meta(min_length=1, max_length=20)]
    """Kinds of journal entries: `*` for all, `claim.*` for those that begin so, or the name of one."""
    description: Annotated[str, one_line(200, least=0)] = ""
    """What it is for, in your own words."""


class EndpointsQuery(Paging, frozen=True, kw_only=True):
    """The caller's own endpoints; an officer's are the platform's."""


class NoticeDeadline(msgspec.Struct, frozen=True, kw_only=True):
    name: Literal["old_secret", "attempt"]
    due_at: datetime
    owner: str
    default_outcome: str


class EndpointView(msgspec.Struct, frozen=True, kw_only=True):
    """`secret` is there in the answer that made it, and never again. `why` it is disabled: `asked`, or `gone` as the receiver said."""

    id: str
    version: int
    status: Status
    why: str | None
    url: str
    kinds: list[str]
    description: str
    secret: str | None = None
    created_at: datetime
    updated_at: datetime
    allowed_actions: list[str]
    deadlines: list[NoticeDeadline]


class DeliveriesQuery(Paging, frozen=True, kw_only=True):
    status: DeliveryStatus | None = None
    """Only those that stand so."""


class DeliveryView(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is the message's webhook-id; `attempts` are the latest, each with the status that was answered or why there was none. `why` says
    what ended it undelivered: the tries are spent (`not_taken`), `receiver_gone`, `endpoint_disabled` by its owner, `endpoint_deleted`, or the firm that it is about has withdrawn its
    consent (`consent_withdrawn`).

    It is kept, and can be replayed, until `kept_until`; while it waits for an attempt there is no such moment.
    """

    id: str
    version: int
    status: DeliveryStatus
    why: Why | None
    entry_id: str
    aggregate_id: str
    seq: int
    kind: str
    attempts: list[DeliveryAttempt]
    created_at: datetime
    updated_at: datetime
    kept_until: datetime | None
    allowed_actions: list[str]
    deadlines: list[NoticeDeadline]


class ReplayRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which messages to send again: by their `ids`; or of an `aggregate_id`, `from_seq` up to `to_seq`; or from `since` until before `until`."""

    ids: (
        Annotated[list[Annotated[str, msgspec.Meta(min_length=1, max_length=60)]], msgspec.Meta(max_length=100)] | None
    ) = None
    """Messages of the delivery log, by their ids."""
    aggregate_id: Annotated[str, msgspec.Meta(min_length=1, max_length=100)] | None = None
    """The thing whose messages are wanted, by its id."""
    from_seq: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    """From which `seq` of it."""
    to_seq: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None
    """Up to which `seq` of it."""
    since: BookMoment | None = None
    until: BookMoment | None = None
    only_undelivered: bool = False
    """Leave out what has arrived already."""

    def must_name_one(self) -> None:
        """Exactly one of the three ways to say which, each complete."""
        by_seq = self.aggregate_id is not None and self.from_seq is not None
        if sum((bool(self.ids), by_seq, self.since is not None)) != 1 or self._has_loose_ends(by_seq):
            raise Malformed(
                "Name messages by ids, or by aggregate_id and from_seq, or by since: one of the three.", param="ids"
            )
        if by_seq and not 0 <= (self.to_seq or self.from_seq or 0) - (self.from_seq or 0) < MOST_SEQS:
            raise Malformed(
                say("to_seq is from_seq or up to {most_seqs} more.", most_seqs=MOST_SEQS - 1), param="to_seq"
            )

    def _has_loose_ends(self, by_seq: bool) -> bool:
        loose_seq = not by_seq and (self.aggregate_id, self.from_seq, self.to_seq) != (None, None, None)
        return loose_seq or (self.until is not None and self.since is None)


class ReplayView(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages are sent again. `not_kept` counts those named by id or number that this endpoint has not, or not any more.

    `next_since` is where a longer time goes on: ask again with it as `since`.
    """

    id: str
    version: int
    replayed: int
    not_kept: int
    next_since: datetime | None


def endpoint_view(endpoint: Endpoint, now: datetime) -> EndpointView:
    return view_of(
        EndpointView,
        endpoint,
        secret=None,
        allowed_actions=webhooks_endpoint.allowed(endpoint),
        deadlines=[
            NoticeDeadline(name="old_secret", due_at=key.until, owner="receiver", default_outcome="signs_no_more")
            for key in endpoint.keys
            if key.until is not None and now < key.until
        ],
    )


def delivery_view(delivery: Delivery, endpoint: Endpoint) -> DeliveryView:
    due = delivery.due_at
    return view_of(
        DeliveryView,
        delivery,
        allowed_actions=["replay"] if endpoint.status == "enabled" else [],
        deadlines=[NoticeDeadline(name="attempt", due_at=due, owner="receiver", default_outcome="dead")] if due else [],
    )
