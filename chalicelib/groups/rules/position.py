"""What is drawn of a group's cap, seat by seat: the numbers that draws of all its members contend for. Pure.

    used = pending + outstanding, of all seats together, at most the cap; of each seat, at most its own limit

A position also keeps the terms under which there are draws at present, which every change of the group that touches them writes in the same
commit: a draw that was decided under other terms fails. Loans move it by `MoveInGroup`, in one transaction with line and exposure.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final

import msgspec
from msgspec.structs import replace

from chalicelib.groups.rules.group import ENDS, GOOD, MOST_SEATS, Group
from chalicelib.groups.rules.guarantee import Guarantee
from chalicelib.ledger.rules.chart import GROUP_DRAWN, GROUP_OUTSTANDING, GROUP_PENDING
from chalicelib.shared.bounds import most
from chalicelib.shared.errors import Conflict
from chalicelib.shared.journal import Posting, transfer
from chalicelib.shared.money import Money
from chalicelib.shared.state_machine import Effect
from chalicelib.shared.texts import say

CNY: Final = "CNY"


class GateNotReached(Conflict):
    code = "draw_gate_not_reached"
    title = "Another seat has to pay punctually first."
    fix = "Wait until the seat `after` has made `needed` punctual payments, or agree another rule sheet."


class GroupLimitExceeded(Conflict):
    code = "group_limit_exceeded"
    title = "The group's cap, or the seat's own limit, does not suffice."
    fix = "Draw at most `maximum`, or wait for repayments."


class SeatPosition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One seat's draws under way, its principal, how many loans are not over, and how many instalments it has paid punctually."""

    number: int
    pending_minor: int = 0
    outstanding_minor: int = 0
    loans: int = 0
    punctual: int = 0

    @property
    def used_minor(self) -> int:
        return self.pending_minor + self.outstanding_minor


class DrawTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Under what a group's members may draw: whether at all, which seats are held, and the rule sheet in force."""

    is_open: bool = False
    held: Annotated[tuple[int, ...], most(MOST_SEATS)] = ()
    sheet_sha256: str = ""


class GroupPosition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One group's. `guaranteed_until` is the last day of the guarantee period that ends last."""

    group_id: str
    version: int = 0
    terms: DrawTerms = DrawTerms()
    seats: Annotated[tuple[SeatPosition, ...], most(MOST_SEATS)] = ()
    guaranteed_until: date | None = None

    @property
    def used_minor(self) -> int:
        return sum(each.used_minor for each in self.seats)

    @property
    def owing(self) -> frozenset[int]:
        """The seats that have loans which are not over, or draws under way."""
        return frozenset(each.number for each in self.seats if each.loans)

    def seat(self, number: int) -> SeatPosition:
        return next((each for each in self.seats if each.number == number), SeatPosition(number=number))


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """A seat draws when another has made so many punctual payments."""

    after: int
    needed: int


class DrawingSeat(msgspec.Struct, frozen=True, kw_only=True):
    """A member as it draws in its group now: the guarantee that its loan is pinned to, and what the draw has to keep to.

    `repayment_days` of a month are those on which the members have agreed to repay; the bank makes its schedule of them.
    """

    guarantee: Guarantee
    product_id: str
    terms: DrawTerms
    group_limit_minor: int
    seat_limit_minor: int
    gate: Gate | None
    repayment_days: tuple[int, ...] = ()


class GroupEffect(Effect, frozen=True, kw_only=True):
    group_id: str

    @property
    def target(self) -> str:
        return self.group_id

    def applied_to(self, was: GroupPosition) -> GroupPosition:
        raise NotImplementedError

    def is_outdated(self, was: GroupPosition) -> bool:
        """Whether it was decided on something else than what is there now: then it is decided again."""
        return False


class SetDrawTerms(GroupEffect, frozen=True, kw_only=True):
    """The group has changed, and with it under what its members may draw. Seats that have `left`, or ask to, owe nothing at the moment of writing."""

    terms: DrawTerms
    left: frozenset[int] = frozenset()

    def applied_to(self, was: GroupPosition) -> GroupPosition:
        return replace(was, terms=self.terms)

    def is_outdated(self, was: GroupPosition) -> bool:
        return bool(self.left & was.owing)


