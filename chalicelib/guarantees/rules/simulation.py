"""What calls on guarantors would come to: who fails, what the debtor pays, and when, step by step. Pure.

The shares are those of `joint_liability` and the claims those of `between_members`: the functions that calls themselves use. A debtor that is
called on is in no other call from then on; what it had paid on one stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec
from msgspec.structs import replace

from chalicelib.groups.rules import joint_liability
from chalicelib.groups.rules.joint_liability import LiabilityMode, Shares
from chalicelib.guarantees.rules.between_members import CallFacts, Owed, Pair, owed_between
from chalicelib.shared.errors import RuleViolation
from chalicelib.shared.texts import say

Kind = Literal["called", "guarantor_paid", "guarantor_failed", "debtor_paid", "accrued", "reserve_used", "claim_paid"]
"""`accrued` is interest that came later; `claim_paid` is what one member paid another, through us."""


class MembersMissing(RuleViolation):
    code = "members_missing"
    title = "Who stands for one another was not said."
    fix = "Name two members or more, or a group of yours as `group_id`; of one that weighs by what each owes both."


class MembersKnown(RuleViolation):
    code = "members_known"
    title = "The rule sheet says who stands for one another, and how."
    fix = "Leave out `members` and `mode`, or `group_id`."


class SeatTwice(RuleViolation):
    code = "seat_twice"
    title = "Each member has a seat of its own."
    fix = "Name each seat once among the members."


class UnknownSeat(RuleViolation):
    code = "unknown_seat"
    title = "Nobody has that seat."
    fix = "Name one of `seats`."


class EventBeforeCall(RuleViolation):
    code = "event_before_call"
    title = "Nothing happens to a call before it is opened."
    fix = "Give the event a date from the call's own on, and the number of a call of the request, from 1."


class DebtorIsNoGuarantor(RuleViolation):
    code = "debtor_is_no_guarantor"
    title = "A debtor does not stand for its own loan."
    fix = "What the debtor pays is `debtor_paid`; guarantors are the other seats."


class PaysItself(RuleViolation):
    code = "pays_itself"
    title = "A claim is paid from one member to another."
    fix = "Name another seat as `to_seat`."


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who stands for the others: its weight, and what it answers for at most over all calls."""

    seat: int
    weight: int
    cap_minor: int | None = None


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happens to a call, which are numbered from 1 in the order of `called`. `seat` is who pays, fails, or is called on.

    `to_seat` is whom a claim is paid to.
    """

    on: date
    kind: Kind
    call: int
    seat: int = 0
    to_seat: int = 0
    minor: int = 0


class Called(msgspec.Struct, frozen=True, kw_only=True):
    """The facts of one call so far. `settled` is what members paid one another."""

    debtor_seat: int
    net_minor: int = 0
    paid: Mapping[int, int] = {}
    failed: frozenset[int] = frozenset()
    settled: Mapping[Pair, int] = {}


class CallState(msgspec.Struct, frozen=True, kw_only=True):
    """One call after an event, worked out: `room` is what the caps leave for it."""

    number: int
    called: Called
    room: Mapping[int, int]
    shares: Shares
    claims: tuple[Owed, ...]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """An event, and every call after it."""

    event: Event
    calls: tuple[CallState, ...]


def simulate(
    members: Sequence[Member], mode: LiabilityMode, events: Sequence[Event], *, least_claim_minor: int = 1
) -> tuple[Step, ...]:
    """Every event in its turn. The events are coherent."""
    calls: tuple[Called, ...] = ()
    steps = []
    for event in in_turn(events):
        calls = _after(calls, event)
        steps.append(Step(event=event, calls=tuple(_worked_out(members, mode, calls, least_claim_minor))))
    return tuple(steps)


def in_turn(events: Sequence[Event]) -> list[Event]:
    """By date; on one date calls are opened before anything happens to them."""
    return sorted(events, key=lambda event: (event.on, event.kind != "called"))


def require_coherent(members: Sequence[Member], events: Sequence[Event]) -> None:
    """Refuse by name what cannot happen: seats nobody has, a debtor that guarantees itself, events before their call."""
    seats = [member.seat for member in members]
    if len(set(seats)) < len(seats):
        raise SeatTwice("Two members have one seat.", param="members", seats=sorted(seats))
    debtors: list[int] = []
    for event in in_turn(events):
        if event.kind == "called":
            debtors.append(event.seat)
        elif event.call > len(debtors):
            raise EventBeforeCall(
                say("Call {call} is not open on {on}.", call=event.call, on=event.on),
                param="events",
                on=event.on.isoformat(),
            )
        _require_seats(event, seats, debtors[event.call - 1])


def _require_seats(event: Event, seats: Sequence[int], debtor: int) -> None:
    named = {seat for seat in (event.seat, event.to_seat) if seat}
    if named - {*seats}:
        raise UnknownSeat(
            say("{kind} names {named}.", kind=event.kind, named=sorted(named - {*seats})),
            param="members",
            seats=sorted(seats),
        )
    if event.kind in ("guarantor_paid", "guarantor_failed") and event.seat == debtor:
        raise DebtorIsNoGuarantor(
            say("Seat {debtor} is the debtor of call {call}.", debtor=debtor, call=event.call),
            param="events",
            seat=debtor,
        )
    if event.kind == "claim_paid" and event.seat == event.to_seat:
        raise PaysItself(say("Seat {seat} pays itself.", seat=event.seat), param="events", seat=event.seat)


def _after(calls: tuple[Called, ...], event: Event) -> tuple[Called, ...]:
    if event.kind == "called":
        return (*calls, Called(debtor_seat=event.seat, net_minor=event.minor))
    changed = _changed(calls[event.call - 1], event)
    return (*calls[: event.call - 1], changed, *calls[event.call :])


def _changed(call: Called, event: Event) -> Called:
    match event.kind:
        case "guarantor_paid":
            return replace(call, paid={**call.paid, event.seat: call.paid.get(event.seat, 0) + event.minor})
        case "guarantor_failed":
            return replace(call, failed=call.failed | {event.seat})
        case "claim_paid":
            pair = (event.seat, event.to_seat)
            return replace(call, settled={**call.settled, pair: call.settled.get(pair, 0) + event.minor})
        case "accrued":
            return replace(call, net_minor=call.net_minor + event.minor)
        case _:
            return replace(call, net_minor=call.net_minor - event.minor)


def _worked_out(
    members: Sequence[Member], mode: LiabilityMode, calls: Sequence[Called], least_claim_minor: int
) -> Iterator[CallState]:
    debtors = {call.debtor_seat for call in calls}
    weights = {member.seat: member.weight for member in members if member.seat not in debtors}
    caps = {member.seat: member.cap_minor for member in members if member.cap_minor is not None}
    facts = [joint_liability.Call(call.net_minor, weights, call.paid, call.failed, mode) for call in calls]
    worked_out = zip(calls, facts, joint_liability.in_order(facts, caps), strict=True)
    for number, (call, fact, (room, shares)) in enumerate(worked_out, 1):
        of_call = CallFacts(call=fact, caps=room, debtor_seat=call.debtor_seat)
        claims = owed_between(of_call, call.settled, least_claim_minor)
        yield CallState(number=number, called=call, room=room, shares=shares, claims=claims)
