"""What holds of every loan, however it is paid: interest adds up, nothing falls below zero, the order of what is told does not matter."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from chalicelib.credit.rules.schedule import Terms
from chalicelib.loans.rules import folding, mirror, receiving
from chalicelib.loans.rules.events import RepaymentReceived, RepaymentReversed
from chalicelib.loans.rules.loan import Context, Loan, Split
from chalicelib.loans.rules.position import copied, position_on
from chalicelib.shared.journal import imbalance
from tests.loans.lending import CONTEXT, head, instalments, lent, paid, paused, product, stood
from tests.loans.statuses import guaranteed

DRAWN = date(2024, 1, 10)
DAYS = st.integers(0, 500)
AMOUNTS = st.integers(1, 40_000_00)
PAYMENTS = st.lists(st.tuples(DAYS, AMOUNTS), max_size=12)
METHODS: st.SearchStrategy[Any] = st.sampled_from(["bullet", "monthly_interest", "equal_principal", "annuity"])
PAYERS: st.SearchStrategy[Any] = st.sampled_from(["debtor", "guarantor", "pool", "receivable"])
DAY_COUNTS: st.SearchStrategy[Any] = st.sampled_from(["ACT/360", "ACT/365F", "30/360"])


@st.composite
def loans(draw: st.DrawFn) -> tuple[Loan, Context]:
    """A loan of 100,000.00 with payments of any size on any days, and perhaps a pause."""
    day_count = draw(DAY_COUNTS)
    terms = Terms(
        principal_minor=100_000_00,
        rate_bp=draw(st.integers(0, 2400)),
        day_count=day_count,
        method=draw(METHODS),
        months=draw(st.integers(1, 14)),
        drawn_on=DRAWN,
    )
    loan = paid(lent(terms), *((DRAWN + timedelta(days=day), minor) for day, minor in draw(PAYMENTS)))
    if draw(st.booleans()):
        start = DRAWN + timedelta(days=draw(DAYS))
        loan = paused(loan, (start, start + timedelta(days=draw(st.integers(1, 60)))))
    own = product(day_count=day_count, overdue_interest_bears=draw(st.booleans()))
    return loan, replace(CONTEXT, product=own)


@st.composite
def helped(draw: st.DrawFn, loan: Loan) -> Loan:
    """The same loan in a group, some of whose payments others made."""
    payers = draw(st.lists(PAYERS, min_size=len(loan.repayments), max_size=len(loan.repayments)))
    repayments = zip(loan.repayments, payers, strict=True)
    return guaranteed(replace(loan, repayments=tuple(replace(each, payer=payer) for each, payer in repayments)))


@given(loans(), st.lists(DAYS, min_size=1, max_size=8))
def test_days_carried_one_by_one_come_to_the_same_as_all_at_once(
    lent_out: tuple[Loan, Context], days: list[int]
) -> None:
    loan, context = lent_out
    last = DRAWN + timedelta(days=500 + max(days))
    unpaid = replace(loan, repayments=())
    stepwise = copied(position_on(unpaid, context.product, DRAWN))
    for day in sorted({*days, *(each.due_on.toordinal() - DRAWN.toordinal() for each in loan.portions)}):
        stepwise.carry_to(DRAWN + timedelta(days=day))
    stepwise.carry_to(last)
    at_once = position_on(unpaid, context.product, last)
    ours, theirs = (
        (each.interest_minor, each.penalty_minor, each.dpd, each.principal_minor) for each in (stepwise, at_once)
    )
    assert ours == theirs


@given(loans())
def test_interest_of_a_loan_paid_as_agreed_is_the_schedules_to_the_fen(lent_out: tuple[Loan, Context]) -> None:
    loan, context = lent_out
    due = [(each.due_on, each.principal_minor + each.interest_minor) for each in loan.portions]
    as_agreed = paid(replace(loan, repayments=(), pauses=()), *due)
    end = position_on(as_agreed, context.product, loan.portions[-1].due_on)
    assert end.payoff_minor == 0
    assert end.borne_interest_minor == sum(each.interest_minor for each in loan.portions)
    asked_for = [each.interest_minor for each in loan.portions if each.principal_minor + each.interest_minor]
    assert [each.interest_minor for each in end.splits.values()] == asked_for


@given(loans(), DAYS)
def test_the_parts_of_each_payment_add_up_and_nothing_falls_below_zero(
    lent_out: tuple[Loan, Context], day: int
) -> None:
    loan, context = lent_out
    then = position_on(loan, context.product, DRAWN + timedelta(days=day))
    for repayment in loan.repayments:
        if repayment.value_on <= then.on:
            split = then.splits[repayment.bank_ref]
            assert split.total_minor == repayment.amount_minor
            assert all(minor >= 0 for minor in asdict(split).values())
    for portion in then.portions:
        assert 0 <= portion.principal_paid_minor <= portion.principal_minor
        assert then.bearing.interest_minor(portion) >= 0
        assert then.bearing.penalty_minor(portion) >= 0
    lent_minor = sum(each.principal_minor for each in loan.portions)
    assert then.principal_minor == lent_minor - sum(split.principal_minor for split in then.splits.values())


@given(loans(), DAYS, st.data())
def test_facts_in_any_order_come_to_the_same(lent_out: tuple[Loan, Context], day: int, data: st.DataObject) -> None:
    loan, context = lent_out
    on = DRAWN + timedelta(days=day)
    shuffled = replace(loan, repayments=tuple(data.draw(st.permutations(loan.repayments))))
    assert position_on(shuffled, context.product, on) == position_on(loan, context.product, on)


@given(loans(), DAYS, DAYS, st.data())
def test_a_folded_loan_comes_to_the_same(
    lent_out: tuple[Loan, Context], until: int, later: int, data: st.DataObject
) -> None:
    loan, context = lent_out
    loan = data.draw(helped(loan))
    fold_on = DRAWN + timedelta(days=until)
    folded = folding.folded(loan, context, fold_on)
    ours, theirs = (position_on(each, context.product, fold_on + timedelta(days=later + 1)) for each in (folded, loan))
    assert _figures(ours) == _figures(theirs)
    assert len(folded.portions) <= len(loan.portions)
    assert folded.receivables_paid_minor == loan.receivables_paid_minor
    assert folded.paid_by_seat() == loan.paid_by_seat()


def test_an_instalment_that_another_paid_counts_as_punctual_no_more_when_that_is_folded() -> None:
    months = (date(2024, 6, 10), 10_000_00, 200_00), (date(2024, 7, 10), 10_000_00, 100_00)
    loan = paid(
        guaranteed(instalments(*months, drawn_on=date(2024, 5, 10))),
        (date(2024, 6, 10), 10_200_00),
        (date(2024, 6, 15), 10_100_00),
    )
    own, helped = loan.repayments
    loan = replace(loan, repayments=(own, replace(helped, payer="guarantor", seat=2)))
    for each in (loan, folding.folded(loan, CONTEXT, date(2024, 6, 20))):
        assert position_on(each, CONTEXT.product, date(2024, 7, 11)).punctual == 1


def test_what_nothing_was_owed_for_is_known_when_its_payment_is_folded() -> None:
    loan = paid(
        instalments((date(2024, 6, 10), 10_000_00, 200_00), drawn_on=date(2024, 5, 10)), (date(2024, 6, 10), 10_300_00)
    )
    for each in (loan, folding.folded(loan, CONTEXT, date(2024, 6, 20))):
        assert position_on(each, CONTEXT.product, date(2024, 7, 11)).surplus_minor == 100_00


def _figures(position: Any) -> tuple[int, ...]:
    return (
        position.principal_minor,
        position.interest_minor,
        position.penalty_minor,
        position.borne_interest_minor,
        position.borne_penalty_minor,
        position.dpd,
        position.worst_dpd,
        position.punctual,
        position.surplus_minor,
    )


@given(loans(), st.data())
def test_told_in_any_order_the_books_hold_what_the_position_says(
    lent_out: tuple[Loan, Context], data: st.DataObject
) -> None:
    """Payments and reversals of a month, told on its last day in any order: the same books, which balance after each."""
    loan, context = lent_out
    loan = replace(loan, repayments=())
    now = datetime(2024, 3, 10, 4, tzinfo=UTC)
    payments = data.draw(st.lists(st.tuples(st.integers(0, 29), AMOUNTS, st.booleans()), min_size=1, max_size=6))
    payment_events, reversals = [], []
    for number, (back, minor, is_reversed) in enumerate(payments):
        on = now.date() - timedelta(days=back)
        fields = head(loan, now, bank_ref=f"R-{number}", business_date=on, currency="CNY")
        payment_events.append(RepaymentReceived(amount=minor, **fields))
        if is_reversed:
            fields = head(loan, now, bank_ref=f"X-{number}", currency="CNY", original_bank_ref=f"R-{number}")
            reversals.append(RepaymentReversed(amount=minor, **fields))
    ended = []
    for _ in range(2):
        rows: list[Any] = list(data.draw(st.permutations(payment_events)))
        for reversal in reversals:
            place = 1 + [each.bank_ref for each in rows].index(reversal.original_bank_ref)
            rows.insert(data.draw(st.integers(place, len(rows))), reversal)
        ended.append(_play(loan, context, rows, now))
    assert _figures(position_on(ended[0], context.product, now.date())) == _figures(
        position_on(ended[1], context.product, now.date())
    )
    assert (ended[0].booked, ended[0].status) == (ended[1].booked, ended[1].status)


def _play(loan: Loan, context: Context, content: list[Any], now: datetime) -> Loan:
    """Each report in turn. What was posted until then adds up to what the books hold, and that to the position of the day."""
    loan = stood(loan, now, context)
    posted: Counter[str] = Counter()
    for event in content:
        is_payment = isinstance(event, RepaymentReceived)
        decide: Any = receiving.receive_repayment if is_payment else receiving.reverse_repayment
        change = decide(loan, context, event, loan.bank_id, now)
        assert imbalance(change.event.postings) == {}
        for leg in change.event.postings:
            posted[leg.account] += leg.debit_minor - leg.credit_minor
        loan = change.state
        then = position_on(loan, context.product, now.date())
        owed = Split(
            penalty_minor=then.penalty_minor,
            fee_minor=then.fee_minor,
            interest_minor=then.interest_minor,
            principal_minor=then.principal_minor,
        )
        assert mirror.balances(loan.booked, loan.amount_minor) == owed
        assert posted["loan_principal"] == owed.principal_minor - loan.amount_minor
        assert (posted["loan_interest"], posted["loan_penalty"]) == (owed.interest_minor, owed.penalty_minor)
        assert posted["loan_surplus"] == -loan.booked.paid.surplus_minor
    return loan


@given(loans())
def test_worst_days_past_due_only_grow(lent_out: tuple[Loan, Context]) -> None:
    loan, context = lent_out
    worst = [position_on(loan, context.product, DRAWN + timedelta(days=day)).worst_dpd for day in range(0, 600, 60)]
    assert all(one <= other for one, other in pairwise(worst))
