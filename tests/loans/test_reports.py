"""What a bank reports of a loan, rule by rule: what it comes to, and what is refused by name."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.credit.rules.terms import RateIsFixed
from chalicelib.loans.rules import borrowing, mirror
from chalicelib.loans.rules.arrears import asset_class, bucket, probation_until, stage
from chalicelib.loans.rules.events import ReportedPayer, ReportedSplit
from chalicelib.loans.rules.loan import Loan, PlannedInstalment, Split, TooManyFacts
from chalicelib.loans.rules.position import position_on
from chalicelib.loans.rules.receiving import RepaymentNotKnown, ReversedTooMuch, SplitTooLarge
from chalicelib.loans.rules.reports import ValueDateAhead, ValueDateTooFarBack, WrongCurrency
from chalicelib.loans.rules.schedule_changes import BadSchedule, BorrowerUnsigned, ScheduleVersionTaken
from chalicelib.loans.rules.servicing import AmountNotDisbursed, NoSuchPause, PauseTooLong
from chalicelib.shared.periods import business_date, start_of
from tests.loans.lending import CONTEXT, head, product
from tests.loans.statuses import (
    IN_STATUS,
    NOW,
    closed,
    current,
    defaulted,
    draw_requested,
    in_arrears,
    paused,
    tell,
    told,
    written_off,
)

TODAY = date(2024, 6, 20)


def payment(loan: Loan, minor: int, ref: str = "R-9", **data: Any) -> Any:
    change = tell(loan, "repayment.received", amount=minor, bank_ref=ref, **data)
    assert change is not None
    return change


def owed(loan: Loan) -> Split:
    return mirror.balances(loan.booked, loan.amount_minor)


# --- payments ---------------------------------------------------------------------------------------------------------


def test_a_short_payment_goes_to_penalty_fee_interest_and_principal_of_the_oldest() -> None:
    change = payment(in_arrears(), 5_000_00)
    [split] = change.event.payload["payments"]
    assert split == {
        "bank_ref": "R-9",
        "penalty_minor": 50_00,
        "fee_minor": 0,
        "interest_minor": 200_00,
        "principal_minor": 4_750_00,
        "surplus_minor": 0,
    }
    assert change.state.status == "in_arrears"


def test_a_payment_of_what_is_overdue_cures_the_loan_and_it_is_watched_for_90_days() -> None:
    loan = payment(in_arrears(), 10_250_00).state
    assert (loan.status, loan.cured_on) == ("current", TODAY)
    assert probation_until(loan, CONTEXT.policy.probation_days) == TODAY + timedelta(days=90)


def test_what_is_paid_on_a_closed_loan_is_surplus_and_the_loan_stays_closed() -> None:
    loan = payment(closed(), 1_00, "R-10").state
    assert loan.status == "closed"
    assert loan.booked.paid.surplus_minor == closed().booked.paid.surplus_minor + 1_00


def test_the_banks_split_stands_and_the_entry_tells_of_the_difference() -> None:
    change = payment(in_arrears(), 5_000_00, split=ReportedSplit(penalty=0, interest=200_00, principal=4_800_00))
    assert change.event.payload["differences"] == [
        {"of": "penalty", "ours_minor": 50_00, "theirs_minor": 0},
        {"of": "principal", "ours_minor": 4_750_00, "theirs_minor": 4_800_00},
    ]
    assert owed(change.state) == Split(penalty_minor=50_00, interest_minor=33_33, principal_minor=15_200_00)


def test_a_difference_of_a_fen_for_each_instalment_is_rounding() -> None:
    split = ReportedSplit(penalty=49_99, interest=200_00, principal=4_750_01)
    assert "differences" not in payment(in_arrears(), 5_000_00, split=split).event.payload


def test_what_the_bank_takes_beyond_what_we_know_it_has_charged() -> None:
    split = ReportedSplit(penalty=60_00, fee=5_00, interest=200_00, principal=1_000_00)
    loan = payment(in_arrears(), 1_265_00, split=split).state
    assert (loan.booked.penalty_minor, loan.booked.fee_minor, loan.booked.paid.fee_minor) == (60_00, 5_00, 5_00)
    assert owed(loan).penalty_minor == 0


def test_interest_that_the_bank_takes_ahead_pays_that_of_coming_days() -> None:
    split = ReportedSplit(interest=250_00, principal=9_750_00)
    loan = payment(in_arrears(), 10_000_00, split=split).state
    assert loan.booked.interest_minor == 250_00
    later = position_on(loan, CONTEXT.product, date(2024, 7, 10))
    assert later.interest_minor == 50_00


def test_what_is_outstanding_by_the_bank_is_compared() -> None:
    assert "differences" not in payment(current(), 100_00, outstanding_after=9_933_33).event.payload
    change = payment(current(), 100_00, outstanding_after=9_000_00)
    assert change.event.payload["differences"] == [
        {"of": "outstanding", "ours_minor": 9_933_33, "theirs_minor": 9_000_00}
    ]


def test_a_guarantors_payment_repays_without_merit() -> None:
    loan = payment(current(), 20_000_00, payer=ReportedPayer(kind="guarantor")).state
    assert (loan.status, loan.repaid_on_time) == ("repaid", False)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"currency": "USD"}, WrongCurrency),
        ({"business_date": TODAY - timedelta(days=31)}, ValueDateTooFarBack),
        ({"business_date": TODAY + timedelta(days=1)}, ValueDateAhead),
        ({"split": ReportedSplit(interest=101_00)}, SplitTooLarge),
    ],
)
def test_payments_that_cannot_be(data: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        tell(in_arrears(), "repayment.received", **data)


def test_a_payment_may_be_30_days_old() -> None:
    loan = payment(in_arrears(), 100_00, business_date=TODAY - timedelta(days=30)).state
    assert loan.repayments[-1].booked == Split(interest_minor=70_97, principal_minor=29_03)


def test_a_reversal_of_a_part_leaves_the_rest() -> None:
    loan = told(current(), "repayment.reversed", amount=250_00)
    assert loan.repayments[0].kept_minor == 10_000_00
    assert owed(loan).principal_minor == 10_250_00


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"original_bank_ref": "R-77"}, RepaymentNotKnown),
        ({"amount": 10_250_01}, ReversedTooMuch),
        ({"currency": "USD"}, WrongCurrency),
    ],
)
def test_reversals_that_cannot_be(data: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        tell(current(), "repayment.reversed", **data)


def test_what_was_reversed_whole_is_not_reversed_again() -> None:
    loan = told(current(), "repayment.reversed", amount=10_250_00)
    with pytest.raises(RepaymentNotKnown):
        tell(loan, "repayment.reversed")


def test_a_loan_with_64_payments_of_a_month_takes_no_more_and_folds_older_ones() -> None:
    loan = in_arrears()
    for number in range(64):
        loan = payment(loan, 1, f"F-{number}").state
    with pytest.raises(TooManyFacts):
        payment(loan, 1, "F-64")
    later = start_of(TODAY + timedelta(days=40))
    folded = told(loan, "repayment.received", later, amount=1, bank_ref="F-65")
    assert [each.bank_ref for each in folded.repayments] == ["F-65"]
    assert folded.booked.paid.total_minor == 65


# --- charges ----------------------------------------------------------------------------------------------------------


def test_a_bank_may_charge_interest_and_penalty_day_by_day() -> None:
    loan = in_arrears()
    for number in range(1, 80):
        now = NOW + timedelta(days=number)
        today = business_date(now)
        for kind in ("interest.charged", "penalty.charged"):
            loan = told(loan, kind, now, amount=1, from_on=today - timedelta(days=1), to_on=today)


def test_what_the_bank_charges_takes_the_place_of_our_figure() -> None:
    ours = position_on(current(), CONTEXT.product, TODAY)
    data: dict[str, Any] = {"from_on": date(2024, 6, 10), "to_on": TODAY}
    same = told(current(), "interest.charged", amount=33_33, **data)
    assert same.charges == ()
    change = tell(current(), "interest.charged", amount=40_00, **data)
    assert change is not None
    assert change.event.payload["differences"] == [{"of": "interest", "ours_minor": 33_33, "theirs_minor": 40_00}]
    then = position_on(change.state, CONTEXT.product, TODAY)
    assert then.interest_minor == ours.interest_minor + 6_67
    again = told(change.state, "interest.charged", amount=40_00, **data | {"bank_ref": "B-2"})
    assert owed(again) == owed(change.state)


def test_penalty_that_the_bank_waives_is_not_owed() -> None:
    loan = told(in_arrears(), "penalty.charged", amount=0, from_on=date(2024, 6, 10), to_on=TODAY)
    assert owed(loan).penalty_minor == 0


# --- schedules --------------------------------------------------------------------------------------------------------


def row(due: date, principal: int, interest: int, number: int = 2) -> PlannedInstalment:
    return PlannedInstalment(number=number, due_date=due, principal=principal, interest=interest)


def test_a_lighter_schedule_needs_no_consent() -> None:
    paid = payment(current(), 5_033_33).state
    loan = told(paid, "schedule.changed", schedule=[row(date(2024, 7, 10), 5_000_00, 33_33)])
    then = position_on(loan, CONTEXT.product, date(2024, 7, 10))
    assert (loan.schedule_version, then.payoff_minor) == (2, 5_033_33)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"version": 3}, ScheduleVersionTaken),
        ({"rate_bp": 1_150}, RateIsFixed),
        ({"schedule": [row(date(2024, 7, 10), 9_999_00, 100_00)]}, BadSchedule),
        ({"schedule": [row(TODAY, 10_000_00, 100_00)]}, BadSchedule),
        ({"schedule": [row(date(2024, 7, 9), 5_000_00, 0), row(date(2024, 7, 9), 5_000_00, 0)]}, BadSchedule),
        ({"schedule": [row(date(2024, 8, 10), 10_000_00, 100_00)]}, BorrowerUnsigned),
        ({"schedule": [row(date(2024, 7, 10), 10_000_00, 150_00)]}, BorrowerUnsigned),
    ],
)
def test_schedules_that_cannot_be_or_ask_for_more(data: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        tell(current(), "schedule.changed", **data)


def test_a_restructuring_counts_once_the_borrower_has_signed_it_and_takes_over_what_was_overdue() -> None:
    rows = [row(date(2024, 12, 10), 20_000_00, 1_500_00, 1)]
    loan = borrowing.propose_restructuring(in_arrears(), CONTEXT, "rst_1", rows, "Season.", "officer", NOW).state
    assert loan.restructuring is not None
    with pytest.raises(BorrowerUnsigned):
        tell(loan, "schedule.changed", schedule=rows, consent_refs=["rst_1"])
    signed = borrowing.sign_restructuring(loan, loan.restructuring.hash, "per_1", NOW).state
    with pytest.raises(BorrowerUnsigned):
        tell(
            signed,
            "schedule.changed",
            schedule=[row(date(2024, 12, 11), 20_000_00, 1_500_00, 1)],
            consent_refs=["rst_1"],
        )
    change = tell(signed, "schedule.changed", schedule=rows, consent_refs=["rst_1"])
    assert change is not None
    after = change.state
    assert (after.status, after.restructured_on, after.restructuring) == ("current", TODAY, None)
    assert stage(after, 0, TODAY, 90) == 2
    assert stage(after, 0, TODAY + timedelta(days=90), 90) == 1
    end = position_on(after, CONTEXT.product, date(2024, 12, 10))
    assert (end.principal_minor, end.penalty_minor) == (20_000_00, 50_00)
    assert end.interest_minor == 1_500_00 + 200_00
    assert end.dpd == 0


def test_a_payment_reversed_after_another_schedule_is_due_as_it_was() -> None:
    paid = payment(current(), 5_033_33, "R-2").state
    loan = told(paid, "schedule.changed", schedule=[row(date(2024, 7, 10), 5_000_00, 33_33)])
    loan = told(loan, "repayment.reversed", original_bank_ref="R-2", amount=5_033_33)
    then = position_on(loan, CONTEXT.product, date(2024, 7, 10))
    assert then.principal_minor == 10_000_00
    assert owed(loan).principal_minor == 10_000_00


def test_a_payment_with_a_value_date_before_another_schedule_comes_off_the_new_one() -> None:
    loan = told(current(), "schedule.changed", schedule=[row(date(2024, 7, 10), 10_000_00, 100_00)])
    loan = payment(loan, 1_000_00, "R-2", business_date=TODAY - timedelta(days=1)).state
    assert owed(loan).principal_minor == 9_032_95
    assert position_on(loan, CONTEXT.product, date(2024, 7, 10)).principal_minor == owed(loan).principal_minor


# --- arrears, pauses, default -----------------------------------------------------------------------------------------


def test_what_the_bank_has_as_overdue_is_compared() -> None:
    change = tell(in_arrears(), "loan.overdue", dpd=10, amount=10_250_00)
    assert change is not None
    assert "differences" not in change.event.payload
    change = tell(in_arrears(), "loan.overdue", dpd=9, amount=10_000_00)
    assert change is not None
    assert change.event.payload["differences"] == [
        {"of": "overdue", "ours_minor": 10_250_00, "theirs_minor": 10_000_00},
        {"of": "dpd", "ours": 10, "theirs": 9},
    ]


def test_a_cure_that_we_have_too_changes_nothing_and_another_is_a_difference() -> None:
    assert tell(current(), "loan.cured") is None
    change = tell(in_arrears(), "loan.cured")
    assert change is not None
    assert (change.state.status, change.event.payload["differences"]) == (
        "in_arrears",
        [{"of": "dpd", "ours": 10, "theirs": 0}],
    )


def test_a_pause_answers_what_the_borrower_asked_and_ends_where_the_bank_says() -> None:
    asked = borrowing.request_hardship(in_arrears(), CONTEXT, TODAY, date(2024, 7, 1), "A flood.", NOW).state
    loan = told(asked, "hardship.granted")
    assert (loan.status, loan.hardship) == ("paused", None)
    shorter = told(loan, "hardship.ended", from_on=TODAY, to_on=TODAY)
    assert (shorter.status, shorter.pauses) == ("in_arrears", ())


@pytest.mark.parametrize(
    ("kind", "data", "error"),
    [
        ("hardship.granted", {"to_on": TODAY + timedelta(days=61)}, PauseTooLong),
        ("hardship.granted", {"to_on": TODAY}, ValueDateTooFarBack),
        ("hardship.granted", {"from_on": date(2024, 5, 9)}, ValueDateTooFarBack),
        ("hardship.ended", {"from_on": date(2024, 9, 1)}, NoSuchPause),
        ("hardship.ended", {"to_on": TODAY + timedelta(days=11)}, NoSuchPause),
    ],
)
def test_pauses_that_cannot_be(kind: str, data: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        tell(paused() if kind == "hardship.ended" else in_arrears(), kind, **data)


def test_a_default_that_is_paid_is_repaid_and_one_that_is_revoked_is_in_arrears() -> None:
    assert payment(defaulted(), 25_000_00).state.status == "repaid"
    assert told(defaulted(), "default.revoked").status == "in_arrears"
    assert stage(defaulted(), 10, TODAY, 90) == 3
    assert asset_class(defaulted(), 10) == "substandard"


def test_what_is_recovered_in_default_pays_what_is_owed_and_can_be_reversed() -> None:
    loan = told(defaulted(), "recovery.received", amount=1_000_00, bank_ref="R-1", source="collateral")
    assert loan.repayments[-1].payer == "collateral"
    assert owed(told(loan, "repayment.reversed", amount=1_000_00)) == owed(defaulted())


def test_a_payment_is_taken_back_by_its_reference_however_it_is_typed() -> None:
    loan = payment(in_arrears(), 1_000_00, "R-1a").state
    back = [told(loan, "repayment.reversed", original_bank_ref=ref, amount=1_000_00) for ref in ("R-1a", "r-1A")]
    assert back[0] == back[1]


def test_what_is_written_off_owes_nothing_bears_nothing_and_takes_recoveries() -> None:
    loan = written_off()
    assert (owed(loan), loan.outstanding_minor) == (Split(), 0)
    later = position_on(loan, CONTEXT.product, date(2025, 6, 20))
    assert later.borne_interest_minor == loan.booked.interest_minor
    after = told(loan, "recovery.received", amount=500_00)
    assert (after.status, after.booked.recovered_minor) == ("written_off", 500_00)
    assert asset_class(after, 0) == "loss"


@pytest.mark.parametrize(("value_on", "paid_minor"), [(15, 500_00), (16, 0)])
def test_what_was_paid_after_the_day_of_a_write_off_that_comes_late_is_a_recovery(
    value_on: int, paid_minor: int
) -> None:
    paid = tell(defaulted(), "repayment.received", amount=500_00, bank_ref="P-9", business_date=date(2024, 6, value_on))
    assert paid is not None
    gone = tell(paid.state, "loan.written_off", business_date=date(2024, 6, 15))
    assert gone is not None
    books, legs = gone.state.booked, [*paid.event.postings, *gone.event.postings]
    assert (books.paid.total_minor, books.recovered_minor) == (paid_minor, 500_00 - paid_minor)
    assert sum(leg.debit_minor - leg.credit_minor for leg in legs if leg.account == "loan_funding") == 500_00
    assert mirror.balances(books, gone.state.amount_minor) == Split()


def test_what_is_paid_on_a_loan_that_was_written_off_and_closed_is_recovered_and_nothing_of_it_is_reversed() -> None:
    paid_before = payment(in_arrears(), 1_000_00, "R-1").state
    gone = told(told(paid_before, "default.declared"), "loan.written_off")
    loan = payment(told(gone, "loan.closed"), 500_00, "R-2").state
    assert (loan.status, loan.booked.recovered_minor, owed(loan)) == ("closed", 500_00, Split())
    with pytest.raises(RepaymentNotKnown):
        tell(loan, "repayment.reversed")


def test_the_mirror_balances_through_every_status() -> None:
    for make in IN_STATUS.values():
        assert sum(_legs(make()).values()) == 0


def _legs(loan: Loan) -> Counter[str]:
    """What each report that fits the status posts, side by side."""
    sums: Counter[str] = Counter()
    for minor in (100_00, 50_000_00):
        if loan.status in ("draw_requested", "draw_closed", "written_off"):
            continue
        for leg in payment(loan, minor).event.postings:
            sums[leg.account] += leg.debit_minor - leg.credit_minor
    return sums


# --- the draw ---------------------------------------------------------------------------------------------------------


END = date(2024, 12, 20)
"""Six months after the draw: 183 days, of which 20,000.00 at 12 % over 360 bear 1,220.00."""
INTEREST = 1_220_00


def disbursed(**data: Any) -> Any:
    loan = replace(draw_requested(), months=6)
    fields = {
        **head(loan, NOW),
        "currency": "CNY",
        "amount": loan.amount_minor,
        "value_date": TODAY,
        "rate_bp": 1200,
        "schedule": [row(END, loan.amount_minor, INTEREST)],
    }
    return tell(loan, "draw.disbursed", **fields | data)


def test_a_disbursed_draw_is_a_loan() -> None:
    loan = disbursed().state
    assert (loan.status, loan.value_on, loan.outstanding_minor) == ("current", TODAY, 20_000_00)
    assert loan.arrears_at == start_of(date(2024, 12, 21))


def test_a_first_schedule_that_follows_from_the_terms_differs_in_nothing() -> None:
    for change in (disbursed(), disbursed(schedule=[row(END, 20_000_00, INTEREST + 1)])):
        assert "differences" not in change.event.payload, "a fen for each instalment is rounding"


@pytest.mark.parametrize(
    ("data", "differences"),
    [
        (
            {"schedule": [row(END, 20_000_00, INTEREST + 2)]},
            [{"of": "planned_interest", "ours_minor": INTEREST, "theirs_minor": INTEREST + 2}],
        ),
        ({"rate_bp": 1300}, [{"of": "rate_bp", "ours": 1200, "theirs": 1300}]),
        (
            {"schedule": [row(date(2025, 1, 20), 20_000_00, 1_426_67)]},
            [{"of": "last_due_on", "detail": "2024-12-20 was agreed, 2025-01-20 is planned"}],
        ),
        (
            {"schedule": [row(date(2024, 8, 20), 10_000_00, 406_67), row(END, 10_000_00, 406_67 + 5)]},
            [{"of": "planned_interest", "ours_minor": 813_34, "theirs_minor": 813_39}],
        ),
    ],
)
def test_the_banks_first_schedule_stands_and_what_the_terms_do_not_come_to_is_told(
    data: dict[str, Any], differences: list[Any]
) -> None:
    change = disbursed(**data)
    assert change.event.payload["differences"] == differences
    schedule = data.get("schedule", [row(END, 20_000_00, INTEREST)])
    assert [each.interest_minor for each in change.state.portions] == [each.interest for each in schedule]


def test_the_products_fee_is_kept_when_the_draw_is_disbursed() -> None:
    from tests.loans import statuses

    context = replace(CONTEXT, product=product(fee_bp=50))
    loan = draw_requested()
    inbound = statuses.DECIDE["draw.disbursed"]
    data = {
        **head(loan, NOW),
        "currency": "CNY",
        "amount": 20_000_00,
        "value_date": TODAY,
        "rate_bp": 1200,
        "schedule": [row(date(2024, 12, 20), 20_000_00, 1_200_00)],
    }
    change = inbound.decide(loan, context, inbound.type.form(**data), "cmb", NOW)
    assert change is not None
    moved: Counter[str] = Counter()
    for leg in change.event.postings:
        if leg.account.startswith("loan_"):
            moved[leg.account] += leg.debit_minor - leg.credit_minor
    assert moved == {"loan_principal": 20_000_00, "loan_funding": -19_900_00, "loan_income": -100_00}
    assert owed(change.state) == Split(principal_minor=20_000_00)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"amount": 1}, AmountNotDisbursed),
        ({"currency": "USD"}, WrongCurrency),
        ({"value_date": TODAY - timedelta(days=31)}, ValueDateTooFarBack),
        ({"value_date": TODAY + timedelta(days=1)}, ValueDateAhead),
        ({"schedule": [row(date(2024, 12, 20), 1, 0)]}, BadSchedule),
        ({"schedule": [row(TODAY, 20_000_00, 0)]}, BadSchedule),
    ],
)
def test_disbursements_that_cannot_be(data: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        disbursed(**data)


@pytest.mark.parametrize(
    ("dpd", "name", "class_"),
    [
        (0, "current", "normal"),
        (1, "1-30", "special_mention"),
        (30, "1-30", "special_mention"),
        (31, "31-60", "special_mention"),
        (61, "61-90", "special_mention"),
        (91, "over_90", "substandard"),
        (271, "over_90", "doubtful"),
        (361, "over_90", "loss"),
    ],
)
def test_buckets_and_classes_follow_from_days_past_due(dpd: int, name: str, class_: str) -> None:
    assert (bucket(dpd), asset_class(current(), dpd)) == (name, class_)
    assert stage(current(), dpd, TODAY, 90) == (3 if dpd > 90 else 2 if dpd > 30 else 1)
