"""Calls from the bank's request to the end, through the API and signed events of the bank, to the fen; the books balance after each."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.shared.journal import JournalRow
from chalicelib.shared.payloads import as_money
from chalicelib.shared.periods import business_date
from chalicelib.webhooks.service.parties import of_call
from tests.bank_events.conftest import Bank
from tests.guarantees.calling import SEATS
from tests.guarantees.standing import ANN, BOB, BOC, CID, Standing, bank, minor_of, stand, standing
from tests.world import StandingClock

__all__ = ["bank", "standing"]

M = 100_000_000
"""A million of yuan in fen."""


# --- the examples of credit.md 4.6 ------------------------------------------------------------------------------------


def test_j1_a_call_is_checked_noticed_paid_and_confirmed(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    assert standing.due(call_id) == {"B": 200_000_00, "C": 200_000_00}
    assert (standing.status_of_loan("A"), standing.status_of_group()) == ("called", "called")
    b, c = standing.members["B"], standing.members["C"]
    assert standing.mirror() == {
        f"guarantor_due:{b}": 200_000_00,
        f"guarantor_due:{c}": 200_000_00,
        f"guarantees_called:{call_id}": -400_000_00,
    }
    standing.pay("A", "B", 200_000_00)
    assert standing.see(call_id)["status"] == "partly_paid"
    standing.pay("A", "C", 200_000_00)
    assert standing.see(call_id)["status"] == "paid"
    standing.tell(standing.loans["A"], "call.confirmed", call_id="C-A")
    assert standing.status_of_loan("A") == "settled_by_guarantors"
    assert standing.status_of_group() == "active"
    assert standing.mirror() == {}


@pytest.mark.parametrize(
    ("net", "limits", "terms", "due"),
    [
        pytest.param(100_000_01, {"B": M, "C": M}, {}, {"B": 50_000_01, "C": 50_000_00}, id="J2"),
        pytest.param(
            M, {"B": M // 2, "C": M, "D": M * 3 // 2}, {}, {"B": 166_666_67, "C": 333_333_33, "D": 500_000_00}, id="J3"
        ),
        pytest.param(
            100_00,
            dict.fromkeys("BCD", M),
            {"basis": "outstanding"},
            {"B": 33_34, "C": 33_33, "D": 33_33},
            id="J5",
        ),
        pytest.param(2, dict.fromkeys("BCD", M), {}, {"B": 1, "C": 1}, id="J6"),
        pytest.param(
            900_000_00,
            dict.fromkeys("BCD", M),
            {"caps": {"B": 100_000_00}, "basis": "equal"},
            {"B": 100_000_00, "C": 400_000_00, "D": 400_000_00},
            id="J7",
        ),
    ],
)
def test_shares_of_the_worked_examples(
    standing: Standing, net: int, limits: dict[str, int], terms: dict[str, Any], due: dict[str, int]
) -> None:
    call_id = standing.called("A", net, limits, **terms)
    assert standing.due(call_id) == due
    for letter, minor in due.items():
        standing.pay("A", letter, minor)
    assert standing.see(call_id)["status"] == "paid"
    assert standing.mirror() == {}


def test_outstanding_weights_are_what_each_owes_in_the_group_at_the_cut_off(standing: Standing) -> None:
    limits = dict.fromkeys("ABC", M)
    standing.lend("B", 300_000_00, limits)
    standing.lend("C", 100_000_00, limits)
    call_id = standing.called("A", 400_000_00, limits, basis="outstanding")
    assert standing.due(call_id) == {"B": 300_000_00, "C": 100_000_00}


def test_j9_caps_leave_a_shortfall_and_the_rest_is_the_banks_to_recover(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M}, {"B": 100_000_00, "C": 100_000_00})
    standing.pay("A", "B", 100_000_00)
    standing.pay("A", "C", 100_000_00)
    call = standing.see(call_id)
    assert (call["status"], minor_of(call["shortfall"])) == ("exhausted", 100_000_00)
    assert standing.status_of_loan("A") == "in_recovery"
    (message,) = standing.messages("call.exhausted")
    assert (message["call_ref"], message["shortfall_minor"]) == ("C-A", 100_000_00)


def test_j10_two_default_at_once_and_neither_is_in_the_others_call(standing: Standing) -> None:
    limits = {"A": M // 2, "B": M // 2, "C": M // 2, "D": M // 2, "E": M}
    of_a = standing.called("A", 300_000_00, limits)
    of_b = standing.called("B", 200_000_00, limits)
    assert standing.due(of_a) == {"C": 75_000_00, "D": 75_000_00, "E": 150_000_00}
    assert standing.due(of_b) == {"C": 50_000_00, "D": 50_000_00, "E": 100_000_00}
    assert standing.share(of_a, "B")["status"] == "left_out"


def test_j13_a_member_fails_and_its_part_cascades_to_the_last(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "C", 150_000_00)
    standing.run(days=25)
    assert standing.share(call_id, "B")["status"] == "overdue"
    reply = standing.api.post(f"/v1/guarantee-calls/{call_id}/shares/{SEATS['B']}/fail", {}, CID)
    assert reply.status == 200, reply.body
    standing.streams()
    assert standing.due(call_id) == {"C": 150_000_00}
    (failed,) = standing.messages("call.member_failed")
    assert failed["seats"] == [SEATS["B"]]
    assert [(each["seat"], each["amount_minor"]) for each in failed["notices"]] == [(SEATS["C"], 150_000_00)]
    standing.pay("A", "C", 150_000_00)
    assert standing.see(call_id)["status"] == "paid"
    assert standing.status_of_seat("B") == "failed_call"


def test_j15_the_debtor_pays_in_the_middle(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "C", 200_000_00)
    standing.pay("A", "A", 50_000_00)
    call = standing.see(call_id)
    assert minor_of(call["net"]) == 350_000_00
    assert [minor_of(share["fair"]) for share in call["shares"]] == [175_000_00, 175_000_00]
    assert standing.due(call_id) == {"B": 150_000_00}
    standing.pay("A", "B", 150_000_00)
    assert standing.see(call_id)["status"] == "paid"


def test_j16_one_pays_all(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 400_000_00)
    assert (standing.see(call_id)["status"], standing.due(call_id)) == ("paid", {})


def test_j19_seven_equal_members(bank: Bank, time: StandingClock) -> None:
    eight = stand(bank, time, "ABCDEFGH")
    call_id = eight.called("A", M, dict.fromkeys("BCDEFGH", M))
    assert eight.due(call_id) == {**dict.fromkeys("BC", 142_857_15), **dict.fromkeys("DEFGH", 142_857_14)}


def test_a_group_of_ten_is_called_in_one_go(bank: Bank, time: StandingClock) -> None:
    ten = stand(bank, time, "ABCDEFGHIJ")
    call_id = ten.called("A", 900_000_00, dict.fromkeys("BCDEFGHIJ", M))
    assert ten.due(call_id) == dict.fromkeys("BCDEFGHIJ", 100_000_00)
    for letter in "BCDEFGHIJ":
        ten.pay("A", letter, 100_000_00)
    assert ten.see(call_id)["status"] == "paid"
    assert ten.mirror() == {}


# --- the cases GU ---------------------------------------------------------------------------------------------------


def test_gu1_the_debtor_pays_after_all(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 200_000_00, bank_ref="B-200")
    standing.pay("A", "C", 200_000_00, bank_ref="C-200")
    standing.pay("A", "A", 450_000_00)
    call = standing.see(call_id)
    assert (call["status"], minor_of(call["surplus"])) == ("paid", 50_000_00)
    assert [minor_of(share["refund"]) for share in call["shares"]] == [200_000_00, 200_000_00]
    (message,) = standing.messages("call.refund_due")
    assert [(each["seat"], each["amount_minor"]) for each in message["refunds"]] == [(2, 200_000_00), (3, 200_000_00)]
    assert message["surplus_minor"] == 50_000_00
    loan = standing.lines[standing.loans["A"]].see(standing.loans["A"])
    assert (loan["status"], loan["repaid_on_time"]) == ("repaid", False)
    for ref in ("B-200", "C-200"):
        standing.tell(
            standing.loans["A"], "repayment.reversed", original_bank_ref=ref, amount=200_000_00, reason="refund"
        )
    assert {share["status"] for share in standing.see(call_id)["shares"]} == {"refunded"}
    assert standing.status_of_loan("A") == "repaid"
    assert standing.mirror() == {}
    standing.run(days=400)
    call = standing.see(call_id)
    assert (call["status"], call["why"]) == ("closed", "paid")


def test_gu2_a_cap_is_over_all_calls_of_the_group(standing: Standing) -> None:
    limits, caps = dict.fromkeys("CDE", M), {"C": 120_000_00}
    first = standing.called("A", 300_000_00, limits, caps)
    second = standing.called("B", 240_000_00, limits, caps)
    assert standing.due(first) == dict.fromkeys("CDE", 100_000_00)
    assert standing.due(second) == {"C": 20_000_00, "D": 110_000_00, "E": 110_000_00}
    standing.pay("B", "C", 60_000_00)
    assert standing.due(first) == {"C": 60_000_00, "D": 120_000_00, "E": 120_000_00}
    assert standing.due(second) == {"D": 90_000_00, "E": 90_000_00}
    assert standing.share(second, "C")["paid"]["amount"] == "60000.00"


# --- what else may happen ---------------------------------------------------------------------------------------------


def test_a_reserve_that_the_bank_uses_lowers_what_is_owed(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.tell(standing.loans["A"], "repayment.received", amount=60_000_00, payer={"kind": "collateral"})
    assert standing.due(call_id) == {"B": 120_000_00, "C": 120_000_00}


def test_the_pool_pays_of_the_shortfall_and_lowers_nobodys_share(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M}, {"B": 100_000_00, "C": 100_000_00})
    standing.tell(standing.loans["A"], "repayment.received", amount=50_000_00, payer={"kind": "pool"})
    call = standing.see(call_id)
    assert standing.due(call_id) == {"B": 100_000_00, "C": 100_000_00}
    assert [minor_of(call[name]) for name in ("net", "shortfall", "pool_paid")] == [300_000_00, 100_000_00, 50_000_00]


def test_later_interest_is_claimed_on_top(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 150_000_00)
    today = business_date(standing.time.at)
    standing.tell(
        standing.loans["A"],
        "interest.charged",
        amount=300_00,
        **{"from": (today - timedelta(days=2)).isoformat(), "to": today.isoformat()},
    )
    assert standing.due(call_id) == {"B": 150_00, "C": 150_150_00}
    assert len(standing.share(call_id, "B")["notices"]) == 2


def test_what_accrues_from_day_to_day_is_called_when_the_bank_has_charged_it(standing: Standing) -> None:
    loan_id = standing.lend("A", 300_000_00, {"B": M, "C": M}, rate_bp=1200)
    standing.loans["A"] = loan_id
    standing.default(loan_id)
    cut_off = business_date(standing.time.at)
    call_id = standing.request(loan_id, 300_000_00, interest=1_000_00)
    standing.notice(call_id)
    assert standing.due(call_id) == {"B": 150_500_00, "C": 150_500_00}
    standing.time.advance(days=8)
    standing.pay("A", "B", 150_500_00)
    assert standing.due(call_id) == {"C": 150_500_00}
    until = business_date(standing.time.at).isoformat()
    for kind, minor in (("interest", 500_00), ("penalty", 40_00)):
        standing.tell(loan_id, f"{kind}.charged", amount=minor, **{"from": cut_off.isoformat(), "to": until})
    assert standing.due(call_id) == {"B": 270_00, "C": 150_770_00}
    standing.pay("A", "B", 270_00)
    standing.pay("A", "C", 150_770_00)
    call = standing.see(call_id)
    assert (call["status"], minor_of(call["net"]), call["accrued_until"]) == ("paid", 301_540_00, until)


def test_what_the_bank_certifies_stands_where_it_is_not_ours(standing: Standing) -> None:
    loan_id = standing.lend("A", 300_000_00, {"B": M, "C": M})
    standing.default(loan_id)
    call_id = standing.request(loan_id, 299_000_00, penalty=500_00)
    assert standing.due(call_id) == {"B": 149_750_00, "C": 149_750_00}


def test_a_debtor_that_paid_between_cut_off_and_request_owes_so_much_less(standing: Standing) -> None:
    loan_id = standing.lend("A", 300_000_00, {"B": M, "C": M})
    standing.default(loan_id)
    cut_off = business_date(standing.time.at).isoformat()
    standing.time.advance(days=1)
    standing.tell(loan_id, "repayment.received", amount=100_000_00)
    call_id = standing.request(loan_id, 300_000_00, cut_off=cut_off)
    assert standing.due(call_id) == {"B": 100_000_00, "C": 100_000_00}


def test_hardship_of_the_debtor_stops_the_guarantors_clocks(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    before = standing.share(call_id, "B")["due_at"]
    today = business_date(standing.time.at)
    standing.tell(
        standing.loans["A"],
        "hardship.granted",
        **{"from": (today + timedelta(days=1)).isoformat(), "to": (today + timedelta(days=31)).isoformat()},
    )
    assert standing.share(call_id, "B")["due_at"] > before
    standing.run(days=28)
    assert standing.share(call_id, "B")["status"] == "due"


def test_a_call_that_is_withdrawn_goes_back_to_the_guarantors(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 150_000_00, bank_ref="B-150")
    standing.tell(standing.loans["A"], "call.withdrawn", call_id="C-A")
    call = standing.see(call_id)
    assert (call["status"], standing.due(call_id)) == ("withdrawn", {})
    assert standing.status_of_loan("A") == "defaulted"
    assert standing.status_of_group() == "active"
    (message,) = standing.messages("call.refund_due")
    assert message["refunds"] == [{"seat": SEATS["B"], "amount_minor": 150_000_00}]
    standing.tell(
        standing.loans["A"], "repayment.reversed", original_bank_ref="B-150", amount=150_000_00, reason="withdrawn"
    )
    assert standing.mirror() == {}
    standing.run(days=31)
    assert standing.see(call_id)["why"] == "withdrawn"


def test_officers_are_told_of_a_withdrawal_that_the_call_has_not_heard_of_yet(standing: Standing) -> None:
    limits = {"B": M, "C": M}
    call_id = standing.called("A", 300_000_00, limits)
    path = f"/v1/guarantee-calls/{call_id}"
    reason = {"reason": "We left in January."}
    objected = standing.api.post(f"{path}/shares/{SEATS['B']}/objections", reason, standing.token("B"))
    (objection,) = objected["shares"][0]["objections"]
    unnoticed = standing.lend("D", 100_000_00, limits)
    standing.default(unnoticed)
    waiting = standing.request(unnoticed, 100_000_00, "C-D")
    for loan_id, ref in ((standing.loans["A"], "C-A"), (unnoticed, "C-D")):
        assert standing.lines[loan_id].tell("call.withdrawn", loan_id, call_id=ref) == ("applied", None)
    decision = {"decision": "upheld", "answer": "You did."}
    for asked, body, by in (
        (f"{path}/objections/{objection['id']}/decide", decision, CID),
        (f"/v1/guarantee-calls/{waiting}/notice", {}, ANN),
    ):
        reply = standing.api.post(asked, body, by)
        assert (reply.status, reply["code"]) == (409, "guarantee_call_not_in_this_status"), reply.body
    standing.streams()
    assert [standing.see(each)["status"] for each in (call_id, waiting)] == ["withdrawn", "withdrawn"]


def test_a_payment_that_the_bank_takes_back_is_due_again(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 150_000_00, bank_ref="B-1-50")
    standing.pay("A", "C", 150_000_00)
    assert standing.see(call_id)["status"] == "paid"
    standing.tell(
        standing.loans["A"], "repayment.reversed", original_bank_ref="B-1-50", amount=150_000_00, reason="bounced"
    )
    assert (standing.see(call_id)["status"], standing.due(call_id)) == ("partly_paid", {"B": 150_000_00})
    assert standing.status_of_group() == "called"


def test_money_that_is_taken_back_after_the_group_has_ended_is_due_again_all_the_same(standing: Standing) -> None:
    """What the group was told of the call, and of who fails it, is nobody's concern any more: what is owed is."""
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 150_000_00, bank_ref="B-1-50")
    standing.pay("A", "C", 150_000_00)
    standing.end_group()
    standing.tell(
        standing.loans["A"], "repayment.reversed", original_bank_ref="B-1-50", amount=150_000_00, reason="bounced"
    )
    assert (standing.see(call_id)["status"], standing.due(call_id)) == ("partly_paid", {"B": 150_000_00})
    standing.run(days=60)
    assert (standing.due(call_id), standing.status_of_group()) == ({"C": 150_000_00}, "dissolved")


