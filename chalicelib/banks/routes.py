"""The endpoint that banks call, the inbox as officers see it, and what banks are told to do."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.banks.examples import ACCOUNT, BY_HAND, CAPTURED, PAYMENT, REFUNDED, THROUGH
from chalicelib.banks.rules.inbox import EventIdReused
from chalicelib.banks.rules.instruction import TooManyAttempts
from chalicelib.banks.rules.partners import CurrencyNotPayable, NotAPartner
from chalicelib.banks.rules.references import ReferenceUsed
from chalicelib.banks.rules.transitions import NotInThisState
from chalicelib.banks.service import inbox, operations
from chalicelib.banks.views.inbox import BankEventAccepted, BankEventsQuery, BankEventView, Envelope
from chalicelib.banks.views.outbox import AccountRequest, InstructionsQuery, InstructionView, SettledRequest
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.shared.webhooks import BadSignature

routes = Routes(group="Banks", response=InstructionView)


@routes.raw(
    "/v1/webhooks/banks/{bank_id}",
    method="POST",
    request=Envelope,
    response=BankEventAccepted,
    status=202,
    errors=[BadSignature, EventIdReused],
    headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
    public=True,
    examples={"a payment": PAYMENT, "a refund": REFUNDED},
)
def receive(bank_id: str, raw: bytes, headers: Mapping[str, str], request: RequestContext) -> StoredResponse:
    """A bank's event, signed as Standard Webhooks 1.0 says."""
    return inbox.receive(bank_id, headers, raw, request)


@routes.raw(
    "/v1/webhooks/acquirers/{acquirer_id}",
    method="POST",
    request=Envelope,
    response=BankEventAccepted,
    status=202,
    errors=[BadSignature, EventIdReused],
    headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
    public=True,
    examples={"a capture": CAPTURED},
)
def receive_of_acquirer(
    acquirer_id: str, raw: bytes, headers: Mapping[str, str], request: RequestContext
) -> StoredResponse:
    """An acquirer's event, signed as Standard Webhooks 1.0 says: kept, ordered, parked and set aside as a bank's is."""
    return inbox.receive(acquirer_id, headers, raw, request)


@routes.read("/v1/bank-events", by=BANK | OFFICER.with_duty(*ANY_DUTY))
def bank_events(query: BankEventsQuery, request: RequestContext) -> Page[BankEventView]:
    """Bank events that somebody has to look at, oldest first; a bank sees its own."""
    return inbox.listed(query, request)


@routes.read("/v1/bank-events/{event_id}", by=BANK | OFFICER.with_duty(*ANY_DUTY))
def bank_event(event_id: str, request: RequestContext) -> BankEventView:
    """One bank event, with the message as the bank signed it."""
    return inbox.shown(event_id, request)


@routes.read("/v1/bank-instructions", by=OFFICER.with_duty(*ANY_DUTY))
def instructions(query: InstructionsQuery, request: RequestContext) -> Page[InstructionView]:
    """What banks are told to do: of one status, or of one order, supplier or bank event."""
    return operations.instructions(query, request)


@routes.read("/v1/bank-instructions/{instruction_id}", by=MEMBER | OFFICER.with_duty(*ANY_DUTY))
def instruction(instruction_id: str, request: RequestContext) -> InstructionView:
    """One instruction with every attempt, for officers and whoever gets or gives the money."""
    return operations.instruction(instruction_id, request)


@routes.command(
    "/v1/bank-instructions/{instruction_id}/account",
    by=MEMBER,
    errors=[NotInThisState, TooManyAttempts],
    examples={"another account": ACCOUNT},
)
def give_account(instruction_id: str, body: AccountRequest, request: RequestContext) -> StoredResponse:
    """As its party, name another account, where the bank could not use the first."""
    return operations.give_account(instruction_id, body, request)


@routes.command(
    "/v1/bank-instructions/{instruction_id}/retry",
    by=OFFICER.with_duty("payments"),
    errors=[NotInThisState, TooManyAttempts],
)
def retry(instruction_id: str, request: RequestContext) -> StoredResponse:
    """Have it tried again now; where an attempt is unclear, the bank is asked about it first."""
    return operations.retry(instruction_id, request)


@routes.command(
    "/v1/bank-instructions/{instruction_id}/settle-by-hand",
    by=OFFICER.with_duty("payments"),
    errors=[NotInThisState, ReferenceUsed, NotAPartner, CurrencyNotPayable],
    examples={"by telephone": BY_HAND, "by bank transfer, of an acquirer's refund": THROUGH},
)
def settle_manually(instruction_id: str, body: SettledRequest, request: RequestContext) -> StoredResponse:
    """Book money as moved, with the bank's own reference for it."""
    return operations.settle_manually(instruction_id, body, request)
