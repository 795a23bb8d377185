"""How failures spread in a group of guarantors: what happens when some of its members default on what they owe today. Pure.

A member that has to front more than it can bear falls too: it fails the calls, its own loans are called, and the rest bears the more. So it
goes on until nobody falls any more, or nobody is left. What a member can bear is a part of what it sold in a year. Of all sets of so many
defaults the worst is kept: the one that leaves most uncovered, then the one for which most is called.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Annotated, Final

import msgspec

from chalicelib.exports.rules.days import ExportDay
from chalicelib.groups.rules.joint_liability import Call, LiabilityMode, Shares, WeightBasis, recompute_all
from chalicelib.shared.bounds import most
from chalicelib.shared.money import divide

WHOLE_BP: Final = 10_000
MOST_SEATS: Final = 10
MOST_FAILURES: Final = 3
MOST_BUYERS: Final = 3
MOST_RELATED: Final = 8
MOST_GROUPS: Final = 100
"""Of each bank, the worst."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The parameters: `chalicelib/policies/contagion/`. Up to `failures` default at once, and groups are ranked by what `ranked_by` of them do.

    A member falls that has to front more than `falls_bp` of what it sold in `sales_months`. A buyer is shared where at least two members
    exported to it in `buyer_months`, and it is named from `buyer_bp` of all that the group exported on.
    """

    failures: int
    ranked_by: int
    falls_bp: int
    sales_months: int
    buyer_months: int
    buyer_bp: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A member as it stands tonight: what it owes, what it may owe, what it answers for at most, and what it sold."""

    seat: int
    owed_minor: int
    limit_minor: int
    cap_minor: int | None = None
    sales_minor: int


class Failures(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The worst that so many defaults do. `falling` are the seats that fall because of it, in the order in which they do.

    `called_minor` is what is called in the end, of which the others have to front `fronted_minor`; `uncovered_minor` is nobody's.
    """

    defaulting: Annotated[tuple[int, ...], most(MOST_FAILURES)]
    falling: Annotated[tuple[int, ...], most(MOST_SEATS)] = ()
    called_minor: int = 0
    fronted_minor: int = 0
    uncovered_minor: int = 0

    @property
    def severity(self) -> tuple[int, int]:
        return self.uncovered_minor, self.called_minor


class SharedBuyer(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A buyer to whom several members export: which, and its part of all the group's exports."""

    seats: Annotated[tuple[int, ...], most(MOST_SEATS)]
    share_bp: int


class RelatedGroup(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    bank_id: str
    group_id: str


class GroupStress(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """One group tonight. `related` are groups of which a member is related to one of this group's, however; what they share is kept nowhere."""

    group_id: str
    owed_minor: int
    failures: Annotated[tuple[Failures, ...], most(MOST_FAILURES)]
    buyers: Annotated[tuple[SharedBuyer, ...], most(MOST_BUYERS)] = ()
    related: Annotated[tuple[RelatedGroup, ...], most(MOST_RELATED)] = ()

    def severity(self, ranked_by: int) -> tuple[int, int]:
        return self.failures[min(ranked_by, len(self.failures)) - 1].severity


class Night(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A bank's groups on a night: the worst, the worst first."""

    bank_id: str
    on: date
    worst: Annotated[tuple[GroupStress, ...], most(MOST_GROUPS)] = ()


def stress(
    members: Sequence[Standing], mode: LiabilityMode, basis: WeightBasis, policy: Policy
) -> tuple[Failures, ...]:
    """For 1, 2, … defaults the worst there is; only members that owe something default."""
    owing = [member.seat for member in members if member.owed_minor]
    return tuple(
        max(
            (_spread(members, mode, basis, policy, defaulting) for defaulting in combinations(owing, count)),
            key=lambda failures: failures.severity,
        )
        for count in range(1, min(policy.failures, len(owing)) + 1)
    )


def shared_buyers(days: Mapping[int, Iterable[ExportDay]], policy: Policy) -> tuple[SharedBuyer, ...]:
    """Buyers of several seats, the largest first. Returns count against their buyer; whoever sent back all counts for nothing."""
    by_buyer: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for seat, exported in days.items():
        for line in (line for day in exported for line in day.lines):
            by_buyer[line.buyer_ref][seat] += line.usd_minor
    whole = sum(usd for seats in by_buyer.values() for usd in seats.values())
    shared = [
        SharedBuyer(seats=tuple(sorted(+seats)), share_bp=divide((+seats).total() * WHOLE_BP, whole, "down"))
        for seats in by_buyer.values()
        if len(+seats) > 1 and whole > 0
    ]
    named = (buyer for buyer in shared if buyer.share_bp >= policy.buyer_bp)
    return tuple(sorted(named, key=lambda buyer: (-buyer.share_bp, buyer.seats))[:MOST_BUYERS])


def with_groups(night: Night, more: Iterable[GroupStress], policy: Policy) -> Night:
    """The night with groups that were looked at; once or many times, in whatever order."""
    known = {group.group_id: group for group in night.worst} | {group.group_id: group for group in more}
    ranked = sorted(known.values(), key=lambda group: (group.severity(policy.ranked_by), group.group_id), reverse=True)
    return msgspec.structs.replace(night, worst=tuple(ranked[:MOST_GROUPS]))


def related_groups(marks: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """For each group the others with which it shares a mark."""
    by_mark: defaultdict[str, set[str]] = defaultdict(set)
    for group_id, its_marks in marks.items():
        for mark in its_marks:
            by_mark[mark].add(group_id)
    return {
        group_id: tuple(sorted(set[str]().union(*(by_mark[mark] for mark in its_marks)) - {group_id})[:MOST_RELATED])
        for group_id, its_marks in marks.items()
    }


def _spread(
    members: Sequence[Standing], mode: LiabilityMode, basis: WeightBasis, policy: Policy, defaulting: tuple[int, ...]
) -> Failures:
    """Who falls when these default, and what it comes to."""
    down = list(defaulting)
    shares = _shares(members, mode, basis, down)
    while falling := list(_overburdened(members, shares, down, policy)):
        down += falling
        shares = _shares(members, mode, basis, down)
    owed = {member.seat: member.owed_minor for member in members}
    return Failures(
        defaulting=defaulting,
        falling=tuple(down[len(defaulting) :]),
        called_minor=sum(owed[seat] for seat in down),
        fronted_minor=sum(sum(each.eff.values()) for each in shares),
        uncovered_minor=sum(each.shortfall for each in shares),
    )


def _shares(
    members: Sequence[Standing], mode: LiabilityMode, basis: WeightBasis, down: Sequence[int]
) -> tuple[Shares, ...]:
    """A call for each that is down and owes something, on those that are not."""
    weights = {member.seat: _weight(member, basis) for member in members if member.seat not in down}
    caps = {member.seat: member.cap_minor for member in members if member.cap_minor is not None}
    owed = {member.seat: member.owed_minor for member in members}
    return recompute_all([Call(owed[seat], weights, mode=mode) for seat in down if owed[seat]], caps)


def _weight(member: Standing, basis: WeightBasis) -> int:
    return {"limit": member.limit_minor, "outstanding": member.owed_minor, "equal": 1}[basis]


def _overburdened(
    members: Sequence[Standing], shares: Sequence[Shares], down: Sequence[int], policy: Policy
) -> Iterator[int]:
    for member in members:
        burden = sum(each.eff.get(member.seat, 0) for each in shares)
        if member.seat not in down and burden * WHOLE_BP > policy.falls_bp * member.sales_minor:
            yield member.seat
