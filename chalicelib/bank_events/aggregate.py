"""Bank events as an aggregate: what ties their machine to the inbox, to what officers see, and to banks' references."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

from chalicelib.banks.records import inbox
from chalicelib.banks.records.inbox import BankEventRow
from chalicelib.banks.rules.effects import TakeReference
from chalicelib.banks.rules.event_timers import MACHINE
from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.service import references as banks_references
from chalicelib.banks.views.inbox import view
from chalicelib.shared import observe
from chalicelib.shared.aggregates import Aggregate, Loaded, Repository
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.journal import Entry

Actor = Literal["officer"]


class Inbox(Repository[BankEvent]):
    """An event's change is one of some columns: the message stays as it came."""

    def put(self, state: BankEvent, due_at: datetime | None) -> Put | Update:
        return inbox.replace(state)


def _loaded(event_id: str, now: datetime) -> Loaded[BankEvent, bytes] | None:
    kept = inbox.load(event_id)
    return Loaded(*kept) if kept else None


def _count(event: BankEvent, entry: Entry, now: datetime) -> None:
    """What the clock made of an event is somebody's to look at, unless it only asked the bank again."""
    match entry.event.kind:
        case "bank_event.replay_requested":
            return
        case "bank_event.gap_alerted":
            observe.count("BankEventsMissing")
        case _:
            observe.count("BankEventsOverdue")


BANK_EVENTS: Final = Aggregate[BankEvent, bytes, Actor](
    name="bank-events",
    machine=MACHINE,
    repository=Inbox(BankEventRow),
    context=lambda events, now: [b""] * len(events),
    source=_loaded,
    actor_of=lambda event, caller: "officer" if caller.is_officer else None,
    view=view,
    duty="payments",
    effects={
        TakeReference: lambda name, effects: banks_references.take_reference(
            effects[0].bank_id, effects[0].bank_ref, effects[0].use
        )
    },
    after=_count,
)
