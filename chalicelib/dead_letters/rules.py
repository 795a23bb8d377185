"""What a consumer could not take: kept until it is taken, tried again after pauses that grow. Pure.

    waiting ── tried, taken ──→ gone
       │ └─── tried, failed ──→ waiting, with a longer pause: 1, 2, 4 … minutes, at most a day
       └───── a message, sent back to its queue ──→ returned ── fails there five times ──→ waiting

It belongs to officers with the duty admin, and by default it is tried again, for ever: nothing is given up in silence.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace

from chalicelib.shared import ids
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.pauses import pause

PREFIX: Final = "dlt"
OWNER: Final = "officer"
DEFAULT_OUTCOME: Final = "tried_again"
STUCK_AFTER: Final = 5
"""Failures after which somebody is called."""
REMEMBERED: Final = timedelta(days=15)
"""So long a message that was sent back is remembered: queues keep one for two weeks."""
MOST_REASON: Final = 300

Kind = Literal["change", "message", "schedule"]
"""A change of a table, read again from the table; a queue's message; a schedule's tick. The last two are kept in the letter."""
Status = Literal["waiting", "returned"]


class UnknownConsumer(RuleViolation):
    code = "unknown_consumer"
    title = "There is no consumer of that name."
    fix = "Name consumers from the list in `known`, or none for all."


class BadReplayWindow(RuleViolation):
    code = "bad_replay_window"
    title = "The window to replay does not fit."
    fix = "Send `since` before `until`, both in the past; leave `until` out to replay up to now."


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """What the consumer `consumer` could not take. `key` names it: an entry, an event, a member, or the digest of `body`."""

    id: str
    version: int
    consumer: str
    kind: Kind
    key: str
    failures: int
    reason: str
    created_at: datetime
    updated_at: datetime
    due_at: datetime | None
    written_at: datetime | None = None
    """Of several changes of one key when the last one was written, and `first_written_at` the first."""
    first_written_at: datetime | None = None
    body: str = ""

    @property
    def status(self) -> Status:
        return "waiting" if self.due_at else "returned"

    @property
    def is_stuck(self) -> bool:
        return self.failures >= STUCK_AFTER

    @property
    def kept_until(self) -> datetime | None:
        return None if self.due_at else self.updated_at + REMEMBERED


def id_of(consumer: str, key: str) -> str:
    """What a consumer could not take is kept once, however often it fails."""
    return ids.derived_id(PREFIX, consumer, key)


def first(
    consumer: str, kind: Kind, key: str, reason: str, now: datetime, *, written_at: datetime | None, body: str = ""
) -> DeadLetter:
    return DeadLetter(
        id=id_of(consumer, key),
        version=1,
        consumer=consumer,
        kind=kind,
        key=key,
        failures=1,
        reason=reason[:MOST_REASON],
        created_at=now,
        updated_at=now,
        due_at=now + pause(1),
        written_at=written_at,
        first_written_at=written_at,
        body=body,
    )


def failed(letter: DeadLetter, reason: str, now: datetime, *, written_at: datetime | None = None) -> DeadLetter:
    """It failed once more. Of several changes of one key the last one written is what a consumer is told of, and the first where it matters to it when they were."""
    failures = letter.failures + 1
    known = [at for at in (letter.first_written_at or letter.written_at, letter.written_at, written_at) if at]
    return replace(
        letter,
        version=letter.version + 1,
        failures=failures,
        reason=reason[:MOST_REASON],
        updated_at=now,
        due_at=now + pause(failures),
        written_at=max(known, default=None),
        first_written_at=min(known, default=None),
    )


def begun(letter: DeadLetter, now: datetime) -> DeadLetter:
    """It is about to be tried: pushed back first, so that one that ends the process does not stand in front of the others."""
    return replace(letter, version=letter.version + 1, updated_at=now, due_at=now + pause(letter.failures + 1))


def returned(letter: DeadLetter, now: datetime) -> DeadLetter:
    """A message is back in its queue. The letter stays, so that pauses go on growing if it comes back."""
    return replace(letter, version=letter.version + 1, updated_at=now, due_at=None)