class MoveInGroup(GroupEffect, frozen=True, kw_only=True):
    """What one seat's loan has come to: by how much each number grows."""

    seat: int
    pending_minor: int = 0
    outstanding_minor: int = 0
    loans: int = 0
    punctual: int = 0
    guaranteed_until: date | None = None

    @property
    def postings(self) -> tuple[Posting, ...]:
        moves = ((GROUP_PENDING, self.pending_minor), (GROUP_OUTSTANDING, self.outstanding_minor))
        return tuple(posting for account, minor in moves for posting in self._booked(account, minor))

    def applied_to(self, was: GroupPosition) -> GroupPosition:
        before = was.seat(self.seat)
        after = replace(
            before,
            pending_minor=before.pending_minor + self.pending_minor,
            outstanding_minor=before.outstanding_minor + self.outstanding_minor,
            loans=before.loans + self.loans,
            punctual=before.punctual + self.punctual,
        )
        assert min(after.pending_minor, after.outstanding_minor, after.loans, after.punctual) >= 0, (
            f"{self} takes more than is there: {before}"
        )
        others = (each for each in was.seats if each.number != self.seat)
        days = [day for day in (was.guaranteed_until, self.guaranteed_until) if day]
        return replace(
            was,
            seats=tuple(sorted((*others, after), key=lambda each: each.number)),
            guaranteed_until=max(days, default=None),
        )

    def _booked(self, account: str, minor: int) -> tuple[Posting, ...]:
        place, contra = (account, self.group_id), (GROUP_DRAWN, self.group_id)
        if minor >= 0:
            return transfer(minor, CNY, debit_to=place, credit_to=contra)
        return transfer(-minor, CNY, debit_to=contra, credit_to=place)


class DrawInGroup(MoveInGroup, frozen=True, kw_only=True):
    """A draw is asked for: refused by name where gate, seat or group does not have it at the moment of writing."""

    drawing: DrawingSeat

    def applied_to(self, was: GroupPosition) -> GroupPosition:
        _require_gate(self.drawing.gate, was)
        used = was.seat(self.seat).used_minor
        free = min(self.drawing.group_limit_minor - was.used_minor, self.drawing.seat_limit_minor - used)
        if self.pending_minor > free:
            raise _exceeded(self.pending_minor, max(0, free))
        return super().applied_to(was)

    def is_outdated(self, was: GroupPosition) -> bool:
        return self.drawing.terms != was.terms


def draw_terms(group: Group) -> DrawTerms:
    """Under what the members of a group may draw."""
    held = tuple(seat.number for seat in group.bound if seat.status not in GOOD or seat.number in group.leaving)
    return DrawTerms(is_open=group.takes_draws, held=held, sheet_sha256=group.sheet_sha256)


def changed_terms(was: Group, group: Group) -> tuple[Effect, ...]:
    """What a change of a group does to its position: nothing until it is sealed, or where draws are as they were and nobody leaves.

    Whoever is to leave draws nothing from the proposal on, and owes nothing at that moment: so it owes nothing when the bank agrees.
    """
    bound = {seat.number for seat in group.bound} if group.status not in ENDS else set[int]()
    left = (frozenset(seat.number for seat in was.bound) - bound) | (group.leaving - was.leaving)
    is_as_before = was.sealed_at and draw_terms(was) == draw_terms(group) and not left
    if group.sealed_at is None or is_as_before:
        return ()
    return (SetDrawTerms(group_id=group.id, terms=draw_terms(group), left=left),)


def _require_gate(gate: Gate | None, position: GroupPosition) -> None:
    if gate and position.seat(gate.after).punctual < gate.needed:
        punctual = position.seat(gate.after).punctual
        raise GateNotReached(
            say("The seat {after} has made {made}.", after=gate.after, made=punctual),
            after=gate.after,
            needed=gate.needed,
            made=punctual,
        )


def _exceeded(minor: int, maximum: int) -> GroupLimitExceeded:
    return GroupLimitExceeded(
        say("In the group {amount} {cny} are free for the seat.", amount=Money.of(maximum, CNY).grouped, cny=CNY),
        shortfall=msgspec.to_builtins(Money.of(minor - maximum, CNY)),
        maximum=msgspec.to_builtins(Money.of(maximum, CNY)),
    )