def test_a_debtor_that_pays_all_before_anybody_else_ends_the_call(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "A", 300_000_00)
    assert (standing.see(call_id)["status"], standing.status_of_loan("A")) == ("paid", "repaid")
    assert standing.status_of_group() == "active"
    assert standing.status_of_seat("A") == "cured"


def test_a_guarantor_that_defaults_itself_leaves_the_call(standing: Standing) -> None:
    limits = dict.fromkeys("ABC", M)
    call_id = standing.called("A", 300_000_00, limits)
    standing.pay("A", "B", 50_000_00)
    standing.loans["B"] = standing.lend("B", 100_000_00, limits)
    standing.default(standing.loans["B"])
    assert standing.share(call_id, "B")["status"] == "left_out"
    assert standing.due(call_id) == {"C": 250_000_00}


def test_with_too_few_good_members_the_group_is_wound_down(bank: Bank, time: StandingClock) -> None:
    three = stand(bank, time, "ABC")
    call_id = three.called("A", 300_000_00, {"B": M, "C": M})
    three.pay("A", "B", 150_000_00)
    three.pay("A", "C", 150_000_00)
    assert three.see(call_id)["status"] == "paid"
    assert three.status_of_group() == "winding_down"


def test_nobody_acts_and_the_call_ends_all_the_same(standing: Standing) -> None:
    loan_id = standing.lend("A", 300_000_00, {"B": M, "C": M})
    standing.loans["A"] = loan_id
    standing.default(loan_id)
    call_id = standing.request(loan_id, 300_000_00)
    for _ in range(30):
        standing.run(days=20)
    call = standing.see(call_id)
    assert (call["status"], {share["status"] for share in call["shares"]}) == ("closed", {"failed"})
    assert standing.status_of_loan("A") == "in_recovery"


