"""How money leaves suspense: an officer allocates it, gives it back or reverses it, or its time is up. One commit each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec

from chalicelib.bank_events import rules
from chalicelib.bank_events.aggregate import BANK_EVENTS
from chalicelib.bank_events.parsing import parse_leniently
from chalicelib.bank_events.views import AllocateRequest
from chalicelib.banks.rules import suspense
from chalicelib.banks.rules.event_transitions import by_another
from chalicelib.banks.rules.inbox import BankEvent, Movement, Taker, Target
from chalicelib.banks.rules.suspense import NotForThat
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.banks.service import operations as banks_operations
from chalicelib.banks.service import references as banks_references
from chalicelib.banks.views.inbox import view
from chalicelib.claims.service import deciding as claims_deciding
from chalicelib.deposits.service import money as deposits_money
from chalicelib.guarantees.service import member_claims
from chalicelib.orders.aggregate import ORDERS
from chalicelib.orders.service import commands as orders_commands
from chalicelib.recoveries.service import commands as recoveries_commands
from chalicelib.shared.commit import Joined, StoredResponse, idempotent
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Also
from chalicelib.shared.money import Money
from chalicelib.shared.request import RequestContext


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


def allocate(event_id: str, body: AllocateRequest, request: RequestContext) -> StoredResponse:
    """An officer decides what suspended money is for. That takes it in the same commit, or says why it does not."""
    target = body.target()

    def decide() -> StoredResponse:
        event, raw = banks_inbox.find(event_id)
        request.expects(event.version)
        BANK_EVENTS.machine.table.require("allocate", event, "officer", raw, request.now)
        change, money = suspense.allocated(event, target, request.now), event.waiting
        assert money is not None, "just allocated"
        after = by_another(change, event)
        joined = Joined(
            changes=(banks_inbox.changed(after), *banks_references.allocate_reference(event, target.id)),
            postings=change.event.postings,
            response=encode(view(after, raw, "officer", request.now)),
            also=(Also(event.id, after.version),),
        )
        allocation = Allocation(
            event=event,
            data=parse_leniently(raw)[1],
            money=money,
            target=target,
            payment_ref=body.bank_ref or "",
            joined=joined,
        )
        return TAKERS[target.kind](
            allocation, msgspec.structs.replace(request, expected_version=None)
        )  # it was the event's

    response = idempotent(request, decide)
    version = msgspec.json.decode(response.body, type=_Versioned).version
    return msgspec.structs.replace(response, version=version)  # of the event, whosever the entry is


def give_back(event_id: str, request: RequestContext) -> StoredResponse:
    """An officer decides that suspended money is owed back to its remitter, or by the bank that took it."""
    return BANK_EVENTS.execute(event_id, request, "return", lambda was, raw, actor: suspense.returned(was, request.now))


def retry(event_id: str, request: RequestContext) -> StoredResponse:
    """An officer found that what an event was refused for is over: it is settled as if it had just come."""
    wait = banks_inbox.policy(request.now).parked
    return BANK_EVENTS.execute(
        event_id, request, "retry", lambda was, raw, actor: suspense.retried(was, wait, request.now)
    )


def reverse(event_id: str, request: RequestContext) -> StoredResponse:
    """An officer found that the bank told of one transfer twice: the second booking is undone."""
    return BANK_EVENTS.execute(
        event_id, request, "reverse", lambda was, raw, actor: suspense.reversed_(was, request.now)
    )


def _to_order(allocation: Allocation, request: RequestContext) -> StoredResponse:
    ORDERS.read(allocation.target.id, request)
    fact = rules.allocation_of(allocation.event, allocation.money, allocation.data, allocation.payment_ref)
    return orders_commands.allocate(allocation.target.id, fact, request, allocation.joined)


def _to_deposit(allocation: Allocation, request: RequestContext) -> StoredResponse:
    event, incoming = allocation.event, allocation.money.incoming
    return deposits_money.allocate(
        allocation.target.id,
        event.bank_id,
        event.bank_ref,
        allocation.amount,
        request,
        allocation.joined,
        incoming=incoming,
    )


def _to_insurer(allocation: Allocation, request: RequestContext) -> StoredResponse:
    event, target = allocation.event, allocation.target
    _must_have_come(allocation)
    return deposits_money.allocate_of_insurer(
        target.id, target.part, event.bank_id, event.bank_ref, allocation.amount, request, allocation.joined
    )


def _as_it_came(
    receive: Callable[..., StoredResponse], allocation: Allocation, request: RequestContext
) -> StoredResponse:
    """To what takes a transfer as the bank told of it."""
    event, money = allocation.event, allocation.money
    _must_have_come(allocation)
    return receive(
        allocation.target.id,
        event.bank_id,
        event.bank_ref,
        money.amount_minor,
        money.currency,
        request,
        allocation.joined,
    )


def _to_claim(allocation: Allocation, request: RequestContext) -> StoredResponse:
    event, money = allocation.event, allocation.money
    _must_have_come(allocation)
    return claims_deciding.take_fee(
        allocation.target.id,
        event.bank_ref,
        money.amount_minor,
        money.currency,
        event.bank_id,
        request,
        allocation.joined,
    )


def _to_instruction(allocation: Allocation, request: RequestContext) -> StoredResponse:
    event = allocation.event
    return banks_operations.settle_from_suspense(
        allocation.target.id, allocation.money, event.bank_id, event.bank_ref, request, allocation.joined
    )


def _must_have_come(allocation: Allocation) -> None:
    if not allocation.money.incoming:
        raise NotForThat("A bank took or paid the money out.")


TAKERS: Final[dict[Taker, Callable[[Allocation, RequestContext], StoredResponse]]] = {
    "order": _to_order,
    "deposit": _to_deposit,
    "insurer": _to_insurer,
    "recovery": partial(_as_it_came, recoveries_commands.allocate),
    "claim": _to_claim,
    "member_claim": partial(_as_it_came, member_claims.receive),
    "instruction": _to_instruction,
}
"""Who takes money that an officer allocates. A kind of thing that money can be for is a line here and in `AllocateRequest`."""
