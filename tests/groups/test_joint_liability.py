"""Who bears what of a guaranteed debt: the examples of the specification, the laws that always hold, and a second way to the same figures."""

from __future__ import annotations

import doctest
import random
import subprocess
import sys
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.groups.rules import joint_liability
from chalicelib.groups.rules.joint_liability import (
    Call,
    Claim,
    LiabilityMode,
    Shares,
    capped,
    caps_for,
    claims_between,
    recompute,
    recompute_all,
    recourse_to_debtor,
    split,
    takes,
)
from tests.groups.apportioning import exact, level, worked_out
from tests.size import at_size

A, B, C, D, E, F, G, H = range(1, 9)
K: Final = 1_000_00
"""A thousand yuan."""
MODES: Final[tuple[LiabilityMode, ...]] = get_args(LiabilityMode)
RANDOM_CASES: Final = at_size(200_000, 4_000)


def equal(*seats: int) -> dict[int, int]:
    return dict.fromkeys(seats, 1)


def shares_of(net: int, weights: Mapping[int, int], **facts: Any) -> Shares:
    return recompute(net, weights, **{"caps": {}, "paid": {}, "failed": frozenset(), **facts})


class TestExamples:
    """J1 to J19, GU-1 and GU-2 of the specification."""

    def test_j1_two_equal_guarantors_bear_half_each(self) -> None:
        assert shares_of(400 * K, {B: 1000 * K, C: 1000 * K}).bank_due == {B: 200 * K, C: 200 * K}

    def test_j2_the_odd_fen_goes_to_the_lower_seat(self) -> None:
        assert split(100_000_01, equal(C, B)) == {B: 50_000_01, C: 50_000_00}

    def test_j3_shares_follow_the_limits(self) -> None:
        limits = {B: 500 * K, C: 1000 * K, D: 1500 * K}
        assert shares_of(1000 * K, limits).bank_due == {B: 166_666_67, C: 333_333_33, D: 500_000_00}

    def test_j5_weights_of_nothing_count_as_equal(self) -> None:
        assert split(100_00, {B: 0, C: 0, D: 0}) == {B: 33_34, C: 33_33, D: 33_33}

    def test_j6_two_fen_among_three(self) -> None:
        assert split(2, equal(B, C, D)) == {B: 1, C: 1, D: 0}

    def test_j7_what_a_cap_leaves_the_others_share(self) -> None:
        shares = shares_of(900 * K, equal(B, C, D), caps={B: 100 * K})
        assert shares.bank_due == {B: 100 * K, C: 400 * K, D: 400 * K}

    def test_j9_what_no_cap_leaves_room_for_is_the_shortfall(self) -> None:
        shares = shares_of(300 * K, equal(B, C), caps={B: 100 * K, C: 100 * K})
        assert (shares.bank_due, shares.shortfall) == ({B: 100 * K, C: 100 * K}, 100 * K)

    def test_j10_two_debtors_at_once_are_in_neither_call(self) -> None:
        limits = {C: 500 * K, D: 500 * K, E: 1000 * K}
        of_a, of_b = recompute_all([Call(300 * K, limits), Call(200 * K, limits)], caps={})
        assert of_a.bank_due == {C: 75 * K, D: 75 * K, E: 150 * K}
        assert of_b.bank_due == {C: 50 * K, D: 50 * K, E: 100 * K}
        assert {seat: of_a.eff[seat] + of_b.eff[seat] for seat in limits} == {C: 125 * K, D: 125 * K, E: 250 * K}

    def test_j13_the_last_member_fronts_all_and_claims_it_once(self) -> None:
        shares = shares_of(300 * K, equal(B, C), paid={C: 150 * K}, failed={B})
        assert shares.bank_due == {C: 150 * K}
        assert claims_between(shares, {C: 150 * K}, {B}) == ()
        paid = {C: 300 * K}
        shares = shares_of(300 * K, equal(B, C), paid=paid, failed={B})
        claims = claims_between(shares, paid, {B})
        assert (shares.bank_due, claims) == ({}, (Claim(B, C, 150 * K, "recourse"),))
        assert recourse_to_debtor(shares, paid) == {C: 300 * K}
        assert recourse_to_debtor(shares, paid, settled=claims) == {B: 150 * K, C: 150 * K}

    def test_j15_the_debtor_pays_in_the_middle(self) -> None:
        paid = {C: 200 * K}
        shares = shares_of(350 * K, equal(B, C), paid=paid)
        assert (shares.fair, shares.bank_due) == ({B: 175 * K, C: 175 * K}, {B: 150 * K})
        assert claims_between(shares, paid, set()) == (Claim(B, C, 25 * K, "contribution"),)

    def test_j16_one_pays_everything(self) -> None:
        paid = {B: 400 * K}
        shares = shares_of(400 * K, equal(B, C), paid=paid)
        assert shares.bank_due == {}
        assert claims_between(shares, paid, set()) == (Claim(C, B, 200 * K, "contribution"),)
        assert recourse_to_debtor(shares, paid) == paid

    def test_j19_the_left_over_fen_of_seven(self) -> None:
        assert list(split(1000 * K, equal(B, C, D, E, F, G, H)).values()) == [142_857_15] * 2 + [142_857_14] * 5

    def test_gu1_what_the_debtor_pays_beyond_its_debt_is_the_debtors(self) -> None:
        paid = {B: 200 * K, C: 200 * K}
        shares = shares_of(400 * K - 450 * K, equal(B, C), paid=paid)
        assert (shares.refund, shares.surplus) == ({B: 200 * K, C: 200 * K}, 50 * K)
        assert (shares.bank_due, shares.shortfall) == ({}, 0)
        assert claims_between(shares, paid, set()) == ()
        assert recourse_to_debtor(shares, paid) == {}

    def test_gu2_a_cap_holds_over_all_calls_of_the_group(self) -> None:
        calls = [Call(300 * K, equal(C, D, E)), Call(240 * K, equal(C, D, E))]
        first, second = recompute_all(calls, caps={C: 120 * K})
        assert first.bank_due == {C: 100 * K, D: 100 * K, E: 100 * K}
        assert second.bank_due == {C: 20 * K, D: 110 * K, E: 110 * K}

    def test_gu2_what_was_paid_on_a_later_call_counts_for_the_earlier(self) -> None:
        calls = [Call(300 * K, equal(C, D, E)), Call(240 * K, equal(C, D, E), paid={C: 60 * K})]
        first, second = recompute_all(calls, caps={C: 120 * K})
        assert first.eff == {C: 60 * K, D: 120 * K, E: 120 * K}
        assert second.eff == {C: 60 * K, D: 90 * K, E: 90 * K}
        assert second.bank_due == {D: 90 * K, E: 90 * K}


