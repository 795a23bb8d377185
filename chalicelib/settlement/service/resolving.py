"""How money leaves suspense: an officer allocates it, gives it back or reverses it, or its time is up. One commit each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.event_transitions import by_another
from chalicelib.banks.rules.inbox import BankEvent, Movement, Taker, Target
from chalicelib.banks.rules.suspense import NotForThat
from chalicelib.banks.service import desk as banks_desk
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import references as banks_references
from chalicelib.banks.views.inbox import view
from chalicelib.claims.service import deciding as claims_deciding
from chalicelib.deposits.service import money as deposits_money
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.service import commands as orders_commands
from chalicelib.recoveries.service import commands as recoveries_commands
from chalicelib.settlement import rules
from chalicelib.settlement.aggregate import BANK_EVENTS
from chalicelib.settlement.reading import parse_leniently
from chalicelib.settlement.views import AllocateAsked
from chalicelib.shared.commit import Answer, Joined, once
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Also
from chalicelib.shared.money import Money
from chalicelib.shared.request import Request


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """Money that leaves suspense for a target, and what the taker commits besides."""

    event: BankEvent
    data: Any
    money: Movement
    target: Target
    payment_ref: str
    joined: Joined

    @property
    def amount(self) -> Money:
        return Money.of(self.money.amount_minor, self.money.currency)


class _Versioned(msgspec.Struct, frozen=True):
    version: int


def allocate(event_id: str, asked: AllocateAsked, request: Request) -> Answer:
    """An officer decides what suspended money is for. That takes it in the same commit, or says why it does not."""
    target = asked.target()

    def decide() -> Answer:
        event, raw = banks_inbox.find(event_id)
        request.expects(event.version)
        BANK_EVENTS.machine.table.require("allocate", event, "officer", raw, request.now)
        change, money = suspense.allocated(event, target, request.now), event.waiting
        assert money is not None, "just allocated"
        after = by_another(change, event)
        joined = Joined(
            changes=(banks_inbox.changed(after), *banks_references.allocate_reference(event, target.id)),
            postings=change.event.postings,
            answer=encode(view(after, raw, "officer", request.now)),
            also=(Also(event.id, after.version),),
        )
        told = Allocation(
            event=event,
            data=parse_leniently(raw)[1],
            money=money,
            target=target,
            payment_ref=asked.bank_ref or "",
            joined=joined,
        )
        return TAKERS[target.kind](told, msgspec.structs.replace(request, expected_version=None))  # it was the event's

    answer = once(request, decide)
    version = msgspec.json.decode(answer.body, type=_Versioned).version
    return msgspec.structs.replace(answer, version=version)  # of the event, whosever the entry is


def give_back(event_id: str, request: Request) -> Answer:
    """An officer decides that suspended money is owed back to its remitter, or by the bank that took it."""
    return BANK_EVENTS.execute(event_id, request, "return", lambda was, raw, actor: suspense.returned(was, request.now))


def reverse(event_id: str, request: Request) -> Answer:
    """An officer found that the bank told of one transfer twice: the second booking is undone."""
    return BANK_EVENTS.execute(
        event_id, request, "reverse", lambda was, raw, actor: suspense.reversed_(was, request.now)
    )


def _to_order(told: Allocation, request: Request) -> Answer:
    ORDERS.read(told.target.id, request)
    fact = rules.allocation_of(told.event, told.money, told.data, told.payment_ref)
    return orders_commands.allocate(told.target.id, fact, request, told.joined)


def _to_deposit(told: Allocation, request: Request) -> Answer:
    event, incoming = told.event, told.money.incoming
    return deposits_money.allocate(
        told.target.id, event.bank_id, event.bank_ref, told.amount, request, told.joined, incoming=incoming
    )


def _to_insurer(told: Allocation, request: Request) -> Answer:
    event, target = told.event, told.target
    _must_have_come(told)
    return deposits_money.allocate_of_insurer(
        target.id, target.part, event.bank_id, event.bank_ref, told.amount, request, told.joined
    )


def _to_recovery(told: Allocation, request: Request) -> Answer:
    event, money = told.event, told.money
    _must_have_come(told)
    return recoveries_commands.allocate(
        told.target.id, event.bank_id, event.bank_ref, money.amount_minor, money.currency, request, told.joined
    )


def _to_claim(told: Allocation, request: Request) -> Answer:
    event, money = told.event, told.money
    _must_have_come(told)
    return claims_deciding.take_fee(
        told.target.id, event.bank_ref, money.amount_minor, money.currency, event.bank_id, request, told.joined
    )


def _to_instruction(told: Allocation, request: Request) -> Answer:
    event = told.event
    return banks_desk.settle_from_suspense(
        told.target.id, told.money, event.bank_id, event.bank_ref, request, told.joined
    )


def _must_have_come(told: Allocation) -> None:
    if not told.money.incoming:
        raise NotForThat("A bank took or paid the money out.")


TAKERS: Final[dict[Taker, Callable[[Allocation, Request], Answer]]] = {
    "order": _to_order,
    "deposit": _to_deposit,
    "insurer": _to_insurer,
    "recovery": _to_recovery,
    "claim": _to_claim,
    "instruction": _to_instruction,
}
"""Who takes money that an officer allocates. A kind of thing that money can be for is a line here and in `AllocateAsked`."""
