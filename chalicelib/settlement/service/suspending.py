"""Money that nothing takes becomes an item in suspense, with a reason, an owner and a time.

Where an order says so itself, it does in its own entry, and the item is written with it; else the item has the entry. Either bears the
event's own name: an event is applied or suspended, and that once.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec
from msgspec import structs

from chalicelib.banks.rules import inbox as banks_inbox_rules
from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.inbox import PREFIX, BankEvent, Movement
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.suspense import ReferenceReused
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.banks.views.inbox import view
from chalicelib.settlement import rules
from chalicelib.settlement.reading import parse_leniently
from chalicelib.shared import clock, ids, journal, observe
from chalicelib.shared.commit import Answer, Joined, Put, Update, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Also, Event
from chalicelib.shared.refusal import Refusal
from chalicelib.shared.request import CLOCK, Request

NO_GUARD: Final = frozenset({"payment.returned"})
"""Types whose reference is that of another movement, which they take back: it may be told of more than once."""


class Suspension(msgspec.Struct, frozen=True):
    """What suspending comes to: the event as it then is, what is told of it, and other items it changes."""

    after: BankEvent
    told: Event
    changes: tuple[Put | Update, ...] = ()
    also: tuple[Also, ...] = ()


def set_aside(event: BankEvent, raw: bytes, why: Refusal) -> None:
    """Nothing takes it: its money goes to suspense, where there is some to be read; else it is refused. Both say why.

    Money that was told of before for the same thing is refused too: it is booked.
    """
    now = clock.now()
    kind, data = parse_leniently(raw)
    money = rules.movement_of(kind, data)
    if money is None:
        return refuse(event, why)
    request = banks_inbox.request_of(event, now)
    try:
        _write(event, suspension(event, raw, money, why, now), request)
    except ReferenceUsed as used:
        if used.first.is_repeated_by(rules.use_of(event, money, data)):
            return refuse(event, rules.DuplicateNotice(used.detail))
        _write(event, suspension(event, raw, money, ReferenceReused(used.detail), now), request)
    return None


def aside(event: BankEvent, raw: bytes, now: datetime) -> Callable[[Refusal], Joined]:
    """What an order that does not take an event's money commits besides, for a reason."""
    kind, data = parse_leniently(raw)
    money = rules.movement_of(kind, data)
    assert money is not None, "the order has read it"

    def joined(why: Refusal) -> Joined:
        found = suspension(event, raw, money, why, now)
        return Joined(
            changes=(banks_inbox.changed(found.after), *found.changes),
            postings=found.told.postings,
            instructs=found.told.instructs,
            also=(Also(event.id, found.after.version), *found.also),
        )

    return joined


def suspension(event: BankEvent, raw: bytes, money: Movement, why: Refusal, now: datetime) -> Suspension:
    """An item of its own, or less of the one that the bank takes back."""
    kind, data = parse_leniently(raw)
    bank_ref = rules.reference_of(event, data)
    if kind == "payment.returned" and (taken := _taken_back(event, bank_ref, money, now)):
        return taken
    guard: tuple[Update, ...] = ()
    if isinstance(why, ReferenceReused):
        observe.count("BankReferenceReused")
        observe.logger.error(
            "a bank used a reference twice",
            extra={"event_id": event.id, "bank_id": event.bank_id, "bank_ref": bank_ref},
        )
    elif kind not in NO_GUARD:
        guard = (banks_references.take_reference(event.bank_id, bank_ref, rules.use_of(event, money, data)),)
    step = suspense.suspended(event, money, why, bank_ref, banks_inbox.policy(now).suspense, now)
    return Suspension(step.event, step.told, guard)


def refuse(event: BankEvent, why: Refusal) -> None:
    now = clock.now()
    change(
        banks_inbox_rules.refused(event, why, now),
        event,
        Event("bank_event.refused", {"reason": why.code}),
        own(event, now),
    )


def change(
    after: BankEvent,
    was: BankEvent,
    told: Event,
    request: Request,
    raw: bytes = b"",
    *,
    at: datetime | None = None,
    others: tuple[Put | Update, ...] = (),
    also: tuple[Also, ...] = (),
) -> Answer:
    """Commit the event's new state with an entry of its own. An answer is kept where somebody waits for one."""
    answer = encode(view(after, raw, request.now)) if raw else b""
    entries = was.entries + 1
    made = journal.entry(
        request, told, of=was.id, seq=entries, version=after.version, prev=was.head, answer=answer, at=at, also=also
    )
    return commit(made, banks_inbox.changed(structs.replace(after, head=made.head, entries=entries)), *others)


def own(event: BankEvent, now: datetime) -> Request:
    """What the inbox does by itself to one version of an event happens once."""
    return Request(
        caller=CLOCK, now=now, request_id=event.id, key=f"{event.id}:{event.version + 1}", digest="bank event"
    )


def _write(event: BankEvent, found: Suspension, request: Request) -> None:
    change(found.after, event, found.told, request, others=found.changes, also=found.also)


def _taken_back(event: BankEvent, bank_ref: str, money: Movement, now: datetime) -> Suspension | None:
    """What the bank takes back lies in suspense, or lay there: that item has less, and this event is applied."""
    first = banks_references.find_reference(event.bank_id, bank_ref)
    if first is None or not ids.looks_like(first.by, PREFIX):
        return None
    item, _ = banks_inbox.find(first.by)
    if not suspense.may_be_taken_back(item, money):
        return None
    step = suspense.taken_back(item, money, now)
    facts = step.told.facts | {"item": item.id}
    told = structs.replace(step.told, kind="bank_event.applied", facts=facts)
    return Suspension(
        banks_inbox_rules.applied(event, now),
        told,
        (banks_inbox.changed(step.event),),
        (Also(item.id, step.event.version),),
    )
