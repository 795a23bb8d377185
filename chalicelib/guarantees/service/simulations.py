"""Calls on guarantors played through before they happen. Nothing is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, cast

from chalicelib.credit.rules.position import CNY
from chalicelib.groups.rules.joint_liability import LiabilityMode, WeightBasis
from chalicelib.groups.rules.rule_sheet import SeatTerms
from chalicelib.groups.service import sheets
from chalicelib.guarantees.rules import simulation
from chalicelib.guarantees.rules.member_claim import Policy
from chalicelib.guarantees.rules.simulation import Event, Kind, Member, MembersKnown, MembersMissing
from chalicelib.guarantees.views.simulations import CallSimulationRequest, CallSimulationView, view
from chalicelib.shared import policies
from chalicelib.shared.errors import NotFound, RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.periods import business_date
from chalicelib.shared.request import RequestContext
from chalicelib.shared.texts import say
from chalicelib.shared.views import view_of

LEAST_MEMBERS: Final = 2


class OtherCurrency(RuleViolation):
    code = "simulation_other_currency"
    title = "Loans that a group stands for are in CNY."
    fix = "Name amounts in CNY."


def simulate(body: CallSimulationRequest, request: RequestContext) -> CallSimulationView:
    """Every call after each event. OtherCurrency, SeatTwice, UnknownSeat, EventBeforeCall, DebtorIsNoGuarantor, PaysItself."""

    def minor(money: Money, param: str, least: int = 1) -> int:
        if money.currency != CNY:
            raise OtherCurrency(say("{currency} is not CNY.", currency=money.currency), param=f"{param}.currency")
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

    mode, members = _of_group(body, request) if body.group_id else (body.mode or "joint_capped", _assumed(body, minor))
    happening = list(events())
    simulation.require_coherent(members, happening)
    least_claim = policies.in_force("member-claims", business_date(request.now)).read_as(Policy).least_minor
    return view(mode, simulation.simulate(members, mode, happening, least_claim_minor=least_claim), CNY)


def _assumed(body: CallSimulationRequest, minor: Callable[[Money, str, int], int]) -> list[Member]:
    if len(body.members) < LEAST_MEMBERS:
        raise MembersMissing("One member alone stands for nobody.", param="members", minimum=LEAST_MEMBERS)
    return [
        Member(
            seat=each.seat,
            weight=each.weight,
            cap_minor=minor(each.cap, f"members[{number}].cap", 0) if each.cap else None,
        )
        for number, each in enumerate(body.members)
    ]


def _of_group(body: CallSimulationRequest, request: RequestContext) -> tuple[LiabilityMode, list[Member]]:
    """The members by the rule sheet. NotFound of a group that is not the caller's, or has no sheet yet."""
    sheet = sheets.current(str(body.group_id), request)
    if sheet is None:
        raise NotFound(say("{group_id!r:.70} has no rule sheet yet.", group_id=body.group_id), param="group_id")
    owed = {each.seat: each.weight for each in body.members}
    by_owed = sheet.weight_basis == "outstanding"
    if body.mode or (owed and not by_owed):
        raise MembersKnown(
            say("The sheet weighs by {weight_basis}.", weight_basis=sheet.weight_basis),
            param="members" if owed else "mode",
        )
    if by_owed and not owed.keys() >= {each.seat for each in sheet.seats}:
        raise MembersMissing(
            "The sheet weighs by what each owes.", param="members", seats=[each.seat for each in sheet.seats]
        )
    weights: dict[WeightBasis, Callable[[SeatTerms], int]] = {
        "limit": lambda terms: terms.limit_minor,
        "equal": lambda terms: 1,
        "outstanding": lambda terms: owed[terms.seat],
    }
    weigh = weights[sheet.weight_basis]
    return sheet.mode, [Member(seat=each.seat, weight=weigh(each), cap_minor=each.cap_minor) for each in sheet.seats]
