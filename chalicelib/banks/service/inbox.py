"""Taking in what banks send, and finding it again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from typing import Final

from chalicelib.banks.records import inbox
from chalicelib.banks.rules import inbox as banks_inbox
from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.inbox import NO_EFFECT, BankEvent, EventIdReused
from chalicelib.banks.rules.partners import Acquirer, NotAPartner, Partner, Policy
from chalicelib.banks.views.inbox import BankEventAccepted, BankEventsQuery, BankEventView, view
from chalicelib.shared import clock, journal, observe, pages, policies, secrets, webhooks
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import Caller, RequestContext, within_duty
from chalicelib.shared.texts import say

INBOX: Final = inbox.INBOX
AT_ONCE: Final = 100
"""Events that are held in memory together."""


def receive(bank_id: str, headers: Mapping[str, str], raw: bytes, request: RequestContext) -> StoredResponse:
    """Keep a signed event by its id: one write. Its effect is made by the consumer of the inbox, not here. An acquirer's is taken alike."""
    signed = webhooks.verify(keys(bank_id, request.now), headers, raw, clock.real())
    event = banks_inbox.arrived(bank_id, signed, raw, request.now)
    if not inbox.store(event, raw):
        return _again(event)
    observe.count("BankEventReceived")
    return StoredResponse(encode(BankEventAccepted(id=event.id, status=event.status)), 202)


def policy(now: datetime) -> Policy:
    return policies.in_force("banks", business_date(now)).read_as(Policy)


def partner(bank_id: str, now: datetime) -> Partner | None:
    """The partner bank of that id, if there is one."""
    return policy(now).partner(bank_id)


def sender(sender_id: str, now: datetime) -> Partner | Acquirer | None:
    """The bank or the acquirer of that id, if there is one."""
    return policy(now).sender(sender_id)


def must_be_sender(sender_id: str, now: datetime) -> None:
    """NotAPartner where it is neither a bank nor an acquirer."""
    if sender(sender_id, now) is None:
        raise NotAPartner(say("{sender_id!r:.60} is not a partner.", sender_id=sender_id), param="bank_id")


def must_be_partner(
    bank_id: str, now: datetime, *, pays: str = "", param: str = "currency", named_in: str = "bank_id"
) -> None:
    """NotAPartner where there is none of the `bank_id` that was asked for, CurrencyNotPayable where it does not pay in a currency.

    `param` is the field that says in which, `named_in` the one that names the bank.
    """
    bank = partner(bank_id, now)
    if bank is None:
        raise NotAPartner(say("{bank_id!r:.60} is not a partner bank.", bank_id=bank_id), param=named_in)
    if pays:
        bank.must_pay_in(pays, param=param)


def must_be_payable(currency: str, now: datetime, *, param: str = "currency") -> None:
    """CurrencyNotPayable where no partner bank holds an account of ours in that currency."""
    policy(now).must_be_payable(currency, param=param)


def keys(bank_id: str, now: datetime) -> tuple[bytes, ...]:
    """A bank's or an acquirer's live keys, newest first; none where there is no such partner, or its secret is missing or unusable."""
    secret = secrets.secret(f"banks/{bank_id}") if sender(bank_id, now) else None
    try:
        return webhooks.keys_of(secret) if secret else ()
    except ValueError:
        observe.logger.error("the bank's keys cannot be read: see docs/runbook.md", extra={"bank_id": bank_id})
        return ()


def find(event_id: str) -> tuple[BankEvent, bytes]:
    """An event as it is kept, and the bytes the bank signed; NotFound where there is none."""
    event = inbox.load(event_id)
    if event is None:
        raise NotFound(say("There is no bank event {event_id!r:.60}.", event_id=event_id))
    return event


def shown(event_id: str, request: RequestContext) -> BankEventView:
    event, raw = find(event_id)
    shown_to_caller = _shown(_as_settled(event, raw), raw, request)
    if shown_to_caller is None:
        raise NotFound(say("There is no bank event {event_id!r:.60}.", event_id=event_id))
    return shown_to_caller


