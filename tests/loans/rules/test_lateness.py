"""Since when a loan is late on each day: the same as its position says of that day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.loans.rules.lateness import Spell, lateness
from chalicelib.loans.rules.position import position_on
from tests.loans.lending import annuity, one_instalment, paid, paused, product

DRAWN = date(2023, 12, 10)
DAYS = st.integers(0, 200).map(lambda days: DRAWN + timedelta(days=days))
PAYMENTS: st.SearchStrategy[list[tuple[date, int]]] = st.lists(st.tuples(DAYS, st.integers(1, 9_000_000)), max_size=6)
PAUSES: st.SearchStrategy[list[tuple[date, int]]] = st.lists(st.tuples(DAYS, st.integers(1, 30)), max_size=1)


@settings(max_examples=40)
@given(PAYMENTS, PAUSES, DAYS, st.integers(0, 40))
def test_days_past_due_of_each_day_are_those_of_the_position(
    payments: list[tuple[date, int]], pauses: list[tuple[date, int]], first: date, days: int
) -> None:
    loan = paused(paid(annuity(), *payments), *((start, start + timedelta(days=long)) for start, long in pauses))
    last = first + timedelta(days=days)
    known = lateness(loan, product(), first, last)
    for on in (first + timedelta(days=each) for each in range(days + 1)):
        assert known.dpd(on) == position_on(loan, product(), on).dpd, on


@settings(max_examples=25)
@given(st.integers(0, 3), st.integers(0, 200), PAUSES)
def test_nothing_more_is_paid_and_it_is_late_from_the_next_due_date_on(
    months_paid: int, ahead: int, pauses: list[tuple[date, int]]
) -> None:
    loan = annuity()
    instalments = [(each.due_on, each.principal_minor + each.interest_minor) for each in loan.portions[:months_paid]]
    loan = paused(paid(loan, *instalments), *((start, start + timedelta(days=long)) for start, long in pauses))
    today = max((on for on, _ in instalments), default=DRAWN)
    on = today + timedelta(days=ahead)
    assert lateness(loan, product(), today, today).dpd(on) == position_on(loan, product(), on).dpd


def test_a_cure_ends_a_spell_on_the_day_of_its_value() -> None:
    loan = paid(one_instalment(date(2024, 6, 10), 8_000_000, 80_000, DRAWN), (date(2024, 6, 20), 9_000_000))
    spells = lateness(loan, product(), date(2024, 6, 1), date(2024, 6, 30)).spells
    assert spells == (Spell(date(2024, 6, 10), date(2024, 6, 11), date(2024, 6, 20)),)