# --- objections -------------------------------------------------------------------------------------------------------


def objected(standing: Standing) -> tuple[str, str]:
    """A call to whose share B objects: the call's id, the objection's."""
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M, "D": M})
    reply = standing.api.post(
        f"/v1/guarantee-calls/{call_id}/shares/{SEATS['B']}/objections",
        {"reason": "We had left before this loan was drawn."},
        standing.token("B"),
    )
    assert reply.status == 200, reply.body
    standing.streams()
    (share,) = reply["shares"]
    return call_id, share["objections"][0]["id"]


def test_an_objection_is_dismissed_by_an_officer_who_had_no_part_in_it(standing: Standing) -> None:
    call_id, objection_id = objected(standing)
    (message,) = standing.messages("call.share_objected")
    assert (message["seat"], message["objection_id"]) == (SEATS["B"], objection_id)
    path = f"/v1/guarantee-calls/{call_id}/objections/{objection_id}/decide"
    body = {"decision": "dismissed", "answer": "You were sealed in on that day."}
    assert standing.api.post(path, body, ANN)["code"] == "another_officer_needed"
    standing.run(days=5)
    assert standing.api.post(path, body, CID).status == 200
    standing.streams()
    share = standing.share(call_id, "B")
    assert (share["status"], share["objections"][0]["outcome"]) == ("due", "dismissed")
    assert share["due_at"] > standing.share(call_id, "C")["due_at"]


