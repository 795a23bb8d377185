"""What the stream of the inbox and the schedule call. Records may come twice, late and in any order."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.banks import service as banks
from chalicelib.banks.rules import BankEvent
from chalicelib.settlement import service
from chalicelib.shared import observe
from chalicelib.shared.refusal import Raced, Refusal
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.shared.stream import Consumer, Record


class Unexpected(Refusal):
    code = "internal"
    title = "The event could not be settled for a fault of ours."


def look_again(event_id: str, now: datetime) -> None:
    """What is still to be done with one event: its effect, where the consumer did not come to it, then the outcome of its deadline."""
    event, raw = banks.find(event_id)
    if event.status in service.OPEN:
        _settle(event, raw)
        event, raw = banks.find(event_id)
    if event.is_due(now):
        observe.count("BankEventsOverdue")
        service.apply_default(event, raw)


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
