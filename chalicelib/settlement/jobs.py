"""What the stream of the inbox and the schedule call. Records may come twice, late and in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalicelib.banks import service as banks
from chalicelib.banks.rules import BankEvent
from chalicelib.settlement import service
from chalicelib.shared import batches, clock, observe
from chalicelib.shared.refusal import Raced, Refusal
from chalicelib.shared.store_errors import STORE_ERRORS


class Unexpected(Refusal):
    code = "internal"
    title = "The event could not be settled for a fault of ours."


def settle_changes(event: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Settle the events of a batch of stream records.

    Answers which records have to come again where the engine did not keep up; those after them come too, and do nothing twice.
    """
    images = ((record, record["dynamodb"].get("NewImage")) for record in event["Records"])
    waiting = [record for record, image in images if image and image["status"]["S"] in service.OPEN]
    return batches.serve(
        waiting,
        lambda record: _settle(*banks.from_image(record["dynamodb"]["NewImage"])),
        failure="a bank event has to wait",
    )


def settle_waiting() -> int:
    """Look again at everything that waits: a gap may have been filled unseen, a deadline may have passed. Returns how many were overdue."""
    for event, raw in banks.waiting("parked"):
        _without_stopping(_settle, event, raw)
    overdue = 0
    for status in ("parked", "suspense"):
        for event, raw in banks.waiting(status):
            if event.is_due(clock.now()):
                overdue += 1
                _without_stopping(service.apply_default, event, raw)
    observe.count("BankEventsOverdue", overdue)
    return overdue


def look_again(event_id: str, now: datetime) -> None:
    """What is still to be done with one event: its effect, where the consumer did not come to it, then the outcome of its deadline."""
    event, raw = banks.find(event_id)
    if event.status in service.OPEN:
        _settle(event, raw)
        event, raw = banks.find(event_id)
    if event.is_due(now):
        service.apply_default(event, raw)


def next_due() -> datetime | None:
    """When the next default outcome of a bank event falls due, if one waits."""
    waiting = (event for status in ("parked", "suspense") for event, _ in banks.waiting(status))
    return min((event.due_at for event in waiting if event.due_at), default=None)


def _without_stopping(work: Callable[[BankEvent, bytes], None], event: BankEvent, raw: bytes) -> None:
    """What cannot be done now is done in the next round; one event does not stop the others."""
    try:
        work(event, raw)
    except (Refusal, *STORE_ERRORS):
        observe.logger.exception("a bank event has to wait", extra={"event_id": event.id})


def _settle(event: BankEvent, raw: bytes) -> None:
    """One event. A fault of ours sets this one aside, with its money in suspense; the others go on."""
    try:
        service.settle(event, raw)
    except Raced:
        service.settle_again(event.id)
    except (Refusal, *STORE_ERRORS):
        raise
    except Exception as fault:
        observe.logger.exception("a bank event is set aside", extra={"event_id": event.id})
        observe.count("BankEventSetAside")
        service.set_aside(*banks.find(event.id), Unexpected(f"{type(fault).__name__}: see the log of {event.id}."))