def test_an_objection_that_is_upheld_is_the_others_to_bear(standing: Standing) -> None:
    call_id, objection_id = objected(standing)
    path = f"/v1/guarantee-calls/{call_id}/objections/{objection_id}/decide"
    reply = standing.api.post(path, {"decision": "upheld", "answer": "You had left."}, CID)
    assert reply.status == 200, reply.body
    standing.streams()
    assert standing.due(call_id) == {"C": 150_000_00, "D": 150_000_00}
    (message,) = standing.messages("call.objection_decided")
    assert (message["outcome"], len(message["notices"])) == ("upheld", 2)


# --- who sees what, twice, wrong --------------------------------------------------------------------------------------


def test_a_guarantor_sees_its_own_share_and_nothing_of_anothers(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_01, {"B": M, "C": M})
    seen = standing.see(call_id, standing.token("B"))
    assert [share["seat"] for share in seen["shares"]] == [SEATS["B"]]
    assert standing.members["C"] not in str(seen.body)
    assert not [each for each in seen["deadlines"] if each["name"].endswith(f"_{SEATS['C']}")]
    assert (seen["checked_by"], seen["noticed_by"]) == (None, None)
    for path in ("timeline", "statement"):
        page = standing.api.get(f"/v1/guarantee-calls/{call_id}/{path}", standing.token("B"))
        assert page.status == 200, page.body
        assert standing.members["C"] not in str(page.body)
        assert "200000.01" in str(page.body)
        assert "200000.00" not in str(page.body)


