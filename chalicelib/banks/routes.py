"""The door banks knock on, and the inbox as officers see it."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.banks import service
from chalicelib.banks.examples import PAYMENT
from chalicelib.banks.rules import BadSignature, EventIdReused
from chalicelib.banks.views import BankEventsQuery, BankEventTaken, BankEventView, Envelope
from chalicelib.identity.authorizer import signed_in
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.pages import Page
from chalicelib.shared.request import Request

routes = Routes(__name__, signed_in, group="Banks")


@routes.raw(
    "/v1/webhooks/banks/{bank_id}",
    method="POST",
    asks=Envelope,
    answers=BankEventTaken,
    status=202,
    refuses=[BadSignature, EventIdReused],
    headers=("webhook-id", "webhook-timestamp", "webhook-signature"),
    public=True,
    examples={"a payment": PAYMENT},
)
def receive(bank_id: str, raw: bytes, headers: Mapping[str, str], request: Request) -> Answer:
    """A bank's event, signed as Standard Webhooks 1.0 says."""
    return service.receive(bank_id, headers, raw, request)


@routes.read("/v1/bank-events", query=BankEventsQuery, answers=Page[BankEventView], by=OFFICER)
def bank_events(query: BankEventsQuery, request: Request) -> Page[BankEventView]:
    """Bank events that somebody has to look at, oldest first."""
    return service.listed(query, request)


@routes.read("/v1/bank-events/{event_id}", answers=BankEventView, by=OFFICER)
def bank_event(event_id: str, request: Request) -> BankEventView:
    """One bank event, with the message as the bank signed it."""
    return service.shown(event_id, request)
