"""Amounts as decimal strings outside and whole numbers inside."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.shared.errors import Malformed
from chalicelib.shared.iso_codes import DIGITS
from chalicelib.shared.money import (
    MOST_MINOR,
    UnknownCurrency,
    convert,
    parse_minor,
    text,
)

CURRENCIES = st.sampled_from(sorted(DIGITS))


@given(st.integers(0, MOST_MINOR - 1), CURRENCIES)
def test_what_is_told_reads_back_as_it_was(minor: int, currency: str) -> None:
    assert parse_minor(text(minor, currency), currency) == minor


@pytest.mark.parametrize(
    ("told", "currency"),
    [
        *[
            (told, "USD")
            for told in ("1500", "1500.0", "1500.000", "-1.00", "+1.00", "1e3", " 1.00", "1.00\n", "01.00")
        ],
        *[(told, "USD") for told in (".50", "١.00", "NaN", "")],
        ("1500.00", "KRW"),
        ("1.50", "KWD"),
    ],
)
def test_an_amount_without_exactly_its_currencys_digits_is_refused(told: str, currency: str) -> None:
    with pytest.raises(Malformed) as raised:
        parse_minor(told, currency)
    assert raised.value.param == "amount"


def test_a_currency_that_is_not_known_is_named() -> None:
    with pytest.raises(UnknownCurrency):
        parse_minor("1.00", "XXX")


def test_an_amount_has_a_bound() -> None:
    with pytest.raises(Malformed):
        parse_minor(text(MOST_MINOR, "USD"), "USD")


def test_converting_rounds_half_to_even_and_reserving_rounds_up() -> None:
    assert convert(100, of="BRL", to="USD", rate="0.3050") == 30
    assert convert(300, of="BRL", to="USD", rate="0.3050") == 92
    assert convert(100, of="BRL", to="USD", rate="0.3050", rounding="up") == 31
    assert convert(1_000_001, of="KRW", to="USD", rate="0.00082") == 82_000


@given(st.integers(0, 10**12), st.sampled_from(["0.3040", "1.1", "0.00082", "3.26"]), CURRENCIES, CURRENCIES)
def test_rounding_up_never_falls_short_and_never_by_a_whole_unit(minor: int, rate: str, of: str, to: str) -> None:
    exact = Fraction(minor) * Fraction(rate) * Fraction(10 ** DIGITS[to], 10 ** DIGITS[of])
    assert 0 <= convert(minor, of=of, to=to, rate=rate, rounding="up") - exact < 1
    assert convert(minor, of=of, to=to, rate=rate) == round(exact)


@given(st.integers(0, 10**12), st.integers(0, 10**9), st.sampled_from(["0.3040", "1.1", "0.00082", "3.26"]), CURRENCIES)
def test_rounded_down_an_amount_reaches_a_threshold_exactly_where_it_does_unrounded(
    minor: int, least: int, rate: str, of: str
) -> None:
    exact = Fraction(minor) * Fraction(rate) * Fraction(10 ** DIGITS["USD"], 10 ** DIGITS[of])
    assert (convert(minor, of=of, to="USD", rate=rate, rounding="down") >= least) == (exact >= least)