def test_the_debtor_sees_sums_and_the_bank_and_officers_every_share(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    assert standing.see(call_id, standing.token("A"))["shares"] == []
    for who in (BOC, ANN):
        assert len(standing.see(call_id, who)["shares"]) == 2


@pytest.mark.parametrize("letter", ["D", "E"])
def test_who_has_no_part_in_a_call_does_not_find_it(standing: Standing, letter: str) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    for path in ("", "/timeline", "/statement"):
        assert standing.api.get(f"/v1/guarantee-calls/{call_id}{path}", standing.token(letter)).status == 404
    assert standing.api.get("/v1/guarantee-calls", standing.token(letter))["items"] == []


def test_lists_are_ones_own_and_are_paged(standing: Standing) -> None:
    limits = dict.fromkeys("ABCDE", M)
    calls = [standing.called(letter, 100_000_00, limits) for letter in "AB"]
    for who, theirs in ((standing.token("C"), calls), (standing.token("A"), calls), (BOC, calls), (ANN, calls)):
        first = standing.api.get("/v1/guarantee-calls?limit=1", who)
        rest = standing.api.get(f"/v1/guarantee-calls?limit=1&cursor={first['next_cursor']}", who)
        assert sorted(item["id"] for page in (first, rest) for item in page["items"]) == sorted(theirs)
    assert standing.api.get("/v1/guarantee-calls?status=paid", ANN)["items"] == []


def test_every_command_may_be_sent_twice(standing: Standing) -> None:
    loan_id = standing.lend("A", 300_000_00, {"B": M, "C": M})
    standing.default(loan_id)
    call_id = standing.request(loan_id, 300_000_00)
    notice = f"/v1/guarantee-calls/{call_id}/notice"
    for officer in (ANN, CID):
        first, again = (standing.api.post(notice, {}, officer, key=f"notice-{officer[-8:]}") for _ in range(2))
        assert (first.status, first.body) == (again.status, again.body)
    assert standing.see(call_id)["version"] == 3
    share = f"/v1/guarantee-calls/{call_id}/shares/{SEATS['B']}"
    reasons = {"reason": "We had left before this loan was drawn."}
    first, again = (
        standing.api.post(f"{share}/objections", reasons, standing.token("B"), key="object") for _ in range(2)
    )
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
    decide = f"/v1/guarantee-calls/{call_id}/objections/{first['shares'][0]['objections'][0]['id']}/decide"
    answer = {"decision": "dismissed", "answer": "You were sealed in."}
    first, again = (standing.api.post(decide, answer, BOB, key="decide") for _ in range(2))
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
    standing.run(days=25)
    first, again = (standing.api.post(f"{share}/fail", None, ANN, key="fail") for _ in range(2))
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)


