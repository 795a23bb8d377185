"""Table rates: from one currency into another over the one both are quoted in, rounded once."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.shared import fx, policies
from chalicelib.shared.money import digits_of

ON = date(2018, 1, 15)
QUOTED = st.sampled_from(["USD", *policies.versions("fx")[-1].values["monthly"]])


@given(st.integers(0, 10**12), QUOTED, QUOTED)
def test_between_two_currencies_an_amount_is_rounded_once(minor: int, of: str, to: str) -> None:
    mine, theirs = fx.quote(of, ON), fx.quote(to, ON)
    exact = Fraction(minor, 10 ** digits_of(of)) * Fraction(mine.rate) / Fraction(theirs.rate) * 10 ** digits_of(to)
    assert fx.across(minor, mine, theirs) == round(exact)


@given(st.integers(0, 10**12), QUOTED)
def test_in_its_own_currency_an_amount_stays_what_it_is(minor: int, currency: str) -> None:
    assert fx.across(minor, fx.quote(currency, ON), fx.quote(currency, ON)) == minor
