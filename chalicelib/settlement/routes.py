"""The doors through which suspended money leaves."""

from __future__ import annotations

from chalicelib.banks.rules import NotSuspended
from chalicelib.banks.views import BankEventView
from chalicelib.identity.authorizer import signed_in
from chalicelib.settlement import service
from chalicelib.settlement.examples import TO_DEPOSIT, TO_ORDER
from chalicelib.settlement.rules import NotForADeposit
from chalicelib.settlement.views import AllocateAsked
from chalicelib.shared.commit import Answer
from chalicelib.shared.http import OFFICER, Routes
from chalicelib.shared.request import Request

routes = Routes(__name__, signed_in, group="Banks")


@routes.command(
    "/v1/bank-events/{event_id}/allocate",
    asks=AllocateAsked,
    answers=BankEventView,
    by=OFFICER.with_duty("payments"),
    refuses=[NotSuspended, NotForADeposit],
    examples={"an order's": TO_ORDER, "a deposit's": TO_DEPOSIT},
)
def allocate(event_id: str, asked: AllocateAsked, request: Request) -> Answer:
    """Say which order or whose deposit suspended money is for; it is taken there, or returns to suspense with the reason."""
    return service.allocate(event_id, asked, request)


@routes.command(
    "/v1/bank-events/{event_id}/return", answers=BankEventView, by=OFFICER.with_duty("payments"), refuses=[NotSuspended]
)
def give_back(event_id: str, request: Request) -> Answer:
    """Owe suspended money back to its remitter."""
    return service.give_back(event_id, request)
