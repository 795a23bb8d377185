"""How failures spread in a group: who falls, in which order, and what is left uncovered; shared buyers and related groups."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.groups.rules.joint_liability import LiabilityMode
from chalicelib.guarantees.rules.contagion import (
    MOST_GROUPS,
    Failures,
    GroupStress,
    Night,
    Policy,
    SharedBuyer,
    Standing,
    related_groups,
    shared_buyers,
    stress,
    with_groups,
)
from tests.size import at_size

A, B, C, D, E = range(1, 6)
K = 1_000_00
MODES: tuple[LiabilityMode, ...] = ("joint_cascade", "joint_capped", "several", "none")
POLICY = Policy(failures=3, ranked_by=2, falls_bp=5_000, sales_months=12, buyer_months=6, buyer_bp=2_000)


def standing(seat: int, owed: int, sales: int = 10_000, **fields: Any) -> Standing:
    return Standing(seat=seat, owed_minor=owed * K, limit_minor=500 * K, sales_minor=sales * K, **fields)


def test_one_default_is_fronted_by_those_who_can_bear_it() -> None:
    members = [standing(A, 300), standing(B, 0), standing(C, 0), standing(D, 0)]
    assert stress(members, "joint_cascade", "limit", POLICY) == (
        Failures(defaulting=(A,), called_minor=300 * K, fronted_minor=300 * K),
    )


def test_who_cannot_bear_its_part_falls_and_its_own_loan_is_called() -> None:
    """A's default asks 100 of each; B sold 150 and bears 75 at most: it falls, owes 200 itself, and C and D front 500."""
    members = [standing(A, 300), standing(B, 200, sales=150), standing(C, 0), standing(D, 0)]
    one, two = stress(members, "joint_cascade", "limit", POLICY)
    assert one == Failures(defaulting=(A,), falling=(B,), called_minor=500 * K, fronted_minor=500 * K)
    assert two == Failures(defaulting=(A, B), called_minor=500 * K, fronted_minor=500 * K)


def test_when_all_fall_everything_is_uncovered() -> None:
    members = [standing(A, 300), standing(B, 200, sales=150), standing(C, 100, sales=300), standing(D, 0, sales=400)]
    worst = stress(members, "joint_cascade", "equal", POLICY)[0]
    assert (worst.defaulting, worst.falling) == ((A,), (B, C, D))
    assert (worst.called_minor, worst.fronted_minor, worst.uncovered_minor) == (600 * K, 0, 600 * K)


def test_caps_keep_members_standing_and_leave_the_rest_uncovered() -> None:
    members = [standing(A, 300), *(standing(seat, 0, sales=150, cap_minor=75 * K) for seat in (B, C, D))]
    assert stress(members, "joint_capped", "limit", POLICY)[0] == Failures(
        defaulting=(A,), called_minor=300 * K, fronted_minor=225 * K, uncovered_minor=75 * K
    )


def test_a_group_that_owes_nothing_or_answers_for_nothing() -> None:
    assert stress([standing(A, 0), standing(B, 0)], "joint_cascade", "limit", POLICY) == ()
    free = stress([standing(A, 300), standing(B, 0), standing(C, 0)], "none", "limit", POLICY)
    assert (free[0].fronted_minor, free[0].uncovered_minor) == (0, 300 * K)


def test_whatever_is_called_is_fronted_or_uncovered_and_one_default_more_is_never_milder() -> None:
    """But for several liability: who defaults is in no call, so that another's part, kept below a cap, may grow."""
    chance = random.Random(13)
    for _ in range(at_size(2_000, 60)):
        members = [
            standing(
                seat,
                chance.choice([0, chance.randint(0, 500)]),
                sales=chance.randint(0, 3_000),
                cap_minor=chance.choice([None, chance.randint(0, 600) * K]),
            )
            for seat in range(1, chance.randint(3, 7))
        ]
        mode = chance.choice(MODES)
        worst = stress(members, mode, "limit", POLICY)
        for failures in worst:
            assert failures.called_minor == failures.fronted_minor + failures.uncovered_minor
            assert not {*failures.defaulting} & {*failures.falling}
        uncovered = [failures.uncovered_minor for failures in worst]
        assert mode == "several" or uncovered == sorted(uncovered)


def exported(**usd: int) -> list[ExportDay]:
    lines = tuple(ExportLine(f"o-{buyer}", buyer, cents) for buyer, cents in usd.items())
    return [ExportDay(on=date(2026, 3, 1), lines=lines)]


def test_buyers_of_several_members_by_their_part_of_all_exports() -> None:
    days = {
        A: exported(hamburg=400, rotterdam=100),
        B: exported(hamburg=200, lagos=100),
        C: exported(rotterdam=200) + exported(lagos=-50),
    }
    assert shared_buyers(days, POLICY) == (
        SharedBuyer(seats=(A, B), share_bp=6_315),
        SharedBuyer(seats=(A, C), share_bp=3_157),
    )
    assert shared_buyers({A: [], B: []}, POLICY) == ()


def test_groups_are_related_by_a_mark_in_common() -> None:
    marks = {"grp_1": frozenset("ab"), "grp_2": frozenset("bc"), "grp_3": frozenset("d")}
    assert related_groups(marks) == {"grp_1": ("grp_2",), "grp_2": ("grp_1",), "grp_3": ()}


def of_group(number: int, uncovered: int) -> GroupStress:
    worst = Failures(defaulting=(A,), called_minor=uncovered, uncovered_minor=uncovered)
    return GroupStress(group_id=f"grp_{number:03}", owed_minor=uncovered, failures=(worst,))


@pytest.mark.parametrize("seed", range(3))
def test_the_hundred_worst_are_the_same_in_whatever_portions_they_come(seed: int) -> None:
    chance = random.Random(seed)
    groups = [of_group(number, chance.randint(0, 60)) for number in range(250)]
    night = Night(bank_id="boc", on=date(2026, 3, 1))
    whole = with_groups(night, groups, POLICY)
    chance.shuffle(groups)
    for _ in range(2):
        for start in range(0, 250, 30):
            night = with_groups(night, groups[start : start + 30], POLICY)
    assert night == whole
    assert len(night.worst) == MOST_GROUPS
    severities = [group.severity(2) for group in night.worst]
    assert severities == sorted(severities, reverse=True)
