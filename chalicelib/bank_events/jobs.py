"""What the stream of the inbox and the schedule call. Records may come twice, late and in any order."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from chalicelib.bank_events import rules
from chalicelib.bank_events.aggregate import BANK_EVENTS
from chalicelib.bank_events.service import applying, suspending, telling
from chalicelib.bank_events.service.applying import OPEN
from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.rules.protocol import TargetUnknown
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service.inbox import INBOX
from chalicelib.shared import clock, observe
from chalicelib.shared.errors import DomainError, WriteConflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.store_errors import STORE_ERRORS
from chalicelib.shared.stream import Consumer, Record
from chalicelib.shared.texts import say


class Unexpected(DomainError):
    code = "internal"
    title = "The event could not be settled for a fault of ours."


def look_again(event_id: str, now: datetime) -> None:
    """What is still to be done with one event: the outcome of its deadline, or its effect, where the consumer did not come to it."""
    loaded = BANK_EVENTS.catch_up(event_id, now)
    if loaded is None or loaded.state.status not in OPEN:
        return
    _settle(loaded.state, loaded.context)
    event, raw = banks_inbox.find(event_id)
    if event.status == "parked" and event.is_due(now):
        observe.count("BankEventsOverdue")
        is_unknown = event.reason == TargetUnknown.code
        suspending.to_suspense(event, raw, (TargetUnknown if is_unknown else rules.GapNotFilled)(event.detail))


def _settle(event: BankEvent, raw: bytes) -> None:
    """One event. A fault of ours sets this one aside, with its money in suspense; the others go on."""
    try:
        applying.settle(event, raw)
    except WriteConflict:
        applying.settle_again(event.id)
    except (DomainError, *STORE_ERRORS):
        raise
    except Exception as fault:
        observe.logger.exception("a bank event is set aside", extra={"event_id": event.id})
        observe.count("BankEventSetAside")
        suspending.to_suspense(
            *banks_inbox.find(event.id),
            Unexpected(say("{name}: see the log of {id}.", name=type(fault).__name__, id=event.id)),
        )


def _consume(record: Record) -> None:
    """Settle an event as the record tells of it. What passes (a lost race, a store that does not keep up) is for the sweep to try again."""
    if record.image.get("status", {}).get("S") in OPEN:
        _settle(*banks_inbox.from_image(record.image))


def tell_banks(*entries: Entry) -> None:
    """Tell banks of new entries that concern them."""
    for entry in entries:
        telling.tell(entry, clock.now())


EVENTS: Final = Consumer(name="bank-events.settle", stream=INBOX, consume=_consume)
