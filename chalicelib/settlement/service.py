"""The one effect of each bank event: on the order, the instruction, the claim or the deposit it names, or in suspense.

The effect's journal entry bears the event's own name, whoever makes it and whenever. So an event is applied or suspended, and
that once; everything here may run twice, at the same time, and in any order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec
from msgspec import structs

from chalicelib.banks import rules as inbox
from chalicelib.banks import service as banks
from chalicelib.banks.rules import AnotherInstruction, BankEvent, Movement, Said
from chalicelib.banks.views import Envelope, view
from chalicelib.claims import service as claims
from chalicelib.deposits import service as deposits
from chalicelib.deposits.rules.paying import PaymentKnown
from chalicelib.orders import service as orders
from chalicelib.orders.rules import BankFact, SeqSpent, TooEarly
from chalicelib.settlement import rules
from chalicelib.settlement.reading import parse_leniently
from chalicelib.settlement.rules import DepositReceived, Fee
from chalicelib.settlement.views import AllocateAsked
from chalicelib.shared import clock, http, journal
from chalicelib.shared.commit import Answer, commit
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Event
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.refusal import Busy, Raced, Refusal
from chalicelib.shared.request import CLOCK, Request

PASSING: Final = (Raced, Busy)
"""Refusals that say nothing about the event: it is tried again."""

OPEN: Final = frozenset({"received", "parked", "allocating"})
"""What the consumer has still to settle."""

Kept = tuple[BankEvent, bytes]


def settle(event: BankEvent, raw: bytes) -> None:
    """Make a kept event's effect, then that of the next one which waited for it. PASSING is for the caller to try again."""
    next_one: Kept | None = (event, raw)
    while next_one is not None:
        next_one = _settle(*next_one)


def settle_again(event_id: str) -> None:
    """The same for an event as it now is, where somebody else has changed it since."""
    event, raw = banks.find(event_id)
    if event.status in OPEN:
        settle(event, raw)


def give_up(event: BankEvent, raw: bytes) -> None:
    """The default outcome of what has waited too long: parked money goes to suspense; suspended money is owed back, as of the moment it was due."""
    now, money = clock.now(), event.movement
    if event.status == "parked":
        set_aside(event, raw, rules.GapNotFilled(event.detail))
    elif money is not None:
        told = _returned(event, raw, money, default=True)
        _change(inbox.returned(event, now), event, told, _own_request(event, now), at=event.due_at)


def allocate(event_id: str, asked: AllocateAsked, request: Request) -> Answer:
    """An officer decides which order or whose deposit suspended money is for. It leaves suspense at once; the consumer tells them."""
    asked.must_name_one()
    event, raw = banks.find(event_id)
    request.expects(event.version)
    money = inbox.must_be_suspended(event, "allocate", request.now)
    if asked.order_id:
        orders.find(asked.order_id, request)
        taker = {"order_id": asked.order_id}
    else:
        taker = {"seller_id": _must_have_deposit(asked.seller_id or "", money, request)}
    after = inbox.allocating(event, request.now, **taker)
    told = Event("bank_event.allocating", dict(taker), money.free(event.id, event.bank_id))
    return _change(after, event, told, request, raw)


def give_back(event_id: str, request: Request) -> Answer:
    """An officer decides that suspended money is owed back to its remitter."""
    event, raw = banks.find(event_id)
    request.expects(event.version)
    money = inbox.must_be_suspended(event, "return", request.now)
    told = _returned(event, raw, money, default=False)
    return _change(inbox.returned(event, request.now), event, told, request, raw)


def set_aside(event: BankEvent, raw: bytes, why: Refusal) -> None:
    """No order takes it: its money goes to suspense, where there is some to be read; else it is refused. Both say why."""
    money = rules.movement_of(*parse_leniently(raw))
    if money is None:
        _refuse(event, why)
    else:
        _suspend(event, money, why, banks.request_of(event, clock.now()))


def _settle(event: BankEvent, raw: bytes) -> Kept | None:
    """Settle one event. Returns the one that may go on now."""
    if event.status == "allocating":
        _allocate(event, raw)
        return None
    return _apply(event, raw)


