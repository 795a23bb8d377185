"""Simulations of calls on guarantors: what is assumed, and every call after each event."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from chalicelib.groups.rules.joint_liability import LiabilityMode
from chalicelib.guarantees.rules.member_claim import Kind as ClaimKind
from chalicelib.guarantees.rules.simulation import CallState, Kind, Step
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import BookDay
from chalicelib.shared.views import view_of

SeatNumber = Annotated[int, Meta(ge=1, le=99)]
Weight = Annotated[int, Meta(ge=0, le=10**15)]
MOST_CALLS: Final = 4
MOST_EVENTS: Final = 30
MOST_MEMBERS: Final = 10


class AssumedMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A member and its weight: its limit or what it owes itself, in whatever unit; 1 for each where all bear the same.

    `cap` is what it answers for at most over all calls; none where it is left out.
    """

    seat: SeatNumber
    """The number of a seat in the group."""
    weight: Weight = 1
    """What its share is measured by."""
    cap: Money | None = None
    """What it answers for at most."""


class AssumedCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The bank calls on the others for what the debtor owes, with interest and penalties."""

    on: BookDay
    debtor_seat: SeatNumber
    """The seat of the member that does not pay."""
    owed: Money
    """What it owes, with interest and penalties."""


class _OfCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: BookDay
    call: Annotated[int, Meta(ge=1, le=MOST_CALLS)] = 1
    """The call, by its number from 1."""


class AssumedFailure(_OfCall, frozen=True, kw_only=True, tag_field="kind", tag="guarantor_failed"):
    """A guarantor has not paid within the days of grace: the others front its part."""

    seat: SeatNumber
    """The seat of the guarantor."""


class AssumedPayment(_OfCall, frozen=True, kw_only=True, tag_field="kind", tag="guarantor_paid"):
    """A guarantor pays the bank, as much as it likes."""

    seat: SeatNumber
    """The seat of the guarantor."""
    money: Money
    """What it pays."""


class AssumedSettlement(_OfCall, frozen=True, kw_only=True, tag_field="kind", tag="claim_paid"):
    """One member pays another what it owes it because of a call; the debtor, too, may pay who stood in for it."""

    seat: SeatNumber
    """The seat of who pays."""
    to_seat: SeatNumber
    """The seat of who is paid."""
    money: Money
    """What it pays."""


class DebtorPayment(_OfCall, frozen=True, kw_only=True, tag_field="kind", tag="debtor_paid"):
    """The debtor pays the bank; what it pays beyond its debt is its own again."""

    money: Money
    """What it pays."""


class Accrual(_OfCall, frozen=True, kw_only=True, tag_field="kind", tag="accrued"):
    """Interest or a penalty comes on top."""

    money: Money
    """What comes on top."""


class ReserveUse(_OfCall, frozen=True, kw_only=True, tag_field="kind", tag="reserve_used"):
    """The group's reserve pays a part."""

    money: Money
    """What the reserve pays."""


AssumedEvent = AssumedPayment | AssumedFailure | DebtorPayment | Accrual | ReserveUse | AssumedSettlement


class CallSimulationRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who stands for one another, which loans are called on, and what happens then. Calls are numbered from 1 in the order of their dates.

    Of a group of yours, `group_id` says who they are and under which rule sheet: the one in force, else the one that is being signed. Then
    `members` are named only where the sheet weighs by what each owes, which nobody but each of them knows.
    """

    group_id: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    """A group whose members they are. Left out: `members` says who."""
    mode: LiabilityMode | None = None
    """`joint_capped` where nothing is said; of a group it is the rule sheet's."""
    members: Annotated[list[AssumedMember], Meta(max_length=MOST_MEMBERS)] = []
    """Who stands for one another."""
    calls: Annotated[list[AssumedCall], Meta(min_length=1, max_length=MOST_CALLS)]
    """The loans that are called on, numbered from 1."""
    events: Annotated[list[AssumedEvent], Meta(max_length=MOST_EVENTS)] = []
    """What happens then, in the order of dates."""


class SimulatedShareView(msgspec.Struct, frozen=True, kw_only=True):
    """One guarantor's part. `fair` is what it bears in the end, `to_front` what it has to have paid now because others fail, `due` what of that
    is still to be paid, `over` what it paid beyond its fair part, and `refund` what the bank gives back. `room` is what its cap leaves for this call.
    """

    seat: int
    has_failed: bool
    room: Money | None
    fair: Money
    to_front: Money
    paid: Money
    due: Money
    over: Money
    refund: Money


class SimulatedClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """What one seat owes another: a contribution, recourse against a member that failed, or recourse to the debtor for all that was borne."""

    from_seat: int
    to_seat: int
    kind: ClaimKind
    money: Money


class SimulatedCallView(msgspec.Struct, frozen=True, kw_only=True):
    """`net` = `due` + `shortfall` + `paid`, as long as nobody paid too much. `shortfall` is the pool's, then the bank's; `surplus` the debtor's."""

    call: int
    debtor_seat: int
    net: Money
    due: Money
    paid: Money
    shortfall: Money
    surplus: Money
    shares: list[SimulatedShareView]
    claims: list[SimulatedClaimView]


class SimulatedStepView(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and every call after it."""

    on: date
    kind: Kind
    call: int
    seat: int | None
    to_seat: int | None
    money: Money | None
    calls: list[SimulatedCallView]


class CallSimulationView(msgspec.Struct, frozen=True, kw_only=True):
    mode: LiabilityMode
    steps: list[SimulatedStepView]


def view(mode: LiabilityMode, steps: tuple[Step, ...], currency: str) -> CallSimulationView:
    return CallSimulationView(mode=mode, steps=[_step(step, currency) for step in steps])


def _step(step: Step, currency: str) -> SimulatedStepView:
    event = step.event
    return view_of(
        SimulatedStepView,
        event,
        currency,
        seat=event.seat or None,
        to_seat=event.to_seat or None,
        money=Money.of(event.minor, currency) if event.minor else None,
        calls=[_call(call, currency) for call in step.calls],
    )


def _call(state: CallState, currency: str) -> SimulatedCallView:
    shares, called = state.shares, state.called

    def money(minor: int) -> Money:
        return Money.of(minor, currency)

    return SimulatedCallView(
        call=state.number,
        debtor_seat=called.debtor_seat,
        net=money(max(0, called.net_minor)),
        due=money(sum(shares.bank_due.values())),
        paid=money(sum(called.paid.values())),
        shortfall=money(shares.shortfall),
        surplus=money(shares.surplus),
        shares=[
            SimulatedShareView(
                seat=seat,
                has_failed=seat in called.failed,
                room=money(state.room[seat]) if seat in state.room else None,
                fair=money(shares.fair.get(seat, 0)),
                to_front=money(shares.eff.get(seat, 0)),
                paid=money(called.paid.get(seat, 0)),
                due=money(shares.bank_due.get(seat, 0)),
                over=money(shares.over.get(seat, 0)),
                refund=money(shares.refund.get(seat, 0)),
            )
            for seat in sorted(shares.fair.keys() | called.paid.keys())
        ],
        claims=[
            SimulatedClaimView(
                from_seat=claim.debtor, to_seat=claim.creditor, kind=claim.kind, money=money(claim.minor)
            )
            for claim in state.claims
        ],
    )
