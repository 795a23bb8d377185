"""The endpoint that plays calls on guarantors through."""

from __future__ import annotations

from chalicelib.guarantees.examples import CALL_SIMULATION
from chalicelib.guarantees.rules import simulation
from chalicelib.guarantees.service import simulations as service
from chalicelib.guarantees.service.simulations import OtherCurrency
from chalicelib.guarantees.views.simulations import CallSimulationRequest, CallSimulationView
from chalicelib.shared.errors import NotFound
from chalicelib.shared.http import ANY_DUTY, BANK, MEMBER, OFFICER, Routes
from chalicelib.shared.request import RequestContext

routes = Routes(group="Guarantees")


@routes.query(
    "/v1/guarantee-call-simulations",
    by=MEMBER | BANK | OFFICER.with_duty(*ANY_DUTY),
    errors=[
        NotFound,
        OtherCurrency,
        simulation.MembersMissing,
        simulation.MembersKnown,
        simulation.SeatTwice,
        simulation.UnknownSeat,
        simulation.EventBeforeCall,
        simulation.DebtorIsNoGuarantor,
        simulation.PaysItself,
    ],
    examples={"one fails, the debtor pays late": CALL_SIMULATION},
)
def simulate_calls(body: CallSimulationRequest, request: RequestContext) -> CallSimulationView:
    """What each member would bear, front, owe and claim, step by step, as a call works it out. Nothing is kept."""
    return service.simulate(body, request)