def _apply(event: BankEvent, raw: bytes) -> Kept | None:
    """Tell the order an event names; park the event where it is early, set it aside where no order takes it."""
    now = clock.now()
    try:
        found = _fact(event, raw)
        if found is None:
            return None
        if isinstance(found, Said):
            _tell_outbox(found, banks.request_of(event, now))
            return None
        if isinstance(found, Fee):
            _tell_claim(found, banks.request_of(event, now))
            return None
        if isinstance(found, DepositReceived):
            _tell_deposit(event, found, banks.request_of(event, now))
            return None
        order_id, fact = found
        orders.apply_bank_fact(order_id, fact, banks.request_of(event, now))
    except PASSING:
        raise
    except TooEarly as early:
        _park(event, order_id, fact.seq, early.expected)
        return None
    except SeqSpent as spent:
        _set_aside_unless_known(event, raw, order_id, fact, spent)
        return None
    except PaymentKnown as known:
        _set_aside_unless_doubled(event, raw, known)
        return None
    except Refusal as why:
        set_aside(event, raw, why)
        return None
    if event.status == "parked":
        _change(inbox.applied(event, now), event, Event("bank_event.applied"), _own_request(event, now))
    return next(banks.parked(event.bank_id, order_id), None)


def _tell_outbox(said: Said, request: Request) -> None:
    """Tell an instruction what came of its attempt. What cannot be true of it is an officer's, there as here."""
    try:
        banks.hear(said, request)
    except AnotherInstruction as other:
        if said.word.outcome == "settled":
            banks.doubt(said.attempt_id, other.code)
        raise


def _tell_claim(fee: Fee, request: Request) -> None:
    """An inspection's fee. Only the very amount that is awaited, on an account of ours, is taken; all other money goes to suspense."""
    _must_be_ours(fee.bank_id, fee.account, fee.currency, request.now)
    claims.take_fee(fee.claim_id, fee.bank_ref, fee.amount_minor, fee.currency, fee.bank_id, request)


def _tell_deposit(event: BankEvent, paid: DepositReceived, request: Request) -> None:
    """What a seller paid for its deposit. Money for a seller without one, in another currency or on another account goes to suspense."""
    _must_be_ours(event.bank_id, paid.account, paid.money.currency, request.now)
    deposits.receive(paid.seller_id, event.bank_id, paid.bank_ref, paid.money, request)


def _must_have_deposit(seller_id: str, money: Movement, request: Request) -> str:
    """The seller, if there is a deposit of it that can take the money: NoDeposit, NotForADeposit."""
    deposits.find(seller_id, request)
    if not money.incoming:
        raise rules.NotForADeposit("A bank took the money back.", param="seller_id")
    return seller_id


def _must_be_ours(bank_id: str, account: str, currency: str, now: datetime) -> None:
    partner = banks.partner(bank_id, now)
    if partner is None or not partner.designates(account, currency):
        raise rules.NotOurAccount(f"{account!r:.60} is not a designated account for {currency}.")


def _returned(event: BankEvent, raw: bytes, money: Movement, *, default: bool) -> Event:
    """What lies in suspense is owed back, and its bank is told to give it back."""
    instruct = rules.give_back(event, money, parse_leniently(raw)[1])
    return Event("bank_event.returned", {"default": default}, money.owe_back(event.id), instructs=(instruct,))


def _set_aside_unless_known(event: BankEvent, raw: bytes, order_id: str, fact: BankFact, spent: Refusal) -> None:
    """A payment told of twice under two names moved money once: the second notice must not be booked."""
    order = orders.settled(order_id, clock.now())
    if order is not None and rules.told_before(order, fact):
        _refuse(event, rules.DuplicateNotice(f"{fact.bank_ref} was told of before, as number {fact.seq}."))
    else:
        set_aside(event, raw, spent)


def _set_aside_unless_doubled(event: BankEvent, raw: bytes, known: PaymentKnown) -> None:
    """The same reference with the same amount is the same money, told of twice; with another amount somebody has to look at it."""
    if known.numbers["same_amount"]:
        _refuse(event, rules.DuplicateNotice(known.detail))
    else:
        set_aside(event, raw, known)


