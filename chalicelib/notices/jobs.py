"""What the journal's stream, the queue of notices and the clock call. Each may call twice, late and out of order."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from chalicelib.notices import queue, records, service
from chalicelib.runs import jobs as runs
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry

BATCH: Final = 200
MOST_SECONDS: Final = 10.0
"""How long the sandbox waits for receivers at one stop of its clock."""


def notify(made: Entry) -> None:
    """Make the messages that tell of a new entry, and put them into the queue."""
    service.notify(made, clock.now())


def send(event: Mapping[str, Any]) -> dict[str, Any]:
    """Make the attempts that the queue asks for."""
    return runs.serve(event, _attempt)


def queue_due(now: datetime) -> int:
    """Put messages into the queue whose next attempt has come, or whose last one was lost. Returns how many were looked at."""
    due = records.due_ids(now, BATCH)
    for start in range(0, len(due), 100):
        service.queue_again(due[start : start + 100], now)
    return len(due)


def send_due(until: datetime) -> int:
    """The sandbox's sweep: make every attempt that fell due here and now. What time does not allow is left to the next sweep."""
    ends = time.monotonic() + MOST_SECONDS
    made = 0
    for delivery_id in records.due_ids(until, BATCH):
        if time.monotonic() < ends:
            service.attempt_now(delivery_id, until)
            made += 1
    return made


def next_due() -> datetime | None:
    """The earliest moment at which a message is to be sent again."""
    return records.earliest_due()


def _attempt(body: str) -> None:
    asked = queue.read(body)
    service.attempt(asked.delivery_id, asked.version, clock.now())
