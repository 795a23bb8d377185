"""The sandbox's doors to a partner bank."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.banks.examples import PAYMENT
from chalicelib.banks.rules.inbox import EventIdReused
from chalicelib.sandbox import banks, partner_bank
from chalicelib.sandbox.banks import BankEventAsked, BankEventSent
from chalicelib.sandbox.partner_bank import BehaviourAsked, BehaviourView
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import ANYONE, Routes, read_json
from chalicelib.shared.refusal import NotFound
from chalicelib.shared.request import Request
from chalicelib.shared.settings import settings

routes = Routes(group="Sandbox")


@routes.raw(
    "/v1/sandbox/banks/{bank_id}/events",
    method="POST",
    asks=BankEventAsked,
    answers=BankEventSent,
    status=202,
    refuses=[NotFound, EventIdReused],
    by=ANYONE,
    examples={"a payment": {"type": PAYMENT["type"], "data": PAYMENT["data"]}, "a ping": {"type": "ping"}},
)
def send_bank_event(bank_id: str, raw: bytes, headers: Mapping[str, str], request: Request) -> Answer:
    """Send ourselves a bank event, correctly signed."""
    if not settings().sandbox:
        raise NotFound("There is no such door here.")
    return banks.send(bank_id, read_json(raw, BankEventAsked), request)


@routes.command(
    "/v1/sandbox/banks/{bank_id}/behaviour",
    asks=BehaviourAsked,
    answers=BehaviourView,
    by=ANYONE,
    refuses=[NotFound],
    examples={
        "refuse one, then nothing": {"next": [{"does": "refuse", "reason": "account_closed"}, {"does": "fall_silent"}]},
        "settle less than it was told to": {"next": [{"moves": {"amount": "900.00", "currency": "USD"}}]},
        "as usual": {"next": []},
    },
)
def behave(bank_id: str, asked: BehaviourAsked, request: Request) -> Answer:
    """Tell a bank what to do with the next instructions: accept, refuse, fall silent, or lose them."""
    return partner_bank.behave(bank_id, asked, request)
