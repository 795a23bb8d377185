"""The sandbox's endpoints to a partner bank."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.banks.examples import PAYMENT
from chalicelib.banks.rules.inbox import EventIdReused
from chalicelib.sandbox import banks, partner_bank
from chalicelib.sandbox.banks import BankEventRequest, BankEventSent
from chalicelib.sandbox.partner_bank import BehaviourRequest, BehaviourView
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANYONE, Routes, read_json
from chalicelib.shared.request import RequestContext
from chalicelib.shared.settings import settings

routes = Routes(group="Sandbox")


@routes.raw(
    "/v1/sandbox/banks/{bank_id}/events",
    method="POST",
    request=BankEventRequest,
    response=BankEventSent,
    status=202,
    errors=[NotFound, EventIdReused],
    by=ANYONE,
    examples={"a payment": {"type": PAYMENT["type"], "data": PAYMENT["data"]}, "a ping": {"type": "ping"}},
)
def send_bank_event(bank_id: str, raw: bytes, headers: Mapping[str, str], request: RequestContext) -> StoredResponse:
    """Send ourselves a bank event, correctly signed."""
    if not settings().sandbox:
        raise NotFound("There is no such endpoint.")
    return banks.send(bank_id, read_json(raw, BankEventRequest), request)


@routes.command(
    "/v1/sandbox/banks/{bank_id}/behaviour",
    response=BehaviourView,
    by=ANYONE,
    errors=[NotFound],
    examples={
        "refuse one, then nothing": {"next": [{"does": "refuse", "reason": "account_closed"}, {"does": "fall_silent"}]},
        "settle less than it was told to": {"next": [{"moves": {"amount": "900.00", "currency": "USD"}}]},
        "as usual": {"next": []},
    },
)
def behave(bank_id: str, body: BehaviourRequest, request: RequestContext) -> StoredResponse:
    """Tell a bank what to do with the next instructions: accept, refuse, fall silent, or lose them."""
    return partner_bank.behave(bank_id, body, request)
