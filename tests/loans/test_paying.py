"""What a bank reports of one loan after another, by signed events, and what the firm then sees: sizes, orders and days that are unusual."""

from __future__ import annotations

import pytest

from tests.bank_events.conftest import books
from tests.loans.lending import Lender, mirror, offering, planned

MILLION = 1_000_000_00


@pytest.mark.parametrize(
    ("day_count", "of_31_days", "of_180_days", "overdue_30_days"),
    [("ACT/360", "10333.33", "60000.00", "15000.00"), ("ACT/365F", "10191.78", "59178.08", "14794.52")],
)
def test_i1_to_i3_interest_and_penalty_as_of_any_day(
    lender: Lender,
    monkeypatch: pytest.MonkeyPatch,
    day_count: str,
    of_31_days: str,
    of_180_days: str,
    overdue_30_days: str,
) -> None:
    offering(monkeypatch, day_count=day_count)
    lender.on(2024, 1, 1)
    interest = int(of_180_days.replace(".", ""))
    loan_id = lender.lend(MILLION, planned(("2024-06-29", MILLION, interest)))
    before = lender.see(loan_id)["version"]
    after_a_month, due, late = (
        lender.see(loan_id, on=on)["standing"] for on in ("2024-02-01", "2024-06-29", "2024-07-29")
    )
    assert (after_a_month["interest"]["amount"], due["interest"]["amount"]) == (of_31_days, of_180_days)
    assert (late["interest"]["amount"], late["penalty"]["amount"]) == (of_180_days, overdue_30_days)
    assert lender.see(loan_id)["version"] == before, "no day is written"


WHENS, WHATS = ("past_due", "due", "in_advance"), ("penalty", "fee", "interest", "principal")


def cells(whens: tuple[str, ...] = WHENS, whats: tuple[str, ...] = WHATS) -> tuple[str, ...]:
    """The twelve cells of a product's order."""
    return tuple(f"{when}.{what}" for when in whens for what in whats)


@pytest.mark.parametrize(
    ("order", "pays"),
    [
        (WHATS, ("95.00", "200.00", "705.00")),
        (("principal", "interest", "fee", "penalty"), ("0.00", "0.00", "1000.00")),
        (("interest", "penalty", "principal", "fee"), ("95.00", "200.00", "705.00")),
    ],
)
def test_a_payment_goes_by_the_products_own_order(
    lender: Lender, monkeypatch: pytest.MonkeyPatch, order: tuple[str, ...], pays: tuple[str, ...]
) -> None:
    """19 days late with 10,000.00 at 18 %: 95.00 of penalty, 200.00 of interest."""
    offering(monkeypatch, allocation=cells(whats=order))
    lender.on(2024, 5, 2)
    loan_id = lender.lend(20_000_00, planned(("2024-06-10", 10_000_00, 200_00), ("2024-07-10", 10_000_00, 100_00)))
    lender.on(2024, 6, 29)
    plan = {"loan_id": loan_id, "payments": [{"on": "2024-06-29", "money": {"amount": "1000.00", "currency": "CNY"}}]}
    simulated = lender.api.post("/v1/repayment-simulations", plan, lender.firm)["payments"][0]["split"]
    assert lender.pay(loan_id, 1_000_00) == ("applied", None)
    [*_, last] = lender.api.get(f"/v1/loans/{loan_id}/statement", lender.firm)["items"]
    assert tuple(simulated[part]["amount"] for part in ("penalty", "interest", "principal")) == pays
    left = lender.see(loan_id)["standing"]
    paid = next(each for each in left["schedule"] if each["number"] == 1)
    assert tuple(paid[f"{part}_paid"]["amount"] for part in ("penalty", "interest", "principal")) == pays
    assert last["principal"] == left["principal"]
    books()


def test_ln_7_c_small_rests_add_up_from_the_oldest_where_a_product_takes_what_is_due_before_what_is_past(
    lender: Lender, monkeypatch: pytest.MonkeyPatch
) -> None:
    offering(monkeypatch, allocation=cells(("due", "past_due", "in_advance")))
    lender.on(2024, 5, 10)
    days = ("2024-06-10", "2024-07-10", "2024-08-10")
    loan_id = lender.lend(30_000_00, planned(*((day, 10_000_00, 0) for day in days)))
    for month in (6, 7, 8):
        lender.on(2024, month, 10)
        assert lender.pay(loan_id, 9_910_00) == ("applied", None)
    lender.on(2024, 8, 11)
    loan = lender.see(loan_id)
    assert [each["principal_paid"]["amount"] for each in loan["standing"]["schedule"]] == ["9910.00"] * 3
    assert (loan["status"], loan["standing"]["dpd"], loan["standing"]["overdue_since"]) == ("in_arrears", 32, days[1])