def listed(query: BankEventsQuery, request: RequestContext) -> Page[BankEventView]:
    """Events of one status, those that came into it first before the others."""
    of = f"bank-events:{query.status}:{query.bank_id}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None

    def seen(kept: tuple[BankEvent, bytes]) -> BankEventView | None:
        event = kept[0]
        is_asked_for = event.status == query.status and query.bank_id in (None, event.bank_id)
        shown_to_caller = _shown(*kept, request) if is_asked_for else None
        return shown_to_caller if shown_to_caller and _is_due(shown_to_caller, query) else None

    places = pages.by_moment(inbox.ids_by_status(query.status, after))
    return pages.filtered(places, inbox.listed, seen, query, request, of)


def in_suspense(end: datetime) -> dict[str, int]:
    """What items in suspense came to just before a moment, by currency: above zero what is owed, below what is owed to us.

    An item that cannot be read is missing here, and so shows.
    """
    keyed = chain(
        inbox.ids_by_status("suspense"),
        *(inbox.ids_by_status(status, start=end) for status in sorted(suspense.ENDS)),
    )
    names, sums = iter(dict.fromkeys(event_id for _, event_id in keyed)), Counter[str]()
    while some := list(islice(names, AT_ONCE)):
        for event, _ in inbox.listed(some).values():
            if event.movement:
                sums[event.movement.currency] += suspense.in_suspense_minor(event, end)
    return {currency: minor for currency, minor in sorted(sums.items()) if minor}


def parked(bank_id: str, aggregate_id: str) -> Iterator[tuple[BankEvent, bytes]]:
    """What one bank told us of an aggregate too early, lowest number first."""
    events = inbox.listed(ids) if (ids := inbox.ids_parked(bank_id, aggregate_id)) else {}
    yield from sorted((kept for kept in events.values() if kept[0].status == "parked"), key=lambda kept: kept[0].number)


def due_at(event_id: str, now: datetime) -> datetime | None:
    """When the event is looked at again, as it is kept."""
    return find(event_id)[0].looked_at_after(now)


changed = inbox.replace
"""For a commit of the slice above: the event in its new form, if nobody else has changed it."""
from_image = inbox.from_image


def request_of(event: BankEvent, now: datetime) -> RequestContext:
    """The bank's own request, made when its event takes effect. Its journal entry can exist once: so can the effect."""
    caller = Caller(sub=event.sender, role="bank")
    return RequestContext(caller=caller, now=now, request_id=event.id, key=event.webhook_id, digest=event.digest)


def entry_of(event: BankEvent) -> Entry | None:
    """The journal entry that is this event's effect, once it has one."""
    return journal.read(request_of(event, event.received_at).entry_id)


def _again(event: BankEvent) -> StoredResponse:
    kept, _ = find(event.id)
    if kept.digest != event.digest:
        observe.count("BankEventContradicted")
        observe.logger.error(
            "a bank sent another message under an id it has used",
            extra={"bank_id": event.bank_id, "event_id": event.id},
        )
        raise EventIdReused("That webhook-id was used before with another body; nothing was changed.", id=event.id)
    return StoredResponse(encode(BankEventAccepted(id=kept.id, status=kept.status)), 200, replayed=True)


def _shown(event: BankEvent, raw: bytes, request: RequestContext) -> BankEventView | None:
    """An event as officers see it, or the bank that sent it; None for everybody else."""
    caller = request.caller
    if not caller.is_officer and caller.bank_id != event.bank_id:
        return None
    return within_duty(view(event, raw, "officer" if caller.is_officer else "sender", request.now), caller, "payments")


def _is_due(event: BankEventView, query: BankEventsQuery) -> bool:
    return query.due_before is None or any(each.due_at < query.due_before for each in event.deadlines)


def _as_settled(event: BankEvent, raw: bytes) -> BankEvent:
    """An event with no decision of its own was applied as soon as its journal entry is there, or if it needs none."""
    if event.status != "received":
        return event
    if banks_inbox.type_of(raw) in NO_EFFECT:
        return banks_inbox.settled(event, event.received_at, "")
    entry = entry_of(event)
    return banks_inbox.settled(event, entry.at, entry.aggregate_id) if entry else event
