"""Calls on the guarantors of a loan: what the bank may ask for and when, what the loan keeps of it, and how it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.loans.rules import calls
from chalicelib.loans.rules.folding import folded
from chalicelib.loans.rules.loan import GuarantorSum, Loan
from chalicelib.loans.rules.standing import guaranteed_until
from chalicelib.shared.errors import DomainError
from chalicelib.shared.periods import start_of
from tests.loans.lending import CONTEXT
from tests.loans.statuses import (
    GUARANTEE,
    NOW,
    called,
    defaulted,
    guaranteed,
    guaranteed_default,
    in_arrears,
    in_recovery,
    owed,
    pay,
    settled_by_guarantors,
    tell,
    told,
)

DAY = timedelta(days=1)


def error_of(loan: Loan, kind: str, **data: Any) -> DomainError:
    with pytest.raises(DomainError) as refused:
        tell(loan, kind, **data)
    return refused.value


# --- the request ------------------------------------------------------------------------------------------------------


def test_a_call_is_kept_with_what_the_bank_certified() -> None:
    change = tell(guaranteed_default(), "call.requested")
    assert change is not None
    loan = change.state
    assert loan.status == "called"
    assert loan.call is not None
    assert (loan.call.call_id, loan.call.requested_ref, loan.call.certified_minor) == ("C-1", "B-1", 20_286_29)
    payload = change.event.payload
    assert (change.event.kind, payload["group_id"], payload["seat"]) == ("loan.call_requested", GUARANTEE.group_id, 1)
    assert payload["certified"] == {"principal_minor": 20_000_00, "interest_minor": 236_29, "penalty_minor": 50_00}


def test_certified_figures_that_are_not_ours_stand_and_the_entry_tells_of_the_difference() -> None:
    change = tell(guaranteed_default(), "call.requested", principal=19_999_99)
    assert change is not None
    assert change.state.call is not None
    assert change.state.call.principal_minor == 19_999_99
    [difference] = [each for each in change.event.payload["differences"] if each["of"] == "principal"]
    assert difference == {"of": "principal", "ours_minor": 20_000_00, "theirs_minor": 19_999_99}


def without_liability() -> Loan:
    terms = replace(GUARANTEE, mode="none")
    loan = replace(defaulted(), guarantee=terms)
    return replace(loan, guaranteed_until=guaranteed_until(loan, date(2024, 7, 10)))


@pytest.mark.parametrize("make", [defaulted, without_liability])
def test_a_loan_that_nobody_answers_for_is_not_called(make: Callable[[], Loan]) -> None:
    assert error_of(make(), "call.requested").code == "loan_not_guaranteed"


def test_the_last_day_of_the_guarantee_period_still_counts_and_the_day_after_is_refused() -> None:
    last = replace(guaranteed_default(), guaranteed_until=date(2024, 6, 20))
    assert told(last, "call.requested").status == "called"
    over = replace(last, guaranteed_until=date(2024, 6, 19))
    assert error_of(over, "call.requested").code == "guarantee_period_over"


@pytest.mark.parametrize(
    ("due", "until"),
    [(date(2024, 7, 10), date(2025, 1, 10)), (date(2024, 8, 31), date(2025, 2, 28))],
)
def test_the_guarantee_period_ends_months_after_the_last_instalment_falls_due(due: date, until: date) -> None:
    assert guaranteed_until(guaranteed(in_arrears()), due) == until
    assert guaranteed_until(in_arrears(), due) is None


def test_guarantors_are_not_called_upon_while_the_debtor_is_paused() -> None:
    paused = told(guaranteed(in_arrears()), "hardship.granted", from_on=date(2024, 6, 21), to_on=date(2024, 7, 1))
    in_default = told(paused, "default.declared")
    later = start_of(date(2024, 6, 25))
    with pytest.raises(calls.CallsPaused):
        tell(in_default, "call.requested", later)


def test_a_call_for_nothing_is_refused() -> None:
    assert (
        error_of(guaranteed_default(), "call.requested", principal=0, interest=0, penalty=0).code == "nothing_certified"
    )


@pytest.mark.parametrize("kind", ["call.confirmed", "call.withdrawn"])
def test_another_call_than_the_one_that_runs_is_refused(kind: str) -> None:
    error = error_of(called(), kind, call_id="C-2")
    assert (error.code, error.numbers["call_id"]) == ("another_call_runs", "C-1")


# --- money ------------------------------------------------------------------------------------------------------------


def test_what_guarantors_pay_is_kept_by_seat_and_on_the_call_that_runs() -> None:
    loan = pay(pay(pay(called(), 100_00, 2), 50_00, 3), 1_00, 2)
    assert loan.paid_by_seat() == loan.paid_by_seat("C-1") == {2: 101_00, 3: 50_00}
    assert pay(loan, 5_00).paid_by_seat() == loan.paid_by_seat()


def test_what_a_guarantor_lent_before_the_call_is_none_of_it() -> None:
    rescued = pay(guaranteed(in_arrears()), 100_00, 2)
    loan = told(told(rescued, "default.declared"), "call.requested")
    assert (loan.paid_by_seat(), loan.paid_by_seat("C-1")) == ({2: 100_00}, {})


@pytest.mark.parametrize("seat", [None, 1, 4])
def test_a_payment_of_a_guarantor_names_its_seat(seat: int | None) -> None:
    with pytest.raises(DomainError) as refused:
        pay(called(), 100_00, seat or -1)
    assert (refused.value.code, refused.value.numbers["seats"]) == ("seat_is_no_guarantor", [2, 3])


def test_a_recovery_is_no_guarantors() -> None:
    assert error_of(called(), "recovery.received", source="guarantor").code == "seat_is_no_guarantor"


def test_what_each_seat_paid_outlives_the_folding_of_payments() -> None:
    loan = pay(pay(pay(called(), 100_00, 2), 50_00, 3), 1_00, 2)
    kept = folded(loan, CONTEXT, date(2024, 7, 1))
    assert (kept.repayments, kept.paid_by_seat("C-1")) == ((), loan.paid_by_seat("C-1"))
    assert pay(kept, 2_00, 2, start_of(date(2024, 7, 2))).paid_by_seat("C-1") == {2: 103_00, 3: 50_00}
    later = replace(kept, call=None)
    assert folded(later, CONTEXT, date(2024, 7, 2)).guarantor_sums == (
        GuarantorSum(seat=2, minor=101_00),
        GuarantorSum(seat=3, minor=50_00),
    )


# --- how it ends ------------------------------------------------------------------------------------------------------


def paid_by_guarantors() -> Loan:
    loan = pay(called(), 10_000_00, 2)
    return pay(loan, owed(loan), 3)


def test_a_call_that_is_paid_waits_for_the_bank_to_confirm_it() -> None:
    paid = paid_by_guarantors()
    assert (paid.status, owed(paid)) == ("called", 0)
    settled = told(paid, "call.confirmed")
    assert (settled.status, settled.repaid_on, settled.repaid_on_time) == ("settled_by_guarantors", None, None)
    assert settled.outstanding_minor == 0
    assert tell(settled, "call.confirmed") is None


def test_a_call_is_not_confirmed_while_something_is_owed() -> None:
    loan = pay(called(), 10_000_00, 2)
    error = error_of(loan, "call.confirmed")
    assert (error.code, error.numbers["remaining_minor"]) == ("call_not_paid", owed(loan))


def test_a_call_that_is_withdrawn_leaves_the_loan_in_default_and_another_may_follow() -> None:
    loan = told(pay(called(), 100_00, 2), "call.withdrawn")
    assert (loan.status, loan.call) == ("defaulted", None)
    again = told(loan, "call.requested", call_id="C-2", bank_ref="B-2")
    assert (again.paid_by_seat("C-1"), again.paid_by_seat("C-2")) == ({2: 100_00}, {})


@pytest.mark.parametrize("make", [guaranteed_default, called])
def test_a_debtor_that_pays_all_has_repaid_and_not_on_time(make: Callable[[], Loan]) -> None:
    loan = make()
    repaid = pay(loan, owed(loan))
    assert (repaid.status, repaid.repaid_on_time, repaid.call) == ("repaid", False, None)


def test_a_debtor_that_pays_after_its_guarantors_has_repaid_even_before_they_have_their_money_back() -> None:
    """GU-1 as the loan sees it."""
    paid = paid_by_guarantors()
    part = pay(paid, 1_000_00)
    assert part.status == "called"
    repaid = pay(part, 25_000_00)
    assert (repaid.status, repaid.repaid_on_time) == ("repaid", False)
    for ref in ("P-1", "P-2"):
        minor = next(each.amount_minor for each in repaid.repayments if each.bank_ref == ref)
        repaid = told(repaid, "repayment.reversed", original_bank_ref=ref, amount=minor, bank_ref=f"back-{ref}")
    assert (repaid.status, repaid.paid_by_seat()) == ("repaid", {})


def test_a_payment_that_is_reversed_after_the_settlement_opens_the_loan_by_its_days_past_due() -> None:
    """Neither call nor default is in force then (credit.md 17)."""
    settled = settled_by_guarantors()
    loan = told(settled, "repayment.reversed", original_bank_ref="P-1", amount=10_000_00)
    assert (loan.status, loan.defaulted_on, loan.call) == ("current", None, None)
    assert owed(loan) == 10_000_00
    paid = loan.repayments[1].amount_minor
    loan = told(loan, "repayment.reversed", original_bank_ref="P-2", amount=paid, bank_ref="B-2")
    assert (loan.status, loan.outstanding_minor) == ("in_arrears", 20_000_00)


def test_a_call_that_nobody_can_pay_leaves_the_rest_to_recover() -> None:
    loan = in_recovery()
    assert loan.status == "in_recovery"
    part = told(loan, "recovery.received", amount=5_000_00, source="collateral")
    assert (part.status, owed(part)) == ("in_recovery", owed(loan) - 5_000_00)
    assert told(part, "loan.written_off", amount=owed(part)).status == "written_off"


def test_what_is_recovered_to_the_last_fen_settles_or_repays() -> None:
    by_debtor = in_recovery()
    assert pay(by_debtor, owed(by_debtor)).status == "repaid"
    by_both = calls.exhaust(pay(called(), 10_000_00, 2), CONTEXT, NOW).state
    assert pay(by_both, owed(by_both)).status == "settled_by_guarantors"


def test_what_the_debtor_pays_of_a_settled_loan_is_its_guarantors_and_changes_nothing_of_it() -> None:
    by_both = calls.exhaust(pay(called(), 10_000_00, 2), CONTEXT, NOW).state
    settled = pay(by_both, owed(by_both))
    more = told(pay(settled, 30_000_00), "recovery.received", amount=1_00)
    assert (more.status, more.booked.paid.surplus_minor) == ("settled_by_guarantors", 30_001_00)


def test_a_settled_loan_stays_until_the_claims_of_its_guarantors_are_cleared() -> None:
    settled = settled_by_guarantors()
    assert tell(settled, "loan.closed") is None
    assert calls.clear_claims(settled, NOW).state.status == "closed"


def test_a_pause_during_a_call_is_kept_and_the_call_runs_on() -> None:
    loan = told(called(), "hardship.granted")
    assert (loan.status, len(loan.pauses)) == ("called", 1)
    ended = told(loan, "hardship.ended", NOW + 5 * DAY, from_on=date(2024, 6, 20), to_on=date(2024, 6, 25))
    assert (ended.status, ended.pauses[0].to_on) == ("called", date(2024, 6, 25))


def test_a_guarantee_without_liability_binds_nobody() -> None:
    assert GUARANTEE.binds
    assert not replace(GUARANTEE, mode="none").binds
    assert not replace(GUARANTEE, guarantors=()).binds
