"""Where loans stand, to the fen: the rows LN-2 to LN-5 and LN-7."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from chalicelib.credit.rules.schedule import Terms
from chalicelib.loans.rules.loan import Loan, Split
from chalicelib.loans.rules.position import Position, arrears_on, position_on
from tests.loans.lending import annuity, instalments, lent, one_instalment, paid, paused, product


def on(loan: Loan, *day: int) -> Position:
    return position_on(loan, product(), date(*day))


def test_ln_2_a_payment_with_an_earlier_value_date_counts_as_if_it_had_come_in_order() -> None:
    loan = one_instalment(date(2024, 3, 5), 9_000_00, 1_000_00, drawn_on=date(2024, 2, 5))
    loan = paid(loan, (date(2024, 3, 20), 6_000_00), (date(2024, 3, 16), 4_000_00))
    then = on(loan, 2024, 3, 21)
    assert then.splits == {
        "R-2": Split(penalty_minor=49_50, interest_minor=1_000_00, principal_minor=2_950_50),
        "R-1": Split(penalty_minor=12_10, principal_minor=5_987_90),
    }
    assert (then.principal_minor, then.penalty_minor) == (61_60, 3)
    assert on(loan, 2024, 3, 20).dpd == then.dpd == 0


def test_ln_3_a_payoff_bears_the_contracts_rate_on_what_is_not_due_and_the_penalty_rate_on_what_is() -> None:
    loan = lent(
        Terms(
            principal_minor=360_000_00,
            rate_bp=1200,
            day_count="ACT/360",
            method="equal_principal",
            months=3,
            drawn_on=date(2024, 7, 10),
        )
    )
    then = on(loan, 2024, 8, 25)
    assert then.payoff_minor == 365_820_00
    assert (then.principal_minor, then.interest_minor, then.penalty_minor) == (360_000_00, 4_920_00, 900_00)


def test_ln_4_days_count_from_the_due_date_when_a_payment_is_reversed() -> None:
    loan = annuity()
    loan = paid(loan, *((each.due_on, 88_848_79) for each in loan.portions[:-1]))
    then = position_on(loan, product(day_count="30/360"), date(2024, 12, 20))
    assert then.dpd == 10
    assert (then.principal_minor, then.interest_minor, then.penalty_minor) == (87_969_07, 879_69, 439_85)
    whole = paid(loan, (date(2024, 12, 10), 88_848_76))
    assert position_on(whole, product(day_count="30/360"), date(2024, 12, 20)).payoff_minor == 0


@pytest.mark.parametrize(
    ("day", "is_paused", "dpd", "penalty"),
    [
        (date(2024, 6, 2), True, 0, 0),
        (date(2024, 7, 5), True, 10, 50_00),
        (date(2024, 7, 31), False, 21, 105_00),
    ],
)
def test_ln_5_days_of_a_pause_do_not_count_and_bear_no_penalty(
    day: date, is_paused: bool, dpd: int, penalty: int
) -> None:
    loan = paused(
        one_instalment(date(2024, 6, 10), 10_000_00, 100_00, drawn_on=date(2024, 5, 10)),
        (date(2024, 6, 1), date(2024, 6, 8)),
        (date(2024, 6, 20), date(2024, 7, 10)),
        (date(2024, 7, 1), date(2024, 7, 20)),
    )
    then = position_on(loan, product(), day)
    assert (then.is_paused, then.dpd, then.penalty_minor) == (is_paused, dpd, penalty)


def test_in_a_pause_overdue_principal_bears_the_contracts_rate() -> None:
    loan = paused(
        one_instalment(date(2024, 6, 10), 10_000_00, 100_00, drawn_on=date(2024, 5, 10)),
        (date(2024, 6, 10), date(2024, 6, 20)),
    )
    assert on(loan, 2024, 6, 20).interest_minor == 100_00 + 33_33


LN_7 = {
    "a": ([(date(2024, 6, 10), 50_000_00, 49_940_00), (date(2024, 7, 10), 50_000_00, 0)], date(2024, 7, 13), 3),
    "b": ([(date(2024, 6, 10), 80_00, 0)], date(2024, 6, 15), 5),
    "c": (
        [(date(2024, month, 10), 10_000_00, 9_910_00) for month in (6, 7, 8)],
        date(2024, 8, 11),
        32,
    ),
}


@pytest.mark.parametrize("row", LN_7)
def test_ln_7_days_count_from_the_due_date_at_which_the_sum_passes_what_is_material(row: str) -> None:
    parts, day, dpd = LN_7[row]
    loan = instalments(*((due_on, minor, 0) for due_on, minor, _ in parts), drawn_on=date(2024, 5, 10))
    loan = replace(
        loan,
        portions=tuple(
            replace(portion, principal_paid_minor=minor)
            for portion, (_, _, minor) in zip(loan.portions, parts, strict=True)
        ),
    )
    assert position_on(loan, product(), day).dpd == dpd


def test_ln_7_60_yuan_left_after_the_last_due_date_are_not_overdue_and_not_repaid() -> None:
    loan = paid(one_instalment(date(2024, 6, 10), 50_000_00, 0, date(2024, 5, 10)), (date(2024, 6, 10), 49_940_00))
    then = on(loan, 2024, 7, 10)
    assert then.dpd == 0
    assert then.principal_minor == 60_00
    assert arrears_on(then) is None


def test_it_is_known_ahead_when_a_loan_falls_into_arrears() -> None:
    loan = instalments((date(2024, 6, 10), 10_000_00, 0), (date(2024, 7, 10), 10_000_00, 0), drawn_on=date(2024, 5, 10))
    assert arrears_on(on(loan, 2024, 5, 10)) == date(2024, 6, 11)
    assert arrears_on(on(paid(loan, (date(2024, 6, 9), 10_000_00)), 2024, 6, 9)) == date(2024, 7, 11)
    late = paused(loan, (date(2024, 6, 10), date(2024, 6, 20)))
    assert arrears_on(on(late, 2024, 5, 10)) == date(2024, 6, 21)


def test_a_payment_beyond_all_that_is_owed_is_surplus() -> None:
    loan = paid(one_instalment(date(2024, 6, 10), 1_000_00, 0, date(2024, 5, 10)), (date(2024, 6, 10), 1_000_05))
    assert on(loan, 2024, 6, 10).splits["R-1"] == Split(principal_minor=1_000_00, surplus_minor=5)


def test_what_is_repaid_early_bears_no_interest_from_then_on() -> None:
    loan = instalments(
        (date(2024, 6, 10), 0, 310_00), (date(2024, 7, 10), 30_000_00, 300_00), drawn_on=date(2024, 5, 10)
    )
    loan = paid(loan, (date(2024, 6, 10), 310_00), (date(2024, 6, 20), 15_100_00))
    then = on(loan, 2024, 7, 10)
    assert then.splits["R-2"] == Split(interest_minor=100_00, principal_minor=15_000_00)
    assert then.payoff_minor == 15_000_00 + 100_00
