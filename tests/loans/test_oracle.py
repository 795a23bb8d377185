"""The oracle against the figures that are printed in the design: it has to be right before ours is compared with it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests.loans import oracle
from tests.loans.oracle import Due, Happened, Pause, Payment, Planned, Reversal, Terms

MILLION = 1_000_000_00
I5 = Terms(MILLION, 1_200, day_count="30_360", drawn_on=date(2023, 12, 10))
LN_3 = Terms(360_000_00, 1_200, "equal_principal", months=3, drawn_on=date(2024, 7, 10))


@pytest.mark.parametrize(
    ("rate_bp", "days", "day_count", "interest"),
    [
        (1_200, 180, "act_360", 60_000_00),
        (1_200, 180, "act_365f", 59_178_08),
        (1_200, 31, "act_360", 10_333_33),
        (1_200, 31, "act_365f", 10_191_78),
        (1_800, 30, "act_360", 15_000_00),
    ],
)
def test_interest_of_days(rate_bp: int, days: int, day_count: str, interest: int) -> None:
    """I1, I2, I3."""
    assert oracle.half_up(oracle.accrual(MILLION, Fraction(rate_bp), days, day_count)) == interest


def test_an_annuity_of_twelve_months() -> None:
    """I5."""
    plan = oracle.schedule(I5)
    assert [each.principal + each.interest for each in plan] == [88_848_79] * 11 + [88_848_76]
    assert sum(each.interest for each in plan) == 66_185_45
    assert sum(each.principal for each in plan) == MILLION
    assert (plan[-1].principal, plan[-1].interest, plan[-1].due_on) == (87_969_07, 879_69, date(2024, 12, 10))


def test_due_dates_move_to_the_following_business_day_from_the_contracts_day() -> None:
    """LN-1."""
    terms = Terms(120_000_00, 1_200, "equal_principal", months=4, holidays="following", interest_moves=True)
    plan = oracle.schedule(terms)
    assert [each.due_on for each in plan] == [
        date(2024, 2, 18),
        date(2024, 3, 11),
        date(2024, 4, 10),
        date(2024, 5, 10),
    ]
    assert [each.days for each in plan] == [39, 22, 30, 30]
    assert oracle.position(terms, plan, [], date(2024, 2, 18)).dpd == 0
    assert oracle.position(terms, plan, [], date(2024, 2, 20)).dpd == 2


def test_a_payment_that_is_told_late_counts_from_its_value_date() -> None:
    """LN-2: one instalment of 9,000.00 and 1,000.00 interest."""
    terms = Terms(9_000_00, 1_200, "bullet", months=1, drawn_on=date(2024, 2, 5))
    [plan] = oracle.schedule(terms)
    due = Due(plan._replace(interest=1_000_00), 9_000_00, 9_000_00, accrued=Fraction(1_000_00))
    paid = []
    day = plan.due_on
    for payment in sorted([Payment(date(2024, 3, 20), 6_000_00), Payment(date(2024, 3, 16), 4_000_00)]):
        oracle.accrue([due], terms, [], day, payment.on)
        paid.append(oracle.allocate([due], terms, payment)[0])
        day = payment.on
    assert paid == [
        {"penalty": 49_50, "interest": 1_000_00, "principal": 2_950_50, "fee": 0},
        {"penalty": 12_10, "interest": 0, "principal": 5_987_90, "fee": 0},
    ]
    assert oracle.days_past_due([due], [], date(2024, 3, 20)) == 0
    oracle.accrue([due], terms, [], day, date(2024, 3, 21))
    assert (due.unpaid, due.penalty) == (61_60, 3)


def test_a_payoff_pays_the_penalty_rate_on_overdue_principal_only() -> None:
    """LN-3."""
    assert oracle.position(LN_3, oracle.schedule(LN_3), [], date(2024, 8, 25)).payoff == 365_820_00


def test_a_reversal_of_the_last_payment_counts_from_the_due_date() -> None:
    """LN-4."""
    paid: list[Happened] = [
        Payment(each.due_on, each.principal + each.interest, f"R-{n}") for n, each in enumerate(oracle.schedule(I5))
    ]
    assert oracle.position(I5, oracle.schedule(I5), paid, date(2024, 12, 10)).status == "repaid"
    back: list[Happened] = [*paid, Reversal("R-11")]
    position = oracle.position(I5, oracle.schedule(I5), back, date(2024, 12, 20))
    assert (position.status, position.dpd, position.penalty) == ("in_arrears", 10, 439_85)
    assert (position.principal, position.principal + position.interest) == (87_969_07, 88_848_76)
    again: list[Happened] = [*back, Payment(date(2024, 12, 23), position.payoff + 131_95, "R-12")]
    assert oracle.position(I5, oracle.schedule(I5), again, date(2024, 12, 23)).status == "repaid"


def test_pauses_are_merged_and_count_after_the_due_date_only() -> None:
    """LN-5."""
    terms = Terms(10_000_00, 1_200, "bullet", months=1, drawn_on=date(2024, 5, 10))
    pauses = [
        Pause(date(2024, *since), date(2024, *until))
        for since, until in (((6, 1), (6, 8)), ((6, 20), (7, 10)), ((7, 1), (7, 20)))
    ]
    early, late = (
        oracle.position(terms, oracle.schedule(terms), pauses, day) for day in (date(2024, 7, 5), date(2024, 7, 31))
    )
    assert (early.status, early.dpd, early.penalty) == ("paused", 10, 50_00)
    assert (late.status, late.dpd) == ("in_arrears", 21)


@pytest.mark.parametrize(
    ("dues", "on", "dpd"),
    [
        ([("06-10", 50_000_00, 60_00), ("07-10", 50_000_00, 50_000_00)], "07-13", 3),
        ([("06-10", 80_00, 80_00)], "06-15", 5),
        ([("06-10", 10_000_00, 90_00), ("07-10", 10_000_00, 90_00), ("08-10", 10_000_00, 90_00)], "08-11", 32),
        ([("06-10", 50_000_00, 60_00)], "06-30", 0),
    ],
)
def test_days_past_due_with_materiality(dues: list[tuple[str, int, int]], on: str, dpd: int) -> None:
    """LN-7, M14."""
    plans = [
        Planned(date.fromisoformat(f"2024-{day}"), whole, 0, date(2024, 5, 10), date(2024, 6, 10), 31)
        for day, whole, _ in dues
    ]
    unpaid = [
        Due(plan, left, whole, paid=Counter(principal=whole - left))
        for plan, (_, whole, left) in zip(plans, dues, strict=True)
    ]
    assert oracle.days_past_due(unpaid, [], date.fromisoformat(f"2024-{on}")) == dpd


def test_it_imports_nothing_of_ours() -> None:
    assert "chalicelib" not in Path(oracle.__file__).read_text()