def test_value_dates_reach_30_days_back_and_no_farther_whatever_came_between(lender: Lender) -> None:
    lender.on(2024, 1, 10)
    loan_id = lender.lend(10_000_00, planned(("2024-03-10", 10_000_00, 200_00)))
    lender.on(2024, 4, 10)
    assert lender.pay(loan_id, 100_00) == ("applied", None)
    assert lender.see(loan_id)["standing"]["dpd"] == 31
    for day, reason in (("2024-03-10", "value_date_too_far_back"), ("2024-04-11", "value_date_ahead")):
        assert lender.pay(loan_id, 10_200_00, day) == ("refused", reason)
    assert lender.see(loan_id)["standing"]["dpd"] == 31
    assert lender.pay(loan_id, 10_200_00, "2024-03-11") == ("applied", None)
    loan = lender.see(loan_id)
    assert (loan["status"], loan["standing"]["payoff"]["amount"], loan["standing"]["worst_dpd"]) == (
        "repaid",
        "0.00",
        1,
    )
    # A day's penalty of 5.00 left 5.00 of principal, which for thirty days bore 0.08: of April's 100.00 the rest is surplus.
    assert mirror(loan_id) == {"loan_funding": 300_00, "loan_income": -205_08, "loan_surplus": -94_92}
    books()


def test_short_early_and_over_then_closed_and_paid_once_more(lender: Lender) -> None:
    """The bank owes back what nothing was owed for, whenever it came; the line is what is outstanding."""
    lender.on(2026, 3, 2)
    rows = planned(("2026-04-02", 50_000_00, 1_033_33), ("2026-05-02", 50_000_00, 500_00))
    loan_id = lender.lend(100_000_00, rows)
    steps = (
        ((2026, 3, 17), 20_500_00, "current", ("920000.00", "80000.00")),  # early: 500.00 of interest so far
        ((2026, 4, 3), 20_000_00, "in_arrears", None),  # short, a day late
        ((2026, 4, 10), 12_000_00, "current", None),  # what was overdue, and something of the next
        ((2026, 5, 2), 60_000_00, "repaid", ("1000000.00", "0.00")),  # over
    )
    for number, (day, minor, status, line) in enumerate(steps):
        lender.on(*day)
        for _ in range(2):
            assert lender.pay(loan_id, minor, bank_ref=f"R-{number}") == ("applied", None)
        seen = lender.see(loan_id)
        assert seen["status"] == status, day
        if status == "in_arrears":
            assert [seen["standing"][name] for name in ("dpd", "bucket", "stage", "asset_class")] == [
                1, "1-30", 1, "special_mention",
            ]  # fmt: skip
        if day == (2026, 4, 10):
            assert (seen["cured_on"], seen["standing"]["probation_until"]) == ("2026-04-10", "2026-07-09")
        assert line is None or lender.line() == line
    before = mirror(loan_id)
    assert lender.tell("loan.closed", loan_id) == ("applied", None)
    assert lender.tell("loan.closed", loan_id) == ("refused", "loan_not_in_this_status")
    lender.on(2026, 5, 20)
    assert lender.pay(loan_id, 5_00, bank_ref="LATE") == ("applied", None)
    closed = lender.see(loan_id)
    assert (closed["status"], closed["standing"]["payoff"]["amount"]) == ("closed", "0.00")
    more = {"loan_funding": before["loan_funding"] + 5_00, "loan_surplus": before["loan_surplus"] - 5_00}
    assert mirror(loan_id) == before | more
    assert lender.line() == ("1000000.00", "0.00")
    back = {"original_bank_ref": "LATE", "amount": 5_00}
    assert lender.tell("repayment.reversed", loan_id, **back) == ("applied", None)
    assert (mirror(loan_id), lender.see(loan_id)["status"]) == (before, "closed")
    books()
