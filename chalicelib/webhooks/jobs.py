"""What the journal's stream and the queue of webhooks call. Each may call twice, late and out of order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.runs import jobs as runs
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.machines import Due
from chalicelib.webhooks import queue
from chalicelib.webhooks.declared import DELIVERIES
from chalicelib.webhooks.service import counting, sending
from chalicelib.webhooks.service.counting import Change
from chalicelib.webhooks.service.silence import Silent


def notify(*entries: Entry) -> None:
    """Make the messages that tell of new entries, and put them into the queue."""
    sending.notify(entries, clock.now())


def send(event: Mapping[str, Any]) -> dict[str, Any]:
    """Make the attempts that the queue asks for, and count them together."""
    changes: list[Change] = []
    answer = runs.serve(event, lambda body: changes.extend(_attempt(body)))
    counting.count(changes)
    return answer


def _attempt(body: str) -> list[Change]:
    task, now = queue.read(body), clock.now()
    try:
        return sending.attempt(task.delivery_id, task.version, now)
    except Silent:
        if due_at := DELIVERIES.due_at(task.delivery_id, now):
            DELIVERIES.push_back(Due(due_at, task.delivery_id), now)
        return []
