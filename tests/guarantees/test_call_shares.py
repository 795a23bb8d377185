"""Who has to pay what of a call, by the examples of credit.md 4.6 and the cases GU-1 and GU-2, step by step. No tables."""

from __future__ import annotations

from tests.guarantees.calling import SEATS, Calling

M = 100_000_000
"""A million of yuan in fen."""
YUAN = 100


def test_j1_two_equal_guarantors_share_equally() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    calling.notice()
    assert calling.due() == {"B": 200_000_00, "C": 200_000_00}


def test_j2_the_odd_fen_is_the_lower_seats() -> None:
    calling = Calling(100_000_01, {"B": M, "C": M})
    assert calling.due() == {"B": 50_000_01, "C": 50_000_00}


def test_j3_shares_follow_limits() -> None:
    calling = Calling(M, {"B": M // 2, "C": M, "D": M * 3 // 2})
    assert calling.due() == {"B": 166_666_67, "C": 333_333_33, "D": 500_000_00}


def test_j7_what_passes_a_cap_is_the_others() -> None:
    calling = Calling(900_000_00, {"B": M, "C": M, "D": M}, {"B": 100_000_00})
    assert calling.due() == {"B": 100_000_00, "C": 400_000_00, "D": 400_000_00}


def test_j9_what_no_cap_leaves_room_for_is_the_shortfall_and_exhausts_the_call() -> None:
    calling = Calling(300_000_00, {"B": M, "C": M}, {"B": 100_000_00, "C": 100_000_00})
    calling.notice()
    assert calling.call.shortfall_minor == 100_000_00
    calling.pay("B", 100_000_00)
    assert calling.call.status == "partly_paid"
    assert calling.pay("C", 100_000_00).status == "exhausted"
    assert calling.events[-2:] == ["recomputed", "exhausted"]


def test_j10_who_has_defaulted_itself_is_left_out_of_every_call() -> None:
    limits = {"C": M // 2, "D": M // 2, "E": M}
    of_a = Calling(300_000_00, {"B": M, **limits}, in_default={"B"})
    of_b = Calling(200_000_00, {"A": M, **limits}, in_default={"A"}, earlier=(of_a.call.takes,), number=2)
    assert of_a.due() == {"C": 75_000_00, "D": 75_000_00, "E": 150_000_00}
    assert of_b.due() == {"C": 50_000_00, "D": 50_000_00, "E": 100_000_00}
    assert of_a.status()["B"] == "left_out"


def test_j13_a_failed_members_part_cascades_to_the_last() -> None:
    calling = Calling(300_000_00, {"B": M, "C": M})
    calling.notice()
    calling.pay("C", 150_000_00)
    calling.fail("B")
    assert calling.due() == {"C": 150_000_00}
    increment = calling.share("C").notices[-1]
    assert (len(calling.share("C").notices), increment.minor, increment.at) == (2, 150_000_00, calling.now)
    assert calling.pay("C", 150_000_00).status == "paid"
    assert calling.status() == {"B": "failed", "C": "paid"}


def test_j15_the_debtors_money_in_the_middle_lowers_what_is_left() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    calling.notice()
    calling.pay("C", 200_000_00)
    calling.owes(350_000_00)
    assert (calling.share("B").fair_minor, calling.share("C").fair_minor) == (175_000_00, 175_000_00)
    assert calling.due() == {"B": 150_000_00}
    assert calling.share("B").noticed_minor == 150_000_00
    assert calling.pay("B", 150_000_00).status == "paid"


def test_j16_one_may_pay_all_and_nothing_is_due() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    calling.notice()
    assert calling.pay("B", 400_000_00).status == "paid"
    assert (calling.due(), calling.call.refund_minor) == ({}, 0)


def test_j19_seven_equal_members() -> None:
    calling = Calling(M, dict.fromkeys("BCDEFGH", M))
    assert calling.due() == {**dict.fromkeys("BC", 142_857_15), **dict.fromkeys("DEFGH", 142_857_14)}


def test_gu1_what_the_debtor_pays_after_all_goes_back_to_the_guarantors_and_the_rest_to_it() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M})
    calling.notice()
    calling.pay("B", 200_000_00)
    calling.pay("C", 200_000_00)
    calling.owes(-50_000_00)
    assert {letter: calling.share(letter).refund_minor for letter in "BC"} == {"B": 200_000_00, "C": 200_000_00}
    assert (calling.call.status, calling.call.surplus_minor) == ("paid", 50_000_00)
    assert calling.events[-1] == "refund_due"
    calling.pay("B", -200_000_00)
    calling.pay("C", -200_000_00)
    assert calling.status() == {"B": "refunded", "C": "refunded"}
    assert calling.call.refund_minor == 0
    assert calling.days(31).status == "closed"
    assert calling.call.why == "paid"


def test_gu2_a_cap_is_for_all_calls_of_the_group() -> None:
    limits, caps = dict.fromkeys("CDE", M), {"C": 120_000_00}
    first = Calling(300_000_00, limits, caps)
    second = Calling(240_000_00, limits, caps, number=2, earlier=(first.call.takes,))
    assert first.due() == dict.fromkeys("CDE", 100_000_00)
    assert second.due() == {"C": 20_000_00, "D": 110_000_00, "E": 110_000_00}


def test_gu2_what_was_paid_on_the_later_call_leaves_less_for_the_earlier() -> None:
    limits, caps = dict.fromkeys("CDE", M), {"C": 120_000_00}
    first = Calling(300_000_00, limits, caps)
    second = Calling(240_000_00, limits, caps, number=2, earlier=(first.call.takes,))
    first.notice()
    second.notice()
    second.pay("C", 60_000_00)
    first.later = (second.call.paid,)
    first.recompute()
    second.earlier = (first.call.takes,)
    second.recompute()
    assert first.due() == {"C": 60_000_00, "D": 120_000_00, "E": 120_000_00}
    assert second.due() == {"D": 90_000_00, "E": 90_000_00}
    assert second.share("C").paid_minor == 60_000_00
    assert first.call.takes[SEATS["C"]] + second.call.takes[SEATS["C"]] == 120_000_00


# --- who has not agreed to what made the loan heavier (article 695) ---------------------------------------------------


def test_who_has_not_consented_answers_as_if_the_loan_were_lighter_and_those_who_have_bear_the_rest() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M}, unbound={"C": 40_000_00})
    assert calling.due() == {"B": 220_000_00, "C": 180_000_00}


