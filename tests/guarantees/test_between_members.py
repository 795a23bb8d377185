"""What members owe one another: the worked examples of credit.md 4.6, and that no fen is asked for twice whoever pays whom, in whatever order."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.groups.rules.joint_liability import recompute
from tests.guarantees.between import LEAST, LETTERS, SEATS, Group

EQUAL = {"B": 1, "C": 1}


def test_j13_the_last_member_pays_all_and_has_recourse_to_the_one_that_failed_and_to_the_debtor() -> None:
    group = Group(300_000_00, {"C": 300_000_00}, EQUAL, failed="B")
    assert group.owed == {"CB": 150_000_00, "CA": 300_000_00}
    assert {(each.debtor, each.kind) for each in group.claims()} == {(2, "recourse"), (1, "debtor_recourse")}
    group.pays("B", "C", 150_000_00)
    assert group.owed == {"BA": 150_000_00, "CA": 150_000_00}


def test_j15_the_debtors_money_in_the_middle_lowers_what_each_bears() -> None:
    group = Group(350_000_00, {"B": 150_000_00, "C": 200_000_00}, EQUAL)
    assert group.owed == {"CB": 25_000_00, "BA": 150_000_00, "CA": 200_000_00}
    group.pays("B", "C", 25_000_00)
    assert group.owed == {"BA": 175_000_00, "CA": 175_000_00}


def test_j16_the_bank_asks_one_member_for_everything() -> None:
    assert Group(400_000_00, {"B": 400_000_00}, EQUAL).owed == {"BC": 200_000_00, "BA": 400_000_00}


def test_what_the_debtor_pays_a_guarantor_is_asked_of_no_other_guarantor() -> None:
    group = Group(300_000_00, {"C": 300_000_00}, EQUAL, failed="B")
    group.pays("A", "C", 100_000_00)
    assert group.owed == {"CB": 100_000_00, "CA": 200_000_00}
    group.pays("A", "C", 200_000_00)
    assert group.owed == {}


def test_what_the_bank_gives_back_after_a_contribution_was_paid_is_owed_on() -> None:
    """B has paid all, C its half to B; then A pays the bank all, which gives B everything back."""
    group = Group(400_000_00, {"B": 400_000_00}, EQUAL)
    group.pays("C", "B", 200_000_00)
    assert group.owed == {"BA": 200_000_00, "CA": 200_000_00}
    group.net = 0
    assert group.owed == {"CB": 200_000_00}, "the bank owes B 400,000.00, and half of that is C's"
    group.pays("B", "C", 200_000_00)
    assert group.owed == {}


def test_a_debtor_that_pays_bank_and_guarantor_gets_back_what_it_paid_twice() -> None:
    group = Group(200_000_00, {"B": 100_000_00, "C": 100_000_00}, EQUAL)
    group.pays("A", "C", 100_000_00)
    group.net = 0
    assert group.owed == {"AC": 100_000_00}, "the bank gives each of them 100,000.00 back"


def test_less_than_one_yuan_is_not_collected() -> None:
    group = Group(400_000_00, {"B": 200_000_99, "C": 199_999_01}, EQUAL)
    assert "BC" not in group.owed
    assert Group(400_000_00, {"B": 200_001_00, "C": 199_999_00}, EQUAL).owed["BC"] == LEAST


def test_in_a_several_group_nobody_pays_for_who_failed_and_nobody_is_owed_by_it() -> None:
    group = Group(300_000_00, {"C": 150_000_00}, EQUAL, failed="B", mode="several")
    assert group.owed == {"CA": 150_000_00}


@pytest.mark.parametrize("paid", [1, 99, 100, 25_000_00, 149_999_99])
def test_a_part_that_was_paid_lowers_the_claim_by_just_that(paid: int) -> None:
    group = Group(300_000_00, {"C": 300_000_00}, EQUAL, failed="B")
    group.pays("B", "C", paid)
    left = 150_000_00 - paid
    assert group.owed.get("CB", 0) == (left if left >= LEAST else 0)


weights = st.dictionaries(st.sampled_from("BCDE"), st.integers(0, 5_000), min_size=1)
payments = st.dictionaries(st.sampled_from("BCDE"), st.integers(0, 60_000_00))


@given(st.integers(0, 100_000_00), weights, payments, st.data())
def test_when_all_is_paid_nobody_bears_anything_and_no_fen_was_collected_twice(
    net: int, weight: Mapping[str, int], paid: Mapping[str, int], data: st.DataObject
) -> None:
    """Members settle claims in any order, in part or in full, while the debtor pays the bank; every claim is paid once, and all ends at zero."""
    paid = {letter: minor for letter, minor in paid.items() if letter in weight}
    failed = data.draw(st.sets(st.sampled_from(sorted(weight))))
    group = Group(net, paid, weight, failed=failed)
    for _ in range(60):
        owed = group.claims()
        if not owed:
            break
        each = data.draw(st.sampled_from(sorted(owed)))
        minor = data.draw(st.sampled_from([each.minor, each.minor, (each.minor + 1) // 2]))
        group.pays(LETTERS[each.debtor], LETTERS[each.creditor], minor)
        if data.draw(st.integers(0, 9)) == 0:
            group.net = max(0, group.net - data.draw(st.integers(0, 40_000_00)))
    else:
        for _ in range(200):
            owed = group.claims()
            if not owed:
                break
            for each in owed[:1]:
                group.pays(LETTERS[each.debtor], LETTERS[each.creditor], each.minor)
    assert group.claims() == ()
    returned = max(0, sum(group.paid.values()) - group.net)
    bears = {letter: group.bears(letter) for letter in "ABCDE"}
    assert sum(bears.values()) == sum(group.paid.values())
    guarantors = sum(minor for letter, minor in bears.items() if letter != "A")
    room = len(SEATS) * LEAST
    assert abs(guarantors - returned) <= room, "what the bank gives back is all that guarantors are still out of pocket"


limits = st.dictionaries(st.integers(2, 6), st.integers(1, 5_000), min_size=1)


@given(st.integers(1, 100_000), limits, st.integers(0, 20_000), st.integers(0, 10_000), st.integers(0, 120_000))
def test_what_a_debtor_pays_after_a_pool_goes_to_the_bank_then_to_the_members_then_to_the_pool(
    net: int, weights: Mapping[int, int], cap: int, share_bp: int, minor: int
) -> None:
    """credit.md 4.4: guarantors have paid up to their caps, a pool its share of the rest; then the debtor pays `minor`."""
    caps = dict.fromkeys(weights, cap)
    first = recompute(net, weights, caps, {}, frozenset())
    paid, pool = first.bank_due, first.shortfall * share_bp // 10_000
    after = recompute(net - minor - pool, weights, caps, paid, frozenset())
    residual = first.shortfall - pool
    to_bank = min(minor, residual)
    to_members = min(minor - to_bank, sum(paid.values()))
    assert after.shortfall == residual - to_bank
    assert sum(after.refund.values()) == to_members
    assert all(minor <= paid[seat] for seat, minor in after.refund.items())