class TestWhatTheExamplesLeaveOpen:
    def test_a_member_of_weight_nothing_bears_nothing_while_another_can_pay(self) -> None:
        assert shares_of(100 * K, {B: 0, C: 0, D: 5}).eff == {B: 0, C: 0, D: 100 * K}

    @pytest.mark.parametrize(("mode", "eff"), [("joint_cascade", 50 * K), ("joint_capped", 50 * K), ("several", 0)])
    def test_members_of_weight_nothing_share_equally_when_only_they_are_left(
        self, mode: LiabilityMode, eff: int
    ) -> None:
        shares = shares_of(100 * K, {B: 0, C: 0, D: 5}, failed={D}, mode=mode)
        assert shares.eff == {B: eff, C: eff}
        assert shares.fair == {B: 0, C: 0, D: 100 * K}

    def test_several_asks_for_nobody_elses_part(self) -> None:
        shares = shares_of(300 * K, equal(B, C, D), caps={C: 80 * K}, failed={B}, mode="several")
        assert shares.fair == {B: 100 * K, C: 80 * K, D: 100 * K}
        assert (shares.bank_due, shares.shortfall) == ({C: 80 * K, D: 100 * K}, 120 * K)

    def test_a_group_without_liability_owes_nothing(self) -> None:
        shares = shares_of(300 * K, equal(B, C), mode="none")
        assert (shares.bank_due, shares.shortfall, shares.refund) == ({}, 300 * K, {})
        assert shares_of(300 * K, equal(B, C), paid={B: 1}, mode="none").shortfall == 300 * K - 1

    def test_caps_do_not_count_in_a_cascade(self) -> None:
        assert shares_of(300 * K, equal(B, C), caps={B: 1, C: 1}, mode="joint_cascade").bank_due == {
            B: 150 * K,
            C: 150 * K,
        }

    def test_when_all_have_failed_the_rest_is_the_shortfall(self) -> None:
        shares = shares_of(300 * K, equal(B, C), paid={B: 20 * K}, failed={B, C}, mode="joint_cascade")
        assert (shares.eff, shares.bank_due, shares.shortfall) == ({}, {}, 280 * K)

    def test_who_pays_beyond_its_cap_lessens_the_shortfall_before_what_others_owe(self) -> None:
        caps = {B: 100 * K, C: 100 * K, D: 100 * K}
        shares = shares_of(300 * K, equal(B, C, D), caps=caps, paid={C: 200 * K}, failed={B})
        assert (shares.bank_due, shares.shortfall) == ({D: 100 * K}, 0)
        paid = {C: 200 * K, D: 100 * K}
        shares = shares_of(300 * K, equal(B, C, D), caps=caps, paid=paid, failed={B})
        assert claims_between(shares, paid, {B}) == (Claim(B, C, 100 * K, "recourse"),)

    def test_a_call_that_is_over_takes_what_was_paid_on_it(self) -> None:
        over = Call(300 * K, equal(C, D), paid={C: 30 * K}, failed={D}, is_open=False)
        _, second = recompute_all([over, Call(240 * K, equal(C, D))], caps={C: 120 * K})
        assert second.eff == {C: 90 * K, D: 150 * K}

    def test_a_failed_member_takes_of_its_cap_what_it_paid(self) -> None:
        shares = shares_of(300 * K, equal(B, C, D), paid={B: 40 * K}, failed={B})
        assert takes(shares, {B: 40 * K}) == {B: 40 * K, C: 130 * K, D: 130 * K}
        assert caps_for({B: 60 * K, C: 120 * K}, [takes(shares, {B: 40 * K})], []) == {B: 20 * K, C: 0}

    def test_nobody_to_share_among_is_a_fault_of_the_caller(self) -> None:
        with pytest.raises(ValueError, match="nobody is there to share 1"):
            split(1, {})
        assert split(0, {}) == {}
        assert capped(5, {}, {}) == ({}, 5)
        assert shares_of(5, {}).shortfall == 5

    def test_claims_of_several_on_several_are_pro_rata_and_exact(self) -> None:
        paid = {D: 250 * K, E: 250 * K}
        shares = shares_of(500 * K, {B: 1, C: 2, D: 1, E: 1}, paid=paid, failed={C})
        claims = claims_between(shares, paid, {C})
        assert claims == (
            Claim(B, D, 50 * K, "contribution"),
            Claim(C, D, 100 * K, "recourse"),
            Claim(B, E, 50 * K, "contribution"),
            Claim(C, E, 100 * K, "recourse"),
        )


