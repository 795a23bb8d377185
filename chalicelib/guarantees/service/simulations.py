"""Calls on guarantors played through before they happen. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from chalicelib.credit.rules.position import CNY
from chalicelib.guarantees.rules import simulation
from chalicelib.guarantees.rules.member_claim import Policy
from chalicelib.guarantees.rules.simulation import Event, Kind, Member
from chalicelib.guarantees.views.simulations import CallSimulationRequest, CallSimulationView, view
from chalicelib.shared import policies
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.views import view_of


class OtherCurrency(RuleViolation):
    code = "simulation_other_currency"
    title = "Loans that a group stands for are in CNY."
    fix = "Name amounts in CNY."


def simulate(body: CallSimulationRequest, request: RequestContext) -> CallSimulationView:
    """Every call after each event. OtherCurrency, SeatTwice, UnknownSeat, EventBeforeCall, DebtorIsNoGuarantor, PaysItself."""

    def minor(money: Money, param: str, least: int = 1) -> int:
        if money.currency != CNY:
            raise OtherCurrency(f"{money.currency} is not CNY.", param=f"{param}.currency")
        return money.minor(param=f"{param}.amount", least=least)

    def events() -> Iterator[Event]:
        by_date = sorted(enumerate(body.calls), key=lambda each: each[1].on)
        for call_number, (number, call) in enumerate(by_date, 1):
            owed = minor(call.owed, f"calls[{number}].owed")
            yield Event(on=call.on, kind="called", call=call_number, seat=call.debtor_seat, minor=owed)
        for number, event in enumerate(body.events):
            kind = cast(Kind, event.__struct_config__.tag)
            money = getattr(event, "money", None)
            yield view_of(Event, event, kind=kind, minor=minor(money, f"events[{number}].money") if money else 0)

    members = [
        Member(
            seat=each.seat,
            weight=each.weight,
            cap_minor=minor(each.cap, f"members[{number}].cap", least=0) if each.cap else None,
        )
        for number, each in enumerate(body.members)
    ]
    happening = list(events())
    simulation.require_coherent(members, happening)
    least_claim = policies.in_force("member-claims", business_date(request.now)).read_as(Policy).least_minor
    return view(body.mode, simulation.simulate(members, body.mode, happening, least_claim_minor=least_claim), CNY)
