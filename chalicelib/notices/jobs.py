"""What the journal's stream, the queue of notices and the clock call. Each may call twice, late and out of order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.notices import queue, service
from chalicelib.notices.declared import DELIVERIES
from chalicelib.runs import jobs as runs
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.machines import Due


def notify(made: Entry) -> None:
    """Make the messages that tell of a new entry, and put them into the queue."""
    service.notify(made, clock.now())


def send(event: Mapping[str, Any]) -> dict[str, Any]:
    """Make the attempts that the queue asks for."""
    return runs.serve(event, _attempt)


def queue_due(now: datetime) -> int:
    """Put messages into the queue whose next attempt has come, or whose last one was lost. Returns how many were looked at."""
    return DELIVERIES.sweep(now).looked_at


def next_due() -> datetime | None:
    """The earliest moment at which a message is to be sent again."""
    return DELIVERIES.next_due()


def _attempt(body: str) -> None:
    asked, now = queue.read(body), clock.now()
    try:
        service.attempt(asked.delivery_id, asked.version, now)
    except service.Silent:
        if due_at := DELIVERIES.due_at(asked.delivery_id, now):
            DELIVERIES.push_back(Due(due_at, asked.delivery_id), now)
