"""The one effect of each bank event: on what it names, or in suspense.

The effect's journal entry bears the event's own name, whoever makes it and whenever. So an event is applied or suspended, and
that once; everything here may run twice, at the same time, and in any order.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeVar

import msgspec

from chalicelib.bank_events import rules
from chalicelib.bank_events.inbound import INBOUND
from chalicelib.bank_events.rules import DepositReceived, FeeReceived, MemberClaimReceived
from chalicelib.bank_events.service import suspending
from chalicelib.bank_events.service.counting import Notice
from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.event_transitions import by_another
from chalicelib.banks.rules.inbox import NO_EFFECT, BankEvent
from chalicelib.banks.rules.outbox import AnotherInstruction, AttemptStatus
from chalicelib.banks.rules.protocol import SeqSpent, TooEarly
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import outbox as banks_outbox
from chalicelib.banks.views.inbox import Envelope
from chalicelib.claims.service import deciding as claims_deciding
from chalicelib.deposits.service import money as deposits_money
from chalicelib.guarantees.service import member_claims
from chalicelib.orders.rules.payments import BankFact
from chalicelib.orders.service import commands as orders_commands
from chalicelib.shared import clock, http
from chalicelib.shared.commit import NOTHING_ELSE, Joined
from chalicelib.shared.errors import DomainError, Unavailable, WriteConflict
from chalicelib.shared.journal import Also
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say

PASSING: Final = (WriteConflict, Unavailable)
"""Errors that say nothing about the event: it is tried again."""

OPEN: Final = frozenset({"received", "parked"})
"""What the consumer has still to settle."""

Kept = tuple[BankEvent, bytes]
F = TypeVar("F")


def settle(event: BankEvent, raw: bytes) -> None:
    """Make a kept event's effect, then that of the next one which waited for it. PASSING is for the caller to try again."""
    next_one: Kept | None = (event, raw)
    while next_one is not None:
        next_one = _settle(*next_one)


def settle_again(event_id: str) -> None:
    """The same for an event as it now is, where somebody else has changed it since."""
    event, raw = banks_inbox.find(event_id)
    if event.status in OPEN:
        settle(event, raw)


def _settle(event: BankEvent, raw: bytes) -> Kept | None:
    """Tell what an event names; park it where it is early, set it aside where nothing takes it. Returns the event that may go on now."""
    now = clock.now()
    try:
        named = _fact(event, raw)
        if named is None:
            return None
        if isinstance(named, Notice):
            return next(banks_inbox.parked(event.bank_id, named.target), None) if named.settle() else None
        if isinstance(named, AttemptStatus):
            _tell_outbox(named, banks_inbox.request_of(event, now))
            return None
        if isinstance(named, FeeReceived):
            _tell_claim(event, named, banks_inbox.request_of(event, now))
            return None
        if isinstance(named, DepositReceived):
            _tell_deposit(event, named, banks_inbox.request_of(event, now))
            return None
        if isinstance(named, MemberClaimReceived):
            _tell_member_claim(event, named, banks_inbox.request_of(event, now))
            return None
        order_id, fact = named
        orders_commands.apply_bank_fact(
            order_id,
            fact,
            banks_inbox.request_of(event, now),
            aside=suspending.suspense_for(event, raw, now),
            joined=_unparked(event, now),
        )
    except PASSING:
        raise
    except TooEarly as early:
        _park(event, order_id, fact.seq, early.expected)
        return None
    except SeqSpent as spent:
        _to_suspense_unless_known(event, raw, order_id, fact, spent)
        return None
    except DomainError as why:
        suspending.to_suspense(event, raw, why)
        return None
    return next(banks_inbox.parked(event.bank_id, order_id), None)


def _tell_outbox(status: AttemptStatus, request: RequestContext) -> None:
    """Tell an instruction what came of its attempt. What cannot be true of it is an officer's, there as here."""
    try:
        banks_outbox.apply_status(status, request)
    except (AnotherInstruction, ReferenceUsed) as other:
        if status.report.outcome == "settled":
            banks_outbox.flag_contradiction(status.attempt_id, other.code)
        raise