@pytest.mark.parametrize(
    ("path", "body", "who", "code"),
    [
        ("/shares/9/fail", {}, lambda standing: CID, "share_not_found"),
        ("/shares/x/fail", {}, lambda standing: CID, "share_not_found"),
        ("/shares/2/fail", {}, lambda standing: CID, "guarantee_call_not_in_this_status"),
        ("/shares/3/objections", {"reason": "No."}, lambda standing: standing.token("B"), "not_allowed"),
        ("/notice", {}, lambda standing: CID, "guarantee_call_not_in_this_status"),
        (
            "/objections/obj_1/decide",
            {"decision": "upheld", "answer": "Yes."},
            lambda standing: CID,
            "guarantee_call_not_in_this_status",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(
    standing: Standing, path: str, body: dict[str, Any], who: Callable[[Standing], str], code: str
) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    if code == "share_not_found":
        standing.run(days=25)
    reply = standing.api.post(f"/v1/guarantee-calls/{call_id}{path}", body, who(standing))
    assert reply["code"] == code, reply.body


def test_a_guarantors_webhook_tells_of_its_own_share_only(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_01, {"B": M, "C": M})
    (noticed,) = [
        entry
        for row in JournalRow.scan()
        if (entry := row.entry()).aggregate_id == call_id and entry.event.kind == "guarantee_call.noticed"
    ]
    audience = of_call(noticed)
    assert set(audience.sides) == {standing.members[letter] for letter in "ABC"}
    data = {
        letter: str(as_money(noticed.event.payload, "CNY", audience.sides[standing.members[letter]]))
        for letter in "ABC"
    }
    assert ["200000.01" in data[letter] for letter in "ABC"] == [False, True, False]
    assert ["200000.00" in data[letter] for letter in "ABC"] == [False, False, True]


def test_nobody_is_told_which_other_guarantor_is_late(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 150_000_00)
    standing.run(days=25)
    path = f"/v1/guarantee-calls/{call_id}/timeline"
    told = {}
    for letter in "ABC":
        items = standing.api.get(path, standing.token(letter))["items"]
        (late,) = [each["payload"] for each in items if each["kind"] == "guarantee_call.share_overdue"]
        told[letter] = late.get("status")
        assert "seats" not in late
    assert told == {"A": None, "B": "paid", "C": "overdue"}
    assert standing.share(call_id, "C", ANN)["status"] == "overdue"


def test_officers_are_told_what_all_guarantors_owe_together_and_not_what_the_last_of_them_does(
    standing: Standing,
) -> None:
    call_id = standing.called("A", 400_000_01, {"B": M, "C": M})
    standing.pay("A", "B", 100_000_00)
    told = {
        reader: standing.api.get(f"/v1/guarantee-calls/{call_id}/timeline", by)["items"][-1]["payload"]
        for reader, by in (("officer", ANN), ("bank", BOC), ("B", standing.token("B")))
    }
    sums = {reader: (minor_of(each["due"]), minor_of(each["paid"])) for reader, each in told.items()}
    assert sums == {
        "officer": (300_000_01, 100_000_00),
        "bank": (300_000_01, 100_000_00),
        "B": (100_000_01, 100_000_00),
    }


# --- obligations and statement ----------------------------------------------------------------------------------------


def test_obligations_are_shares_claims_and_loans_one_stands_for(standing: Standing) -> None:
    limits = dict.fromkeys("ABC", M)
    call_id = standing.called("A", 300_000_00, limits)
    loan_id = standing.lend("C", 200_000_00, limits, {"B": 50_000_00})
    path = f"/v1/members/{standing.members['B']}/obligations"
    items = standing.api.get(path, standing.token("B"))["items"]
    share, guarantee = items
    assert (share["kind"], share["id"], minor_of(share["due"]), minor_of(share["at_most"])) == (
        "share",
        call_id,
        150_000_00,
        300_000_00,
    )
    assert (guarantee["kind"], guarantee["id"], minor_of(guarantee["due"]), minor_of(guarantee["at_most"])) == (
        "guarantee",
        loan_id,
        0,
        50_000_00,
    )
    first = standing.api.get(f"{path}?limit=1", ANN)
    rest = standing.api.get(f"{path}?limit=1&cursor={first['next_cursor']}", ANN)
    assert [*first["items"], *rest["items"]] == items
    assert standing.api.get(path, standing.token("C")).status == 404


def test_what_another_member_is_owed_is_an_obligation_once_the_bank_has_all(standing: Standing) -> None:
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "C", 200_000_00)
    standing.pay("A", "A", 50_000_00)
    standing.pay("A", "B", 150_000_00)
    path = f"/v1/members/{standing.members['B']}/obligations"
    (claim,) = standing.api.get(path, standing.token("B"))["items"]
    assert (claim["kind"], minor_of(claim["due"]), minor_of(claim["at_most"])) == ("claim", 25_000_00, 25_000_00)


def test_a_statement_adds_up_in_every_line(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M}, {"C": 100_000_00})
    standing.pay("A", "B", 150_000_00)
    standing.pay("A", "A", 20_000_00)
    standing.pay("A", "C", 100_000_00)
    lines = standing.api.get(f"/v1/guarantee-calls/{call_id}/statement", BOC)["items"]
    assert [line["event"].partition(".")[2] for line in lines[:3]] == ["opened", "checked", "noticed"]
    for line in lines:
        net, *parts = (minor_of(line[name]) for name in ("net", "due", "paid", "shortfall"))
        assert net == sum(parts)
        assert parts[0] == sum(minor_of(share["due"]) for share in line["shares"])


# --- disorder ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_entries_that_come_late_twice_and_in_any_order_come_to_the_same(standing: Standing, seed: int) -> None:
    chance = random.Random(seed)
    loan_id = standing.lend("A", 400_000_00, {"B": M, "C": M})
    standing.loans["A"] = loan_id
    standing.default(loan_id)
    today = business_date(standing.time.at).isoformat()
    lender = standing.lines[loan_id]
    certified = {"principal": 400_000_00, "interest": 0, "penalty": 0, "cut_off": today}
    lender.tell("call.requested", loan_id, call_id="C-1", **certified)
    for letter, minor in (("C", 200_000_00), ("A", 50_000_00), ("B", 100_000_00)):
        payer = {"kind": "debtor"} if letter == "A" else {"kind": "guarantor", "seat": SEATS[letter]}
        lender.tell("repayment.received", loan_id, amount=minor, payer=payer)
    standing.streams(chance)
    (call,) = standing.listed()
    assert standing.due(call["id"]) == {"B": 50_000_00}
    standing.bank.streams.forget()
    standing.streams(chance)
    assert standing.see(call["id"])["version"] == call["version"]


def test_a_loan_that_guarantors_settled_is_closed_when_nobody_has_a_claim_any_more(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 400_000_00)
    standing.tell(standing.loans["A"], "call.confirmed", call_id="C-A")
    standing.run(days=100)
    assert standing.see(call_id)["status"] == "paid"
    for claim in standing.api.get("/v1/member-claims?limit=50", standing.token("B"))["items"]:
        reply = standing.api.post(f"/v1/member-claims/{claim['id']}/waive", None, standing.token("B"))
        assert reply.status == 200, reply.body
        standing.streams()
    assert standing.status_of_loan("A") == "settled_by_guarantors"
    standing.run(days=31)
    assert (standing.see(call_id)["why"], standing.status_of_loan("A")) == ("paid", "closed")


def test_a_claim_that_outlives_the_call_keeps_the_loan_open(standing: Standing) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 400_000_00)
    standing.tell(standing.loans["A"], "call.confirmed", call_id="C-A")
    for _ in range(4):
        standing.run(days=100)
    assert (standing.see(call_id)["why"], standing.status_of_loan("A")) == ("left_open", "settled_by_guarantors")
    for claim in standing.api.get("/v1/member-claims?limit=50", standing.token("B"))["items"]:
        standing.api.post(f"/v1/member-claims/{claim['id']}/waive", None, standing.token("B"))
    standing.streams()
    assert standing.status_of_loan("A") == "closed"


