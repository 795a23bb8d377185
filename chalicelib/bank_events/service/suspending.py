"""Money that nothing takes becomes an item in suspense, with a reason, an owner and a time.

Where an order says so itself, it does in its own entry, and the item is written with it; else the item has the entry. Either bears the
event's own name: an event is applied or suspended, and that once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final

from chalicelib.bank_events import rules
from chalicelib.bank_events.aggregate import BANK_EVENTS
from chalicelib.bank_events.parsing import parse_leniently
from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.effects import TakeReference
from chalicelib.banks.rules.event_transitions import EventChange, by_another
from chalicelib.banks.rules.inbox import PREFIX, BankEvent, Movement
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.suspense import ReferenceReused
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.shared import clock, ids, observe
from chalicelib.shared.commit import Joined, Update
from chalicelib.shared.errors import DomainError, WriteConflict
from chalicelib.shared.journal import Also
from chalicelib.shared.request import CLOCK, RequestContext

NO_GUARD: Final = frozenset({"payment.returned"})
"""Types whose reference is that of another movement, which they take back: it may be told of more than once."""


def to_suspense(event: BankEvent, raw: bytes, why: DomainError) -> None:
    """Nothing takes it: its money goes to suspense, where there is some to be read; else it is refused. Both say why.

    Money that was told of before for the same thing is refused too: it is booked.
    """
    now = clock.now()
    kind, data = parse_leniently(raw)
    money = rules.movement_of(kind, data)
    if money is None:
        return refuse(event, why)
    try:
        _suspend(event, money, why, now)
    except ReferenceUsed as used:
        if used.first.is_repeated_by(rules.use_of(event, money, data)):
            return refuse(event, rules.DuplicateNotice(used.detail))
        _suspend(event, money, ReferenceReused(used.detail), now)
    return None


def suspense_for(
    event: BankEvent, raw: bytes, now: datetime, *, wait: timedelta | None = None
) -> Callable[[DomainError], Joined]:
    """What whoever does not take an event's money commits besides, for a reason. It waits for an officer as long as the policy says, or `wait`."""
    kind, data = parse_leniently(raw)
    money = rules.movement_of(kind, data)
    assert money is not None, "whoever does not take it has read it"

    def joined(why: DomainError) -> Joined:
        change = suspension(event, raw, money, why, now, wait=wait)
        events = (by_another(change, event), *_items(change))
        return Joined(
            changes=(*map(banks_inbox.changed, events), *_references(change)),
            postings=change.event.postings,
            payment_orders=change.event.payment_orders,
            also=tuple(Also(each.id, each.version) for each in events),
        )

    return joined


def suspension(
    event: BankEvent, raw: bytes, money: Movement, why: DomainError, now: datetime, *, wait: timedelta | None = None
) -> EventChange:
    """An item of its own, or less of the one that the bank takes back."""
    kind, data = parse_leniently(raw)
    bank_ref = rules.reference_of(event, data)
    if kind == "payment.returned" and (taken := _charged_back(event, bank_ref, money, now)):
        return taken
    effects: tuple[TakeReference, ...] = ()
    if isinstance(why, ReferenceReused):
        observe.count("BankReferenceReused")
        observe.logger.error(
            "a bank used a reference twice",
            extra={"event_id": event.id, "bank_id": event.bank_id, "bank_ref": bank_ref},
        )
    elif kind not in NO_GUARD:
        use = rules.use_of(event, money, data)
        effects = (TakeReference(bank_id=event.bank_id, bank_ref=bank_ref, use=use),)
    until = banks_inbox.policy(now).suspense if wait is None else wait
    return suspense.suspended(event, money, why, bank_ref, until, now, effects=effects)


def is_known(event: BankEvent, raw: bytes, used: ReferenceUsed) -> bool:
    """Whether the money of an event was booked before, under its reference and for the same thing."""
    kind, data = parse_leniently(raw)
    money = rules.movement_of(kind, data)
    return money is not None and used.first.is_repeated_by(rules.use_of(event, money, data))


def moves_money(raw: bytes) -> bool:
    """Whether an event says for certain that money has moved."""
    return rules.movement_of(*parse_leniently(raw)) is not None


def refuse(event: BankEvent, why: DomainError) -> None:
    now = clock.now()
    write(event, own(event, now), lambda was, raw: suspense.refused(was, why, now))


def write(event: BankEvent, request: RequestContext, decide: Callable[[BankEvent, bytes], EventChange]) -> None:
    """Commit what the inbox decides about an event as it is known. WriteConflict where it has moved on since."""

    def decided(was: BankEvent, raw: bytes) -> EventChange:
        if was.version != event.version:
            raise WriteConflict("Somebody else changed this in between.")
        return decide(was, raw)

    BANK_EVENTS.apply(event.id, request, decided)


def own(event: BankEvent, now: datetime) -> RequestContext:
    """What the inbox does by itself to one version of an event happens once."""
    return RequestContext(
        caller=CLOCK, now=now, request_id=event.id, key=f"{event.id}:{event.version + 1}", digest="bank event"
    )


def _suspend(event: BankEvent, money: Movement, why: DomainError, now: datetime) -> None:
    request = banks_inbox.request_of(event, now)
    write(event, request, lambda was, raw: suspension(was, raw, money, why, now))


def _charged_back(event: BankEvent, bank_ref: str, money: Movement, now: datetime) -> EventChange | None:
    """What the bank takes back lies in suspense, or lay there: that item has less, and this event is applied."""
    first = banks_references.find_reference(event.bank_id, bank_ref)
    if first is None or not ids.is_id(first.by, PREFIX):
        return None
    item, _ = banks_inbox.find(first.by)
    if not suspense.may_be_charged_back(item, money, now):
        return None
    less = suspense.charged_back(item, money, now)
    return suspense.applied(
        event,
        now,
        payload=less.event.payload | {"item": item.id},
        postings=less.event.postings,
        payment_orders=less.event.payment_orders,
        also=(by_another(less, item),),
    )


def _items(change: EventChange) -> Iterator[BankEvent]:
    """Other events that it changes."""
    return (other for other in change.also if isinstance(other, BankEvent))


def _references(change: EventChange) -> Iterator[Update]:
    """The references that it takes."""
    return (
        banks_references.take_reference(effect.bank_id, effect.bank_ref, effect.use)
        for effect in change.effects
        if isinstance(effect, TakeReference)
    )