def _tell_claim(event: BankEvent, fee: FeeReceived, request: RequestContext) -> None:
    """An inspection's fee. Only the very amount that is awaited, on an account of ours, is taken; all other money goes to suspense."""
    minor, currency = fee.money.minor(param="data.money.amount", least=1), fee.money.currency
    _must_be_ours(event.bank_id, fee.account, currency, request.now)
    claims_deciding.take_fee(fee.claim_id, fee.bank_ref, minor, currency, event.bank_id, request)


def _tell_deposit(event: BankEvent, paid: DepositReceived, request: RequestContext) -> None:
    """What a seller paid for its deposit. Money for a seller without one, in another currency or on another account goes to suspense."""
    _must_be_ours(event.bank_id, paid.account, paid.money.currency, request.now)
    deposits_money.receive(paid.seller_id, event.bank_id, paid.bank_ref, paid.money, request)


def _tell_member_claim(event: BankEvent, paid: MemberClaimReceived, request: RequestContext) -> None:
    """What a member paid another for a claim. Money before its time, after its end or in another currency goes to suspense."""
    minor, currency = paid.money.minor(param="data.money.amount", least=1), paid.money.currency
    _must_be_ours(event.bank_id, paid.account, currency, request.now)
    member_claims.receive(paid.member_claim_id, event.bank_id, paid.bank_ref, minor, currency, request)


def _must_be_ours(bank_id: str, account: str, currency: str, now: datetime) -> None:
    partner = banks_inbox.partner(bank_id, now)
    if partner is None or not partner.designates(account, currency):
        raise rules.NotOurAccount(
            say("{account!r:.60} is not a designated account for {currency}.", account=account, currency=currency)
        )


def _to_suspense_unless_known(event: BankEvent, raw: bytes, order_id: str, fact: BankFact, spent: DomainError) -> None:
    """What a bank took back and tells of again under another name left us once: the second notice must not be booked."""
    if orders_commands.was_told(order_id, fact):
        suspending.refuse(
            event,
            rules.DuplicateNotice(
                say("{bank_ref} was told of before, as number {seq}.", bank_ref=fact.bank_ref, seq=fact.seq)
            ),
        )
    else:
        suspending.to_suspense(event, raw, spent)


def _park(event: BankEvent, order_id: str, seq: int, expected: int) -> None:
    """Keep an early event for later. Its change in the inbox brings it here once more, in case the gap was filled meanwhile."""
    if event.status == "parked":
        return
    now = clock.now()
    wait = banks_inbox.policy(now).parked
    suspending.write(
        event,
        suspending.own(event, now),
        lambda was, raw: suspense.parked(was, order_id, seq, expected=expected, wait=wait, now=now),
    )


def _unparked(event: BankEvent, now: datetime) -> Joined:
    """An event that waited says that it was applied; one that did not says so by the entry that bears its name."""
    if event.status != "parked":
        return NOTHING_ELSE
    after = by_another(suspense.applied(event, now), event)
    return Joined(changes=(banks_inbox.changed(after),), also=(Also(event.id, after.version),))


Fact = tuple[str, BankFact] | AttemptStatus | FeeReceived | DepositReceived | MemberClaimReceived | Notice


def _fact(event: BankEvent, raw: bytes) -> Fact | None:
    """The order an event names and what it tells it, what it says of an attempt, a fee, a deposit, a claim between members, an aggregate in its sequence.

    None where it has no effect.

    An error says why it cannot be read.
    """
    envelope: Envelope = http.read_json(raw, Envelope)
    if envelope.type in NO_EFFECT:
        return None
    if inbound := INBOUND.get(envelope.type):
        message, request = _read(envelope, inbound.type.form), banks_inbox.request_of(event, clock.now())
        return Notice(event, raw, inbound, message, request)
    form = rules.FORMS.get(envelope.type)
    if form is None:
        raise rules.UnknownType(say("{type!r:.60} has no effect here.", type=envelope.type), param="type")
    data = _read(envelope, form)
    if isinstance(data, rules.Settled | rules.Failed):
        return rules.status_of(event.bank_id, envelope.type, data)
    if isinstance(data, FeeReceived | DepositReceived | MemberClaimReceived):
        return data
    return data.order_id, rules.fact_of(event.bank_id, data, business_date(event.received_at))


def _read(envelope: Envelope, form: type[F]) -> F:
    """The data of a message in its form."""
    try:
        return msgspec.convert(envelope.data, form)
    except msgspec.ValidationError as wrong:
        raise http.bad_field(wrong, envelope.data, form) from wrong