# --- money that names what is not there -------------------------------------------------------------------------------


def guarantors_payment(standing: Standing, seat: int, **more: Any) -> tuple[str, str | None]:
    """What becomes of a payment that the bank reports of a seat."""
    loan_id = standing.loans["A"]
    payer = {"kind": "guarantor", "seat": seat}
    outcome = standing.lines[loan_id].tell("repayment.received", loan_id, amount=150_000_00, payer=payer, **more)
    standing.streams()
    return outcome


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"seat": SEATS["B"], "call_id": "C-nobodys"}, "another_call_runs"),
        ({"seat": SEATS["A"]}, "seat_is_no_guarantor"),
        ({"seat": 9}, "seat_is_no_guarantor"),
    ],
    ids=["another call", "the debtor's seat", "no seat of the group"],
)
def test_a_payment_for_a_call_or_of_a_seat_that_is_not_there_is_refused_and_holds_up_nothing_behind_it(
    standing: Standing, named: dict[str, Any], code: str
) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    assert guarantors_payment(standing, **named) == ("refused", code)
    assert standing.due(call_id) == {"B": 150_000_00, "C": 150_000_00}
    assert guarantors_payment(standing, SEATS["B"], call_id="C-A") == ("applied", None)
    assert standing.due(call_id) == {"C": 150_000_00}


