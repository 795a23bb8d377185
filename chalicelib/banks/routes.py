"""The door banks knock on, the inbox as officers see it, and what banks are told to do."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.banks.examples import ACCOUNT, BY_HAND, PAYMENT, REFUNDED
from chalicelib.banks.rules.inbox import EventIdReused
from chalicelib.banks.rules.instruction import TooManyAttempts
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.transitions import NotInThisState
from chalicelib.banks.service import desk, inbox
from chalicelib.banks.views.inbox import BankEventsQuery, BankEventTaken, BankEventView, Envelope
from chalicelib.banks.views.outbox import AccountAsked, InstructionsQuery, InstructionView, SettledAsked
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import ANY_DUTY, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import Request
from chalicelib.shared.webhooks import BadSignature

routes = Routes(group="Banks")


@routes.raw(
    "/v1/webhooks/banks/{bank_id}",
    method="POST",
    asks=Envelope,
    answers=BankEventTaken,
    status=202,
    refuses=[BadSignature, EventIdReused],
    headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
    public=True,
    examples={"a payment": PAYMENT, "a refund": REFUNDED},
)
def receive(bank_id: str, raw: bytes, headers: Mapping[str, str], request: Request) -> Answer:
    """A bank's event, signed as Standard Webhooks 1.0 says."""
    return inbox.receive(bank_id, headers, raw, request)


@routes.read("/v1/bank-events", query=BankEventsQuery, answers=Page[BankEventView], by=OFFICER.with_duty(*ANY_DUTY))
def bank_events(query: BankEventsQuery, request: Request) -> Page[BankEventView]:
    """Bank events that somebody has to look at, oldest first."""
    return inbox.listed(query, request)


@routes.read("/v1/bank-events/{event_id}", answers=BankEventView, by=OFFICER.with_duty(*ANY_DUTY))
def bank_event(event_id: str, request: Request) -> BankEventView:
    """One bank event, with the message as the bank signed it."""
    return inbox.shown(event_id, request)


@routes.read(
    "/v1/bank-instructions", query=InstructionsQuery, answers=Page[InstructionView], by=OFFICER.with_duty(*ANY_DUTY)
)
def instructions(query: InstructionsQuery, request: Request) -> Page[InstructionView]:
    """What banks are told to do: of one status, or of one order, supplier or bank event."""
    return desk.instructions(query, request)


@routes.read(
    "/v1/bank-instructions/{instruction_id}", answers=InstructionView, by=MEMBER | OFFICER.with_duty(*ANY_DUTY)
)
def instruction(instruction_id: str, request: Request) -> InstructionView:
    """One instruction with every attempt, for officers and whoever gets or gives the money."""
    return desk.instruction(instruction_id, request)


@routes.command(
    "/v1/bank-instructions/{instruction_id}/account",
    asks=AccountAsked,
    answers=InstructionView,
    by=MEMBER,
    refuses=[NotInThisState, TooManyAttempts],
    examples={"another account": ACCOUNT},
)
def give_account(instruction_id: str, asked: AccountAsked, request: Request) -> Answer:
    """As its party, name another account, where the bank could not use the first."""
    return desk.give_account(instruction_id, asked, request)


@routes.command(
    "/v1/bank-instructions/{instruction_id}/retry",
    answers=InstructionView,
    by=OFFICER.with_duty("payments"),
    refuses=[NotInThisState, TooManyAttempts],
)
def retry(instruction_id: str, request: Request) -> Answer:
    """Have it tried again now; where an attempt is unclear, the bank is asked about it first."""
    return desk.retry(instruction_id, request)


@routes.command(
    "/v1/bank-instructions/{instruction_id}/settle-by-hand",
    asks=SettledAsked,
    answers=InstructionView,
    by=OFFICER.with_duty("payments"),
    refuses=[NotInThisState, ReferenceUsed],
    examples={"by telephone": BY_HAND},
)
def settle_by_hand(instruction_id: str, asked: SettledAsked, request: Request) -> Answer:
    """Book money as moved, with the bank's own reference for it."""
    return desk.settle_by_hand(instruction_id, asked, request)
