"""What a member may come to bear before it signs: at every single default, at every pair of them, and when all others fail. Pure.

The figures are those of `joint_liability`, which a call uses: who defaults owes all it may owe, opens a call of its own and is in no other.
Interest comes on top. Where shares follow what each owes itself (`outstanding`), the worst is that the others have paid back and the member
has not: so it is shown, and a member that draws nothing shares with its like when nobody else is left (credit.md 4.3, 4.6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Protocol

from chalicelib.groups.rules.joint_liability import Call, LiabilityMode, WeightBasis, recompute_all


class SeatTerms(Protocol):
    @property
    def seat(self) -> int: ...
    @property
    def limit_minor(self) -> int: ...
    @property
    def cap_minor(self) -> int | None: ...


class Sheet(Protocol):
    """Of a rule sheet what shares follow from. `limit_minor` is what the whole group may owe at most."""

    @property
    def mode(self) -> LiabilityMode: ...
    @property
    def weight_basis(self) -> WeightBasis: ...
    @property
    def seats(self) -> Sequence[SeatTerms]: ...
    @property
    def limit_minor(self) -> int: ...


@dataclass(frozen=True)
class Case:
    """Which other seats default, and what the member then has to front at most."""

    defaulting: tuple[int, ...]
    minor: int


@dataclass(frozen=True)
class Exposure:
    """Every case of one member. A group of ten has 9 single defaults, 36 pairs and one of all others."""

    seat: int
    singles: tuple[Case, ...]
    pairs: tuple[Case, ...]
    all_others: Case

    @property
    def worst_single(self) -> Case:
        return _worst(self.singles)

    @property
    def worst_pair(self) -> Case:
        return _worst(self.pairs)

    @property
    def worst(self) -> Case:
        return _worst((self.all_others, *self.singles, *self.pairs))


def preview(sheet: Sheet) -> dict[int, Exposure]:
    """The exposure of each seat of a sheet of at least two seats."""
    return {each.seat: exposure_of(sheet, each.seat) for each in sheet.seats}


def fronted(sheet: Sheet, defaulting: Sequence[int], weights: Mapping[int, int]) -> dict[int, int]:
    """What each of the others has to front when these seats default, one call after another in this order."""
    limits = {each.seat: each.limit_minor for each in sheet.seats}
    caps = {each.seat: each.cap_minor for each in sheet.seats if each.cap_minor is not None}
    performing = {seat: weight for seat, weight in weights.items() if seat not in defaulting}
    calls = [Call(net, performing, mode=sheet.mode) for net in _owed(limits, defaulting, sheet.limit_minor)]
    shares = recompute_all(calls, caps)
    return {seat: sum(each.eff[seat] for each in shares) for seat in performing}


def exposure_of(sheet: Sheet, seat: int) -> Exposure:
    others = [each.seat for each in sheet.seats if each.seat != seat]
    weights = weights_against(sheet, seat)

    def cases(sets: Iterable[tuple[int, ...]]) -> tuple[Case, ...]:
        return tuple(
            Case(defaulting, max(fronted(sheet, order, weights)[seat] for order in permutations(defaulting)))
            for defaulting in sets
        )

    everybody = Case(tuple(others), fronted(sheet, others, weights)[seat])
    return Exposure(seat, cases(combinations(others, 1)), cases(combinations(others, 2)), everybody)


def weights_against(sheet: Sheet, seat: int) -> dict[int, int]:
    """Weights that are worst for `seat`; by limit and equally they are the same for all."""
    if sheet.weight_basis == "equal":
        return {each.seat: 1 for each in sheet.seats}
    by_limit = sheet.weight_basis == "limit"
    return {each.seat: each.limit_minor if by_limit or each.seat == seat else 0 for each in sheet.seats}


def _owed(limits: Mapping[int, int], defaulting: Sequence[int], of_group: int) -> Iterator[int]:
    """What each owes when it has drawn all it may, as far as the group may."""
    for seat in defaulting:
        owed = min(limits[seat], of_group)
        of_group -= owed
        yield owed


def _worst(cases: Sequence[Case]) -> Case:
    """The first of the dearest; of a group of two no pair can default."""
    return max(cases, key=lambda case: case.minor, default=Case((), 0))
