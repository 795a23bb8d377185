"""One message to one endpoint, from the entry it tells of to its end. Pure.

queued ─ answered 2xx ─→ delivered
  │ └─ anything else ─→ queued, until the waits of the policy are spent ─→ dead
  ├─── the endpoint is disabled, or the receiver answers 410 Gone ─→ held
  └─── the endpoint is deleted ─→ dead
delivered, dead and held ─ replay ─→ queued
  └─ kept for the days of the policy ─→ (not there)
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, get_args

import msgspec

from chalicelib.shared import ids
from chalicelib.shared.bounds import most
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import wire
from chalicelib.shared.state_machine import InvalidTransition, Table, Transition
from chalicelib.shared.texts import say
from chalicelib.webhooks.rules.endpoint import Endpoint
from chalicelib.webhooks.rules.policy import Policy

PREFIX: Final = "ntc"
LEASE: Final = timedelta(minutes=15)
"""How long a message may lie in the queue before the sweep puts it there again."""
LONGEST_WAIT: Final = timedelta(hours=24)
"""A receiver may ask us to wait, but no longer than this."""
MOST_SHOWN: Final = 20
GONE: Final = 410

Status = Literal["queued", "delivered", "dead", "held"]
Why = Literal["", "not_taken", "receiver_gone", "endpoint_disabled", "endpoint_deleted", "consent_withdrawn"]
"""What ended a message that was not delivered: the tries are spent; somebody said that nobody is there; its endpoint is none any more; whom it
is about does not let it be told any more."""


class MessagesGone(Conflict):
    code = "messages_gone"
    title = "What you ask for is not kept, or not any more."
    fix = "Ask for what the delivery log still shows; what happened earlier is in the timeline of the thing itself."


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an attempt: the status that was answered, or `why` there was none. `wait_seconds`: the receiver's Retry-After."""

    code: int | None = None
    why: str = ""
    wait_seconds: int = 0

    @property
    def accepted(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


class DeliveryAttempt(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    at: datetime
    code: int | None = None
    why: str = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`tries` counts the attempts since it was last queued afresh; `attempts` are the latest of all.

    `why` says what ended it undelivered. `kept_until` is set while it waits for no attempt.
    """

    id: str
    owner: str
    endpoint_id: str
    entry_id: str
    aggregate_id: str
    seq: int
    kind: str
    status: Status = "queued"
    version: int = 1
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    tries: int = 0
    attempts: Annotated[tuple[DeliveryAttempt, ...], most(MOST_SHOWN, why="the last ones")] = ()
    replayed_by: str = ""
    why: Why = ""
    kept_until: datetime | None = None

    @property
    def recent(self) -> tuple[str, ...]:
        """It has no entries of its own: it tells of another's."""
        return ()

    @property
    def entry_hash(self) -> str:
        return ""

    @property
    def policy(self) -> str:
        return ""

    def is_kept(self, now: datetime) -> bool:
        """Whether it is there still: the store removes what is not, some days later."""
        return self.kept_until is None or now < self.kept_until


_CLOCK: Final = frozenset({"clock"})
_QUEUED: Final = frozenset[str]({"queued"})

TABLE: Final = Table[Delivery, Policy](
    kind="delivery",
    error=InvalidTransition,
    ends=frozenset(),
    transitions=(
        Transition("queue", _QUEUED, _CLOCK, _QUEUED),
        Transition("attempt", _QUEUED, _CLOCK, frozenset({"queued", "delivered", "held", "dead"})),
        Transition("hold", _QUEUED, _CLOCK, frozenset({"held"})),
        Transition("drop", _QUEUED, _CLOCK, frozenset({"dead"})),
        Transition("replay", frozenset(get_args(Status)), frozenset({"owner"}), _QUEUED),
    ),
)
"""Its changes have no events, so the sweep puts what is due into the queue by itself; where each may lead is held to this."""


def name_of(endpoint_id: str, aggregate_id: str, seq: int) -> str:
    """A delivery's id follows from the endpoint and the entry's place: it exists once, and a missing number names it."""
    return ids.derived_id(PREFIX, endpoint_id, aggregate_id, str(seq))


def first(endpoint: Endpoint, entry: Entry, policy: Policy, now: datetime) -> Delivery:
    """The delivery of an entry to an endpoint: queued at once, or held where the endpoint is disabled."""
    off = endpoint.status == "disabled"
    return Delivery(
        id=name_of(endpoint.id, entry.aggregate_id, entry.seq),
        owner=endpoint.owner,
        endpoint_id=endpoint.id,
        entry_id=entry.entry_id,
        aggregate_id=entry.aggregate_id,
        seq=entry.seq,
        kind=entry.event.kind,
        status="held" if off else "queued",
        created_at=entry.written_at,
        updated_at=now,
        due_at=None if off else now + LEASE,
        why=_why_held(endpoint) if off else "",
        kept_until=now + policy.kept if off else None,
    )


def queued(delivery: Delivery, now: datetime) -> Delivery:
    """It is on its way into the queue; what is in there of an earlier version counts for nothing."""
    return TABLE.next_version(delivery, "queue", now, due_at=now + LEASE)


def attempted(delivery: Delivery, outcome: Outcome, policy: Policy, now: datetime) -> Delivery:
    """After an attempt: delivered, waiting for the next one, or dead."""
    attempts = (*delivery.attempts, DeliveryAttempt(at=now, code=outcome.code, why=outcome.why))[-MOST_SHOWN:]
    tries = delivery.tries + 1
    if end := _end(outcome, tries, policy):
        status, why = end
        return _at_rest(delivery, "attempt", status, policy, now, why=why, attempts=attempts, tries=tries)
    asked_wait = min(timedelta(seconds=outcome.wait_seconds), LONGEST_WAIT)
    due_at = now + max(wait(delivery.id, tries, policy), asked_wait)
    return TABLE.next_version(delivery, "attempt", now, attempts=attempts, tries=tries, due_at=due_at)


def wait(delivery_id: str, tries: int, policy: Policy) -> timedelta:
    """How long after attempt number `tries` the next one is made. The jitter follows from the name, so that a test can tell it."""
    planned = timedelta(minutes=policy.retry_minutes[tries - 1])
    chance = int.from_bytes(hashlib.sha256(f"{delivery_id}:{tries}".encode()).digest()[:4])
    return planned + planned * (chance % (policy.jitter_bp + 1)) // 10_000


def held(delivery: Delivery, endpoint: Endpoint, policy: Policy, now: datetime) -> Delivery:
    """Its endpoint is disabled: it waits for a replay."""
    return _at_rest(delivery, "hold", "held", policy, now, why=_why_held(endpoint))


def dropped(delivery: Delivery, why: Why, policy: Policy, now: datetime) -> Delivery:
    """It is not sent, now or ever: its endpoint was deleted, or it may not be told."""
    return _at_rest(delivery, "drop", "dead", policy, now, why=why)


def replayed(delivery: Delivery, by: str, now: datetime) -> Delivery:
    """From the beginning, with all its attempts before it. `by` names the entry that asked, which can do so once."""
    return TABLE.next_version(
        delivery,
        "replay",
        now,
        status="queued",
        tries=0,
        due_at=now + LEASE,
        replayed_by=by,
        why="",
        kept_until=None,
    )


def must_be_kept(since: datetime, policy: Policy, now: datetime) -> None:
    """MessagesGone (`kept_since`) where messages of that moment may have been removed."""
    if since < (oldest := now - policy.kept):
        raise MessagesGone(
            say("Messages are kept for {kept_days} days after their end.", kept_days=policy.kept_days),
            param="since",
            kept_since=wire(oldest),
        )


def _end(outcome: Outcome, tries: int, policy: Policy) -> tuple[Status, Why] | None:
    """Where an attempt ends and why, if no other follows."""
    if outcome.accepted:
        return "delivered", ""
    if outcome.code == GONE:
        return "held", "receiver_gone"
    return ("dead", "not_taken") if tries > len(policy.retry_minutes) else None


def _why_held(endpoint: Endpoint) -> Why:
    return "receiver_gone" if endpoint.why == "gone" else "endpoint_disabled"


def _at_rest(
    delivery: Delivery, transition: str, status: Status, policy: Policy, now: datetime, **fields: Any
) -> Delivery:
    """It waits for no attempt, and is kept for so long."""
    return TABLE.next_version(
        delivery, transition, now, status=status, due_at=None, kept_until=now + policy.kept, **fields
    )