def test_the_same_holds_where_the_sheet_has_a_cascade_without_caps() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M}, mode="joint_cascade", unbound={"C": 40_000_00})
    assert calling.due() == {"B": 220_000_00, "C": 180_000_00}


def test_where_nobody_has_what_is_heavier_is_the_shortfall() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M}, unbound={"B": 40_000_00, "C": 40_000_00})
    assert (calling.due(), calling.call.shortfall_minor) == ({"B": 180_000_00, "C": 180_000_00}, 40_000_00)


def test_one_that_fails_leaves_its_part_to_the_other_up_to_what_that_one_has_agreed_to() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M}, unbound={"C": 40_000_00})
    calling.notice()
    calling.fail("B")
    assert (calling.due(), calling.call.shortfall_minor) == ({"C": 360_000_00}, 40_000_00)
    assert calling.pay("C", 360_000_00).status == "exhausted"


def test_in_a_group_of_several_liability_each_bears_its_own_part_of_what_it_has_agreed_to() -> None:
    calling = Calling(400_000_00, {"B": M, "C": M}, mode="several", unbound={"C": 40_000_00})
    assert (calling.due(), calling.call.shortfall_minor) == ({"B": 200_000_00, "C": 180_000_00}, 20_000_00)


def test_it_does_not_matter_which_seat_has_agreed_to_less() -> None:
    unbound = ({"B": 100_000_00, "C": 40_000_00}, {"B": 40_000_00, "C": 100_000_00})
    one, other = (Calling(400_000_00, {"B": M, "C": M}, unbound=each) for each in unbound)
    assert (one.due(), one.call.shortfall_minor) == ({"B": 150_000_00, "C": 210_000_00}, 40_000_00)
    assert other.due() == {"B": 210_000_00, "C": 150_000_00}