amounts = st.one_of(st.integers(0, 50), st.integers(0, 10_000_000_00))
seats = st.integers(2, 10)


@st.composite
def situations(draw: st.DrawFn, *, can_pay_more: bool = False) -> dict[str, Any]:
    weights = draw(st.dictionaries(seats, st.one_of(st.just(0), amounts), min_size=1, max_size=9))
    among = st.sampled_from(sorted(weights))
    net = draw(st.integers(-100, 300) if draw(st.booleans()) else st.integers(0, 30_000_000_00))
    paid = draw(st.dictionaries(among, amounts, max_size=9))
    if not can_pay_more:
        left, kept = max(0, net), {}
        for seat, minor in paid.items():
            kept[seat] = min(minor, left)
            left -= kept[seat]
        paid = kept
    return {
        "net": net,
        "weights": weights,
        "caps": draw(st.dictionaries(among, amounts, max_size=9)),
        "paid": paid,
        "failed": draw(st.frozensets(among)),
        "mode": draw(st.sampled_from(MODES)),
    }


TRY: Final = settings(max_examples=at_size(500, 150), deadline=None)


class TestLaws:
    @TRY
    @given(situations())
    def test_what_is_due_short_and_paid_is_what_is_owed(self, facts: dict[str, Any]) -> None:
        shares = recompute(**facts)
        assert sum(shares.bank_due.values()) + shares.shortfall + sum(facts["paid"].values()) == max(0, facts["net"])

    @TRY
    @given(situations(can_pay_more=True))
    def test_nobody_is_asked_beyond_its_cap_nor_gets_back_more_than_it_paid_too_much(
        self, facts: dict[str, Any]
    ) -> None:
        shares = recompute(**facts)
        caps = {} if facts["mode"] == "joint_cascade" else facts["caps"]
        for seat, cap in caps.items():
            assert shares.fair[seat] <= cap
            assert shares.eff.get(seat, 0) <= cap
            assert shares.bank_due.get(seat, 0) + facts["paid"].get(seat, 0) <= max(cap, facts["paid"].get(seat, 0))
        assert all(0 < minor <= shares.over[seat] for seat, minor in shares.refund.items())
        assert not (shares.bank_due and shares.refund)
        assert shares.surplus == max(0, -facts["net"])
        assert {*shares.fair, *shares.eff, *shares.bank_due} <= {*facts["weights"]}

    @TRY
    @given(situations())
    def test_without_cap_and_failure_a_fair_share_is_the_exact_part_but_for_a_fen(self, facts: dict[str, Any]) -> None:
        fair = recompute(**{**facts, "caps": {}, "failed": frozenset(), "mode": "joint_capped"}).fair
        ideal = exact(max(0, facts["net"]), facts["weights"])
        assert all(abs(fair[seat] - part) < 1 for seat, part in ideal.items())

    @TRY
    @given(situations(), st.data())
    def test_a_failure_lowers_nobody_elses_part_by_more_than_a_fen(
        self, facts: dict[str, Any], data: st.DataObject
    ) -> None:
        facts["paid"] = {}
        before = recompute(**facts)
        fails = data.draw(st.sampled_from(sorted(facts["weights"])))
        after = recompute(**{**facts, "failed": facts["failed"] | {fails}})
        assert all(part >= before.eff[seat] - 1 for seat, part in after.eff.items())
        assert after.fair == before.fair

    @TRY
    @given(situations())
    def test_to_pay_what_is_due_closes_the_call_and_to_look_again_changes_nothing(self, facts: dict[str, Any]) -> None:
        shares = recompute(**facts)
        paid = added(facts["paid"], shares.bank_due)
        closed = recompute(**{**facts, "paid": paid})
        assert (closed.bank_due, closed.refund, closed.shortfall) == ({}, {}, shares.shortfall)
        assert recompute(**{**facts, "paid": paid}) == closed

    @TRY
    @given(situations(can_pay_more=True))
    def test_refunds_bring_back_exactly_what_was_too_much(self, facts: dict[str, Any]) -> None:
        shares = recompute(**facts)
        paid = {seat: minor - shares.refund.get(seat, 0) for seat, minor in facts["paid"].items()}
        again = recompute(**{**facts, "paid": paid})
        assert again.refund == {}
        assert sum(paid.values()) <= max(0, facts["net"])

    @TRY
    @given(situations(can_pay_more=True), st.randoms(use_true_random=False))
    def test_the_order_of_the_facts_is_nothing(self, facts: dict[str, Any], chance: random.Random) -> None:
        mixed: dict[str, Any] = {}
        for name, value in facts.items():
            items = list(value.items()) if isinstance(value, dict) else []
            chance.shuffle(items)
            mixed[name] = dict(items) if items else value
        assert repr(recompute(**mixed)) == repr(recompute(**facts))

    @TRY
    @given(situations(can_pay_more=True))
    def test_claims_are_within_what_was_paid_too_much_and_too_little(self, facts: dict[str, Any]) -> None:
        shares, paid = recompute(**facts), facts["paid"]
        claims = claims_between(shares, paid, facts["failed"])
        for claim in claims:
            assert claim.minor > 0
            assert claim.kind == ("recourse" if claim.debtor in facts["failed"] else "contribution")
        beyond = {seat: minor - shares.refund.get(seat, 0) for seat, minor in shares.over.items()}
        below = {
            seat: max(0, fair - paid.get(seat, 0) - shares.bank_due.get(seat, 0)) for seat, fair in shares.fair.items()
        }
        assert sum(claim.minor for claim in claims) == min(sum(beyond.values()), sum(below.values()))
        for seat in facts["weights"]:
            assert sum(claim.minor for claim in claims if claim.creditor == seat) <= beyond.get(seat, 0)
            assert sum(claim.minor for claim in claims if claim.debtor == seat) <= below[seat]
        recourse = recourse_to_debtor(shares, paid, claims)
        assert sum(recourse.values()) == sum(paid.values()) - sum(shares.refund.values())
        assert all(minor > 0 for minor in recourse.values())

    @TRY
    @given(st.lists(situations(), min_size=2, max_size=4), st.dictionaries(seats, amounts, max_size=9))
    def test_all_calls_together_ask_of_nobody_beyond_its_cap(
        self, calls: list[dict[str, Any]], caps: dict[int, int]
    ) -> None:
        facts = [Call(each["net"], each["weights"], {}, each["failed"]) for each in calls]
        shares = recompute_all(facts, caps)
        for seat, cap in caps.items():
            assert sum(each.eff.get(seat, 0) for each in shares) <= cap