def _allocate(event: BankEvent, raw: bytes) -> None:
    """Tell the order or the deposit an officer chose. Where it refuses, the money goes back to suspense with its reason."""
    now, money, told = clock.now(), event.movement, parse_leniently(raw)[1]
    assert money is not None, "only suspended money is allocated"
    request = _allocation_request(event, now)
    try:
        if event.seller_id:
            came = Money.of(money.amount_minor, money.currency)
            deposits.receive(event.seller_id, event.bank_id, rules.reference_of(event, told), came, request)
        else:
            orders.apply_bank_fact(event.order_id, rules.allocation_of(event, money, told), request)
    except PASSING:
        raise
    except Refusal as why:
        _suspend(event, money, why, request)
    else:
        _change(inbox.allocated(event, now), event, Event("bank_event.allocated"), _own_request(event, now))


def _suspend(event: BankEvent, money: Movement, why: Refusal, request: Request) -> None:
    """Book money nobody takes against suspense. The request is the one the order would have been told under: it is one or the other."""
    after = inbox.suspended(event, money, why, wait=banks.policy(request.now).suspense, now=request.now)
    facts = {"reason": why.code, "owner": "officer"}
    told = Event("bank_event.suspended", facts, money.suspend(event.id, event.bank_id))
    _change(after, event, told, request)


def _refuse(event: BankEvent, why: Refusal) -> None:
    now = clock.now()
    told = Event("bank_event.refused", {"reason": why.code})
    _change(inbox.refused(event, why, now), event, told, _own_request(event, now))


def _park(event: BankEvent, order_id: str, seq: int, expected: int) -> None:
    """Keep an early event for later. Its change in the inbox brings it here once more, in case the gap was filled meanwhile."""
    if event.status == "parked":
        return
    now = clock.now()
    after = inbox.parked(event, order_id, seq, expected=expected, wait=banks.policy(now).parked, now=now)
    _change(after, event, Event("bank_event.parked", {"order_id": order_id, "seq": seq}), _own_request(event, now))


def _change(
    after: BankEvent, was: BankEvent, told: Event, request: Request, raw: bytes = b"", *, at: datetime | None = None
) -> Answer:
    """Commit the event's new state with its journal entry. An answer is kept where somebody waits for one."""
    answer = encode(view(after, raw, request.now)) if raw else b""
    made = journal.entry(request, told, of=was.id, seq=after.version, prev=was.head, answer=answer, at=at)
    return commit(made, banks.changed(structs.replace(after, head=made.head)))


def _own_request(event: BankEvent, now: datetime) -> Request:
    """What the inbox does by itself to one version of an event happens once."""
    return Request(
        caller=CLOCK, now=now, request_id=event.id, key=f"{event.id}:{event.version + 1}", digest="bank event"
    )


def _allocation_request(event: BankEvent, now: datetime) -> Request:
    """The bank's request again, under a name no webhook-id can have."""
    first = banks.request_of(event, now)
    return first.derived("allocation", f"{first.key}:{event.version}", first.digest)


def _fact(event: BankEvent, raw: bytes) -> tuple[str, BankFact] | Said | Fee | DepositReceived | None:
    """The order an event names and what it tells it, what it says of an attempt, a fee, a deposit; None where it has no effect.

    Refusals say why it cannot be read.
    """
    envelope: Envelope = http.read_json(raw, Envelope)
    if envelope.type in inbox.NO_EFFECT:
        return None
    form = rules.FORMS.get(envelope.type)
    if form is None:
        raise rules.UnknownType(f"{envelope.type!r:.60} has no effect here.", param="type")
    try:
        data = msgspec.convert(envelope.data, form)
    except msgspec.ValidationError as wrong:
        raise http.bad_field(str(wrong)) from wrong
    if isinstance(data, rules.Settled | rules.Failed):
        return rules.said_of(event.bank_id, envelope.type, data)
    if isinstance(data, rules.FeeReceived):
        return rules.fee_of(event.bank_id, data)
    if isinstance(data, DepositReceived):
        return data
    return data.order_id, rules.fact_of(event.bank_id, data, business_date(event.received_at))
