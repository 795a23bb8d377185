"""What a member may come to bear: every single default, every pair, all others; and that no real default is worse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.groups.rules.exposure_preview import Case, preview
from chalicelib.groups.rules.joint_liability import Call, LiabilityMode, WeightBasis, recompute_all
from tests.size import at_size

A, B, C, D = range(1, 5)
K: Final = 1_000_00


@dataclass(frozen=True)
class Terms:
    seat: int
    limit_minor: int
    cap_minor: int | None = None


@dataclass(frozen=True)
class Sheet:
    seats: tuple[Terms, ...]
    mode: LiabilityMode = "joint_capped"
    weight_basis: WeightBasis = "limit"
    group_cap: int = 10**15

    @property
    def limit_minor(self) -> int:
        return min(self.group_cap, sum(each.limit_minor for each in self.seats))


def test_single_defaults_pairs_and_all_others_of_four_firms() -> None:
    limits = {A: 300 * K, B: 200 * K, C: 500 * K, D: 500 * K}
    exposures = preview(Sheet(tuple(Terms(seat, limit, 2 * limit) for seat, limit in limits.items())))
    of_c = exposures[C]
    assert of_c.singles == (Case((A,), 125 * K), Case((B,), 76_923_08), Case((D,), 250 * K))
    assert Case((A, B), 250 * K) in of_c.pairs
    assert (of_c.worst_single, of_c.worst_pair) == (Case((D,), 250 * K), Case((A, D), 571_428_57))
    assert of_c.all_others == of_c.worst == Case((A, B, D), 1000 * K)


def test_all_others_fail_is_the_full_cap_and_without_cap_all_they_owe() -> None:
    capped = Sheet((Terms(A, 300 * K, 100 * K), Terms(B, 300 * K, 100 * K), Terms(C, 300 * K, 100 * K)))
    assert {each.all_others.minor for each in preview(capped).values()} == {100 * K}
    cascade = Sheet((Terms(A, 300 * K), Terms(B, 300 * K), Terms(C, 300 * K)), mode="joint_cascade")
    assert {each.all_others.minor for each in preview(cascade).values()} == {600 * K}


def test_the_group_owes_no_more_than_its_own_limit() -> None:
    sheet = Sheet((Terms(A, 300 * K), Terms(B, 300 * K), Terms(C, 300 * K)), "joint_cascade", group_cap=400 * K)
    of_c = preview(sheet)[C]
    assert (of_c.worst_single.minor, of_c.worst_pair.minor, of_c.all_others.minor) == (150 * K, 400 * K, 400 * K)


def test_by_what_is_outstanding_the_worst_is_that_the_others_have_paid_back() -> None:
    sheet = Sheet((Terms(A, 300 * K), Terms(B, 300 * K), Terms(C, 300 * K)), "joint_cascade", "outstanding")
    assert preview(sheet)[C].worst_single == Case((A,), 300 * K)


def test_a_member_without_limit_shares_when_only_its_like_is_left() -> None:
    sheet = Sheet((Terms(A, 300 * K), Terms(B, 300 * K), Terms(C, 0), Terms(D, 0)), "joint_cascade")
    of_c = preview(sheet)[C]
    assert of_c.worst_single == Case((A,), 0)
    assert of_c.worst_pair == Case((A, B), 300 * K)
    assert of_c.all_others == Case((A, B, D), 600 * K)


@pytest.mark.parametrize("basis", ["limit", "outstanding", "equal"])
def test_a_group_without_liability_bears_nothing(basis: WeightBasis) -> None:
    sheet = Sheet((Terms(A, 300 * K), Terms(B, 300 * K), Terms(C, 300 * K)), "none", basis)
    assert all(each.worst.minor == 0 for each in preview(sheet).values())


def test_two_firms_have_no_pair() -> None:
    of_b = preview(Sheet((Terms(A, 300 * K), Terms(B, 300 * K))))[B]
    assert (of_b.worst_pair, of_b.all_others) == (Case((), 0), Case((A,), 300 * K))


def test_ten_firms_have_nine_single_defaults_and_thirty_six_pairs_each() -> None:
    exposures = preview(Sheet(tuple(Terms(seat, seat * K, 2 * seat * K) for seat in range(1, 11))))
    assert {(len(each.singles), len(each.pairs)) for each in exposures.values()} == {(9, 36)}


amounts = st.integers(0, 1_000_000)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    seats = range(1, draw(st.integers(2, 6)) + 1)
    return Sheet(
        tuple(Terms(seat, draw(amounts), draw(st.none() | amounts)) for seat in seats),
        draw(st.sampled_from(("joint_cascade", "joint_capped", "several"))),
        draw(st.sampled_from(("limit", "outstanding", "equal"))),
    )


@settings(max_examples=at_size(2_000, 100), deadline=None)
@given(sheets(), st.data())
def test_no_single_default_within_the_limits_is_worse_than_the_preview_but_for_a_fen(
    sheet: Sheet, data: st.DataObject
) -> None:
    debtor = data.draw(st.sampled_from(sheet.seats))
    others = [each for each in sheet.seats if each is not debtor]
    owed = {each.seat: data.draw(st.integers(0, each.limit_minor)) for each in sheet.seats}
    weights: dict[str, Any] = {
        "limit": {each.seat: each.limit_minor for each in others},
        "equal": dict.fromkeys([each.seat for each in others], 1),
        "outstanding": {each.seat: owed[each.seat] for each in others},
    }
    caps = {each.seat: each.cap_minor for each in others if each.cap_minor is not None}
    [shares] = recompute_all([Call(owed[debtor.seat], weights[sheet.weight_basis], mode=sheet.mode)], caps)
    exposures = preview(sheet)
    for each in others:
        [case] = [case for case in exposures[each.seat].singles if case.defaulting == (debtor.seat,)]
        assert shares.eff[each.seat] <= case.minor + 1


@settings(max_examples=at_size(1_000, 60), deadline=None)
@given(sheets())
def test_one_more_default_is_never_milder_but_for_rounding(sheet: Sheet) -> None:
    for exposure in preview(sheet).values():
        singles = {case.defaulting[0]: case.minor for case in exposure.singles}
        for case in exposure.pairs:
            assert case.minor >= max(singles[seat] for seat in case.defaulting) - 2
        assert exposure.all_others.minor >= exposure.worst.minor - 2