def situation(chance: random.Random) -> dict[str, Any]:
    """One of the random cases that the second implementation looks at too: as many seats, zeros, ties and small sums as real ones never have."""
    seats = chance.sample(range(2, 11), chance.randint(1, 9))
    most = chance.choice([3, 100, 10_000_000_00])

    def some(least: int = 0) -> dict[int, int]:
        return {seat: chance.randint(least, most) for seat in seats if chance.random() < 0.4}

    return {
        "net": chance.randint(-most // 10, most * 2),
        "weights": {seat: chance.choice([0, 1, 1, chance.randint(0, most)]) for seat in seats},
        "caps": some(),
        "paid": some(),
        "failed": frozenset(seat for seat in seats if chance.random() < 0.25),
        "mode": chance.choice(MODES),
    }


def test_a_second_implementation_comes_to_the_same_and_the_laws_hold() -> None:
    chance = random.Random(519)
    for _ in range(RANDOM_CASES):
        facts = situation(chance)
        shares = recompute(**facts)
        of_engine = shares.fair, shares.eff, shares.bank_due, shares.shortfall, shares.refund, shares.surplus
        assert of_engine == worked_out(**facts), facts
        net, paid = max(0, facts["net"]), facts["paid"]
        total, back, due = (sum(parts.values()) for parts in (paid, shares.refund, shares.bank_due))
        assert due + shares.shortfall + total - back == net, facts
        assert {*shares.fair, *shares.eff} <= {*facts["weights"]}, facts
        for seat, cap in facts["caps"].items() if facts["mode"] != "joint_cascade" else ():
            assert shares.fair[seat] <= cap, facts
            assert shares.eff.get(seat, 0) <= cap, facts
        closed = recompute(**facts | {"paid": added(paid, shares.bank_due)})
        assert (closed.bank_due, closed.shortfall) == ({}, shares.shortfall), facts
        assert recompute(**facts) == shares, facts
        fails = facts | {"failed": facts["failed"] | {min(facts["weights"])}, "paid": {}}
        before, after = recompute(**facts | {"paid": {}}), recompute(**fails)
        assert all(part >= before.eff[seat] - 1 for seat, part in after.eff.items()), facts


def added(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    return {seat: one.get(seat, 0) + other.get(seat, 0) for seat in one.keys() | other.keys()}


def test_caps_come_to_what_rising_water_does() -> None:
    chance = random.Random(699)
    for _ in range(RANDOM_CASES // 2):
        facts = situation(chance)
        weights = {seat: weight + 1 for seat, weight in facts["weights"].items()}
        parts, shortfall = capped(max(0, facts["net"]), weights, facts["caps"])
        ideal = level(max(0, facts["net"]), weights, facts["caps"])
        assert all(abs(parts[seat] - part) < len(weights) for seat, part in ideal.items())
        assert shortfall == max(0, facts["net"]) - sum(parts.values())


def test_whoever_pays_first_all_end_the_same() -> None:
    """Payments are facts: whether B or D pays first, with a failure before or after, the shares are those of what is known in the end."""
    weights, caps = {B: 3, C: 2, D: 2}, {D: 150 * K}
    ends = set()
    for order in permutations([(B, 70 * K), (D, 30 * K), (D, 90 * K), (B, 5)]):
        paid: dict[int, int] = {}
        for seat, minor in order:
            paid[seat] = paid.get(seat, 0) + minor
            recompute(400 * K, weights, caps, paid, {C})
        ends.add(repr(recompute(400 * K, weights, caps, paid, {C})))
    assert len(ends) == 1


def test_the_module_stands_on_the_standard_library_alone() -> None:
    path = Path(joint_liability.__file__)
    code = f"import runpy, sys; runpy.run_path({str(path)!r}, run_name='joint_liability'); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    tops = {name.partition(".")[0] for name in ran.stdout.split()}
    assert not tops - {*sys.stdlib_module_names, "__main__"}


def test_the_examples_of_the_docstrings_are_true() -> None:
    failed, attempted = doctest.testmod(joint_liability)
    assert (failed, attempted) == (0, 4)
