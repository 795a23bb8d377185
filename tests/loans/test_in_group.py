"""A loan that a group stands for: which instalments count as punctual, what the group hears and when, what moves the group's position."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.groups.rules.position import MoveInGroup
from chalicelib.loans.rules.folding import folded
from chalicelib.loans.rules.loan import Loan, Repayment
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.timers import MACHINE
from chalicelib.loans.rules.transitions import LoanChange, moves
from chalicelib.shared.periods import start_of
from tests.loans.lending import CONTEXT, instalments, stood
from tests.loans.statuses import GUARANTEE, called, guaranteed, owed, pay, settled_by_guarantors, told

JUNE, JULY, AUGUST = date(2024, 6, 10), date(2024, 7, 10), date(2024, 8, 10)
DRAWN = date(2024, 5, 10)
PRODUCT = CONTEXT.product


def lent() -> Loan:
    """Three instalments of 1,000.00 without interest."""
    rows = [(day, 1_000_00, 0) for day in (JUNE, JULY, AUGUST)]
    return stood(guaranteed(instalments(*rows, drawn_on=DRAWN)), at(DRAWN))


def at(day: date) -> datetime:
    return start_of(day) + timedelta(hours=10)


def paid(loan: Loan, day: date, minor: int = 1_000_00, seat: int | None = None) -> Loan:
    return pay(loan, minor, seat, at(day))


def happened(loan: Loan, until: datetime) -> list[LoanChange]:
    return list(MACHINE.overdue(loan, CONTEXT, until))


# --- punctual payments ------------------------------------------------------------------------------------------------


def test_an_instalment_that_is_paid_on_its_day_counts_at_once() -> None:
    assert paid(lent(), JUNE).punctual == 1


def test_one_that_is_paid_a_day_late_never_counts() -> None:
    loan = paid(lent(), JUNE + timedelta(days=1))
    assert (loan.punctual, position_on(loan, PRODUCT, AUGUST).punctual) == (0, 0)


def test_one_that_is_paid_ahead_counts_on_its_due_date_by_the_clock() -> None:
    loan = paid(lent(), DRAWN + timedelta(days=3))
    assert (loan.punctual, loan.counts_at) == (0, start_of(JUNE))
    [change] = [each for each in happened(loan, start_of(JUNE)) if each.event.kind == "loan.instalment_counted"]
    assert (change.state.punctual, change.event.payload["punctual"], change.state.counts_at) == (1, 1, None)
    assert change.effects == (MoveInGroup(group_id=GUARANTEE.group_id, seat=1, punctual=1),)


def test_one_that_a_guarantor_helped_to_pay_does_not_count_and_later_ones_do() -> None:
    loan = paid(paid(lent(), JUNE, 999_99), JUNE, 1, seat=2)
    assert loan.punctual == 0
    assert paid(loan, JULY).punctual == 1


def test_a_payment_that_is_taken_back_does_not_count_any_more() -> None:
    loan = paid(lent(), JUNE)
    back = told(loan, "repayment.reversed", at(JUNE), original_bank_ref="P-1", amount=1_000_00, bank_ref="B-9")
    assert back.punctual == 0
    assert moves(loan, back)[-1] == MoveInGroup(
        group_id=GUARANTEE.group_id, seat=1, outstanding_minor=1_000_00, punctual=-1
    )


def test_what_has_counted_outlives_the_folding_of_payments() -> None:
    loan = paid(paid(lent(), JUNE), JULY)
    kept = folded(loan, CONTEXT, JULY + timedelta(days=5))
    assert (kept.repayments, kept.punctual_folded) == ((), 2)
    assert paid(kept, AUGUST).punctual == 3


@given(st.lists(st.tuples(st.integers(0, 95), st.integers(1, 1_500_00), st.booleans()), max_size=8), st.integers(0, 95))
def test_what_is_counted_on_the_way_is_what_each_due_date_says_by_itself(
    payments: list[tuple[int, int, bool]], days: int
) -> None:
    loan, on = lent(), DRAWN + timedelta(days=days)
    told = (
        Repayment(
            bank_ref=f"P-{number}",
            value_on=DRAWN + timedelta(days=day),
            amount_minor=minor,
            payer="guarantor" if is_helped else "debtor",
            seat=2 if is_helped else 0,
        )
        for number, (day, minor, is_helped) in enumerate(payments)
    )
    loan = replace(loan, repayments=tuple(told))
    helped = [each.value_on for each in loan.repayments if each.payer == "guarantor"]
    periods = [(DRAWN, JUNE), (JUNE, JULY), (JULY, AUGUST)]
    alone = [
        due
        for since, due in periods
        if due <= on
        and not position_on(loan, PRODUCT, due).due_minor
        and not any(since < day <= due or (since == DRAWN and day <= due) for day in helped)
    ]
    assert position_on(loan, PRODUCT, on).punctual == len(alone)


def test_without_a_group_nothing_is_counted_and_nobody_else_is_told() -> None:
    loan = stood(replace(lent(), guarantee=None), at(DRAWN))
    assert (paid(loan, JUNE).punctual, loan.group_at, loan.counts_at) == (0, None, None)


# --- what the group hears ---------------------------------------------------------------------------------------------


def told_group(loan: Loan, until: date) -> list[tuple[str, date, dict[str, object]]]:
    names = ("loan.group_reminded", "loan.group_told_of_arrears")
    return [
        (
            each.event.kind.removeprefix("loan."),
            each.at.date() + timedelta(days=1),
            {name: value for name, value in each.event.payload.items() if name in ("due_on", "days", "days_late")},
        )
        for each in happened(loan, start_of(until))
        if each.event.kind in names
    ]


def test_the_group_is_reminded_seven_days_before_and_told_of_the_band_after_three_days_and_after_thirty() -> None:
    assert told_group(lent(), AUGUST) == [
        ("group_reminded", date(2024, 6, 3), {"due_on": JUNE, "days": 7}),
        ("group_told_of_arrears", date(2024, 6, 13), {"days_late": "1-30"}),
        ("group_told_of_arrears", date(2024, 7, 11), {"days_late": "31-60"}),
    ]


def test_it_is_told_no_amount_and_by_the_members_of_that_loan() -> None:
    [first, *_] = [each for each in happened(lent(), start_of(JUNE)) if each.event.kind == "loan.group_reminded"]
    assert first.event.payload["guarantor_ids"] == [each.member_id for each in GUARANTEE.guarantors]
    assert not [name for name in first.event.payload if name.endswith("_minor") or name in ("amount", "money")]
    assert first.event.postings == ()


def test_days_of_a_pause_put_it_off() -> None:
    late = stood(lent(), at(JUNE + timedelta(days=2)))
    loan = told(late, "hardship.granted", at(date(2024, 6, 12)), from_on=date(2024, 6, 14), to_on=date(2024, 6, 20))
    days = [day for _, day, _ in told_group(loan, date(2024, 8, 1))]
    assert days == [date(2024, 6, 13), date(2024, 7, 17)]


# --- the group's position ---------------------------------------------------------------------------------------------


def test_a_call_leaves_a_loan_open_and_its_settlement_closes_it() -> None:
    settled = settled_by_guarantors()
    assert (called().is_open, settled.is_open) == (True, False)
    loan = called()
    repaid = pay(loan, owed(loan))
    assert moves(loan, repaid)[-1] == MoveInGroup(
        group_id=GUARANTEE.group_id, seat=1, outstanding_minor=-20_000_00, loans=-1
    )
