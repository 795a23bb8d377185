"""The rows LN and CR-1 as stories: the bank tells, by signed events, and the firm looks."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.credit.rules.schedule import Terms, instalments
from tests.loans.lending import CHINA, Lender, mirror, planned


def test_ln_1_days_past_due_count_from_the_moved_date(lender: Lender) -> None:
    terms = Terms(
        principal_minor=400_000_00,
        rate_bp=1200,
        day_count="ACT/360",
        method="equal_principal",
        months=4,
        drawn_on=date(2024, 1, 10),
        holidays="following",
    )
    rows = [(each.due_on.isoformat(), each.principal_minor, each.interest_minor) for each in instalments(terms, CHINA)]
    lender.on(2024, 1, 10)
    loan_id = lender.lend(400_000_00, planned(*rows))
    lender.on(2024, 2, 19)
    seen = lender.see(loan_id)
    assert [each["due_on"] for each in seen["standing"]["schedule"]] == [
        "2024-02-18",
        "2024-03-11",
        "2024-04-10",
        "2024-05-10",
    ]
    assert (seen["status"], seen["standing"]["dpd"], seen["standing"]["overdue_since"]) == (
        "in_arrears",
        1,
        "2024-02-18",
    )


def test_ln_2_a_payment_with_an_earlier_value_date_is_booked_as_if_in_order_by_reversing_and_new_entries(
    lender: Lender,
) -> None:
    lender.on(2024, 2, 5)
    loan_id = lender.lend(9_000_00, planned(("2024-03-05", 9_000_00, 1_000_00)))
    lender.on(2024, 3, 20)
    assert lender.pay(loan_id, 6_000_00) == ("applied", None)
    lender.on(2024, 3, 21)
    assert lender.pay(loan_id, 4_000_00, "2024-03-16") == ("applied", None)
    assert lender.figures(loan_id) == {
        "status": "current",
        "dpd": 0,
        "principal": "61.60",
        "interest": "0.00",
        "penalty": "0.03",
    }
    assert mirror(loan_id) == {
        "loan_principal": 61_60,
        "loan_penalty": 3,
        "loan_funding": -9_000_00 + 10_000_00,
        "loan_income": -1_061_63,
    }
    [*_, last] = lender.api.get(f"/v1/loans/{loan_id}/statement", lender.firm)["items"]
    assert last["event"] == "loan.repayment_received"
    assert (last["value_on"], last["principal"]["amount"]) == ("2024-03-16", "61.60")
    reversing = [leg for leg in last["legs"] if leg["account"] == "loan_funding" and leg["credit"]["amount"] != "0.00"]
    assert sum(float(leg["credit"]["amount"]) for leg in reversing) == 6_000.0


def test_ln_3_a_payoff_quote_counts_what_is_overdue_at_the_penalty_rate(lender: Lender) -> None:
    lender.on(2024, 7, 10)
    rows = planned(
        ("2024-08-10", 120_000_00, 3_720_00), ("2024-09-10", 120_000_00, 2_480_00), ("2024-10-10", 120_000_00, 1_200_00)
    )
    loan_id = lender.lend(360_000_00, rows)
    lender.on(2024, 8, 20)
    quote = lender.api.post(f"/v1/loans/{loan_id}/payoff-quotes", {"on": "2024-08-25"}, lender.firm)
    assert {name: quote[name]["amount"] for name in ("principal", "interest", "penalty", "total")} == {
        "principal": "360000.00",
        "interest": "4920.00",
        "penalty": "900.00",
        "total": "365820.00",
    }


def test_ln_4_a_reversal_of_the_last_payment_brings_the_loan_back_as_late_as_it_then_is(lender: Lender) -> None:
    terms = Terms(
        principal_minor=1_000_000_00,
        rate_bp=1200,
        day_count="30/360",
        method="annuity",
        months=12,
        drawn_on=date(2023, 12, 10),
    )
    schedule = instalments(terms, CHINA)
    lender.on(2023, 12, 10)
    rows = [(each.due_on.isoformat(), each.principal_minor, each.interest_minor) for each in schedule]
    loan_id = lender.lend(1_000_000_00, planned(*rows))
    for each in schedule:
        lender.on(each.due_on.year, each.due_on.month, each.due_on.day)
        reference = {"bank_ref": f"R-{each.number}"}
        assert lender.pay(loan_id, each.total_minor, **reference) == ("applied", None)
    repaid = lender.see(loan_id)
    assert (repaid["status"], repaid["repaid_on_time"]) == ("repaid", True)
    assert lender.line() == ("1000000.00", "0.00")
    lender.on(2024, 12, 20)
    event = lender.tell("repayment.reversed", loan_id, amount=88_848_76, original_bank_ref="R-12")
    assert event == ("applied", None)
    assert lender.figures(loan_id) == {
        "status": "in_arrears",
        "dpd": 10,
        "principal": "87969.07",
        "interest": "879.69",
        "penalty": "439.85",
    }
    assert lender.see(loan_id)["repaid_on_time"] is None
    assert lender.line() == ("912030.93", "87969.07")
    lender.on(2024, 12, 23)
    assert lender.pay(loan_id, 88_848_76 + 571_80) == ("applied", None)
    again = lender.see(loan_id)
    assert (again["status"], again["repaid_on_time"], again["standing"]["worst_dpd"]) == ("repaid", False, 13)


def test_ln_5_pauses_are_merged_and_count_after_the_due_date_only(lender: Lender) -> None:
    lender.on(2024, 5, 10)
    loan_id = lender.lend(10_000_00, planned(("2024-06-10", 10_000_00, 100_00)))
    for told_on, start, end in (
        ((2024, 6, 1), "2024-06-01", "2024-06-08"),
        ((2024, 6, 20), "2024-06-20", "2024-07-10"),
        ((2024, 7, 1), "2024-07-01", "2024-07-20"),
    ):
        lender.on(*told_on)
        assert lender.tell("hardship.granted", loan_id, **{"from": start, "to": end}) == ("applied", None)
    lender.on(2024, 7, 5)
    then = lender.figures(loan_id)
    assert (then["status"], then["dpd"], then["penalty"]) == ("paused", 10, "50.00")
    lender.on(2024, 7, 31)
    then = lender.figures(loan_id)
    assert (then["status"], then["dpd"]) == ("in_arrears", 21)


def test_ln_6_one_transfer_pays_two_loans_each_once(lender: Lender) -> None:
    lender.on(2024, 6, 1)
    one, other = (lender.lend(200_000_00, planned(("2024-07-01", 200_000_00, 2_000_00))) for _ in range(2))
    lender.on(2024, 6, 10)
    assert lender.pay(one, 88_848_79, bank_ref="R-778") == ("applied", None)
    assert lender.pay(other, 11_151_21, bank_ref="R-778") == ("applied", None)
    before = lender.figures(one), lender.figures(other)
    assert lender.pay(one, 88_848_79, bank_ref="R-778", webhook_id="another") == ("applied", None)
    assert lender.pay(one, 88_848_97, bank_ref="R-778") == ("refused", "bank_event_contradicts")
    assert (lender.figures(one), lender.figures(other)) == before


@pytest.mark.parametrize(
    ("rows", "paid", "day", "dpd"),
    [
        ((("2024-06-10", 50_000_00, 0), ("2024-07-10", 50_000_00, 0)), 49_940_00, (2024, 7, 13), 3),
        ((("2024-06-10", 80_00, 0), ("2024-12-10", 9_920_00, 0)), 0, (2024, 6, 15), 5),
        ((("2024-06-10", 10_000_00, 0),), 9_940_00, (2024, 6, 20), 0),
    ],
)
def test_ln_7_what_is_not_material_does_not_count_but_is_owed(
    lender: Lender, rows: tuple[tuple[str, int, int], ...], paid: int, day: tuple[int, int, int], dpd: int
) -> None:
    lender.on(2024, 5, 10)
    loan_id = lender.lend(sum(principal for _, principal, _ in rows), planned(*rows))
    lender.on(2024, 6, 10)
    if paid:
        assert lender.pay(loan_id, paid) == ("applied", None)
    lender.on(*day)
    then = lender.figures(loan_id)
    assert (then["dpd"], then["status"]) == (dpd, "in_arrears" if dpd else "current")


def test_cr_1_a_reversed_repayment_is_outstanding_again_and_counts_once(lender: Lender) -> None:
    lender.on(2024, 6, 1)
    loan_id = lender.lend(300_000_00, planned(("2024-12-01", 300_000_00, 18_300_00)))
    assert lender.line() == ("700000.00", "300000.00")
    assert lender.pay(loan_id, 300_000_00, bank_ref="R-1") == ("applied", None)
    assert lender.line() == ("1000000.00", "0.00")
    lender.on(2024, 6, 5)
    reversal = {"amount": 300_000_00, "original_bank_ref": "R-1", "bank_ref": "X-1"}
    assert lender.tell("repayment.reversed", loan_id, **reversal) == ("applied", None)
    assert lender.line() == ("700000.00", "300000.00")
    assert lender.tell("repayment.reversed", loan_id, webhook_id="again", **reversal) == ("applied", None)
    assert lender.line() == ("700000.00", "300000.00")
    assert lender.see(loan_id)["status"] == "current"