def test_a_payment_on_a_call_that_was_withdrawn_meanwhile_goes_back(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.tell(standing.loans["A"], "call.withdrawn", call_id="C-A")
    second = standing.request(standing.loans["A"], 300_000_00, "C-again")
    assert guarantors_payment(standing, SEATS["B"], call_id="C-A") == ("applied", None)
    assert minor_of(standing.share(call_id, "B")["refund"]) == 150_000_00
    assert standing.share(second, "B")["paid"]["amount"] == "0.00"


def test_a_payment_that_crosses_with_the_debtors_own_goes_back(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "A", 300_000_00)
    assert standing.status_of_loan("A") == "repaid"
    assert guarantors_payment(standing, SEATS["B"], call_id="C-A") == ("applied", None)
    assert minor_of(standing.share(call_id, "B")["refund"]) == 150_000_00


def test_who_pays_after_the_loan_was_written_off_has_paid_its_share(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "C", 150_000_00)
    standing.run(days=60)
    assert (standing.see(call_id)["status"], standing.share(call_id, "B")["status"]) == ("partly_paid", "failed")
    standing.pay("A", "C", 50_000_00)
    standing.run(days=60)
    assert (standing.see(call_id)["status"], standing.status_of_loan("A")) == ("exhausted", "in_recovery")
    standing.tell(standing.loans["A"], "loan.written_off", amount=100_000_00)
    assert guarantors_payment(standing, SEATS["A"]) == ("refused", "seat_is_no_guarantor")
    assert guarantors_payment(standing, SEATS["B"], call_id="C-nobodys") == ("refused", "another_call_runs")
    assert guarantors_payment(standing, SEATS["B"]) == ("applied", None)
    assert standing.share(call_id, "B")["status"] == "paid"
    assert minor_of(standing.share(call_id, "C")["refund"]) == 50_000_00


def test_what_the_debtor_pays_after_the_write_off_lowers_what_its_guarantors_are_asked_for(standing: Standing) -> None:
    call_id = standing.called("A", 300_000_00, {"B": M, "C": M})
    standing.pay("A", "C", 150_000_00)
    standing.run(days=120)
    standing.tell(standing.loans["A"], "loan.written_off", amount=150_000_00)
    standing.tell(standing.loans["A"], "recovery.received", amount=200_000_00, source="debtor")
    assert minor_of(standing.see(call_id)["net"]) == 100_000_00
    assert minor_of(standing.share(call_id, "C")["refund"]) == 50_000_00
