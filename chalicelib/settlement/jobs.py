"""What the stream of the inbox and the schedule call. Records may come twice, late and in any order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from chalicelib.banks import service as banks
from chalicelib.banks.rules import BankEvent
from chalicelib.settlement import service
from chalicelib.shared import clock, observe
from chalicelib.shared.refusal import Raced, Refusal
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.shared.stream import Consumer, Record


class Unexpected(Refusal):
    code = "internal"
    title = "The event could not be settled for a fault of ours."


def settle_waiting() -> int:
    """Look again at everything that waits: a gap may have been filled unseen, a deadline may have passed. Returns how many were overdue."""
    for status in ("allocating", "parked"):
        for event, raw in banks.waiting(status):
            _without_stopping(_settle, event, raw)
    overdue = 0
    for status in ("parked", "suspense"):
        for event, raw in banks.waiting(status):
            if event.is_due(clock.now()) and event.has_default:
                overdue += 1
                _without_stopping(service.give_up, event, raw)
    observe.count("BankEventsOverdue", overdue)
    return overdue


def look_again(event_id: str, now: datetime) -> None:
    """What is still to be done with one event: its effect, where the consumer did not come to it, then the outcome of its deadline."""
    event, raw = banks.find(event_id)
    if event.status in service.OPEN:
        _settle(event, raw)
        event, raw = banks.find(event_id)
    if event.has_default and event.is_due(now):
        service.give_up(event, raw)


def next_due() -> datetime | None:
    """When the next default outcome of a bank event falls due, if one waits. What a bank took back waits for ever."""
    waiting = (event for status in ("parked", "suspense") for event, _ in banks.waiting(status))
    return min((event.due_at for event in waiting if event.due_at and event.has_default), default=None)


def _without_stopping(work: Callable[[BankEvent, bytes], None], event: BankEvent, raw: bytes) -> None:
    """What cannot be done now is done in the next round."""
    try:
        work(event, raw)
    except (*service.PASSING, *STORE_ERRORS):
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


def _consume(record: Record) -> None:
    """Settle an event as the record tells of it. What passes (a lost race, a store that does not keep up) is for the sweep to try again."""
    if record.image.get("status", {}).get("S") in service.OPEN:
        _settle(*banks.from_image(record.image))


EVENTS: Final = Consumer(name="settlement.events", stream=banks.INBOX, consume=_consume)
