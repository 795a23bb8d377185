"""The doors through which suspended money leaves."""

from __future__ import annotations

from chalicelib.banks.rules import NotSuspended
from chalicelib.banks.views import BankEventView
from chalicelib.identity.authorizer import signed_in
from chalicelib.settlement import service
from chalicelib.settlement.views import AllocateAsked
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.request import Request

routes = Routes(__name__, signed_in, group="Banks")


@routes.command(
    "/v1/bank-events/{event_id}/allocate", asks=AllocateAsked, answers=BankEventView, by=OFFICER, refuses=[NotSuspended]
)
def allocate(event_id: str, asked: AllocateAsked, request: Request) -> Answer:
    """Say which order suspended money is for; the order takes it, or it returns to suspense with the order's reason."""
    return service.allocate(event_id, asked.order_id, request)


@routes.command("/v1/bank-events/{event_id}/return", answers=BankEventView, by=OFFICER, refuses=[NotSuspended])
def give_back(event_id: str, request: Request) -> Answer:
    """Owe suspended money back to its remitter."""
    return service.give_back(event_id, request)
