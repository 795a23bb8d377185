"""What a price comes to: rounded once, on the whole price (K1, AC-1, CH-1)."""

from __future__ import annotations

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chalicelib.quotes.rules import amounts as module
from chalicelib.quotes.rules.amounts import Amounts, amounts, part, split
from chalicelib.quotes.rules.methods import MethodNotOffered
from chalicelib.quotes.service.reading import policy_in_force
from chalicelib.shared.periods import start_of

POLICY = policy_in_force(start_of(date(2026, 3, 2)))


def of(price: int, spread_bp: int = 50, fee_bp: int = 250) -> Amounts:
    return amounts(price, "KRW", "CNY", "KRW", "0.0051", spread_bp, fee_bp)


def test_the_examples_of_the_docstrings_are_true() -> None:
    assert doctest.testmod(module) == (0, 2)


def test_a_price_of_129000_won_is_661_19_yuan_for_the_buyer_and_125775_won_for_the_exporter() -> None:
    assert of(129_000) == Amounts(buyer_minor=66_119, fee_minor=3_225, exporter_minor=125_775, fx_difference_minor=329)


def test_an_order_is_rounded_as_a_whole_and_its_lines_are_the_split() -> None:
    whole = of(3 * 4_020)
    assert (whole.buyer_minor, whole.fee_minor, whole.exporter_minor) == (6_182, 302, 11_758)
    assert split(whole.buyer_minor, [4_020] * 3) == [2_061, 2_061, 2_060]


@pytest.mark.parametrize(
    ("price", "buyer"), [(9_753, 4_999), (9_754, 5_000), (3_902_058, 2_000_000), (3_902_059, 2_000_001)]
)
def test_what_the_buyer_pays_is_rounded_up(price: int, buyer: int) -> None:
    assert of(price).buyer_minor == buyer


@pytest.mark.parametrize(
    ("settlement", "rate", "exporter"), [("KRW", "1", 125_775), ("CNY", "0.0051", 64_145), ("USD", "0.00075", 9_433)]
)
def test_an_exporter_is_settled_in_the_currency_agreed(settlement: str, rate: str, exporter: int) -> None:
    assert amounts(129_000, "KRW", "CNY", settlement, "0.0051", 50, 250, rate).exporter_minor == exporter


@given(price=some.integers(1, 10**9), bp=some.tuples(some.integers(0, 500), some.integers(0, 1_000)))
def test_no_price_costs_its_buyer_less_than_it_is_worth_and_none_gives_more_than_itself(
    price: int, bp: tuple[int, int]
) -> None:
    spread, fee = bp
    worth = of(price, spread_bp=spread, fee_bp=fee)
    assert worth.fee_minor + worth.exporter_minor == price
    assert worth.fx_difference_minor >= 0
    assert 0 <= worth.buyer_minor * 10**8 - price * 51 * (10_000 + spread) * 100 < 10**8


@given(total=some.integers(0, 10**9), parts=some.lists(some.integers(1, 10**6), min_size=1, max_size=8))
def test_parts_released_one_after_the_other_sum_up_to_the_whole(total: int, parts: list[int]) -> None:
    done, whole, sums = 0, sum(parts), 0
    for each in parts:
        share = part(total, done + each, whole) - part(total, done, whole)
        assert share >= 0
        done, sums = done + each, sums + share
    assert sums == total


def test_a_rate_that_is_not_agreed_is_the_tables_to_six_digits() -> None:
    on = date(2026, 3, 2)
    assert POLICY.rate("KRW", "CNY", on) == "0.0051"
    assert POLICY.rate("CNY", "CNY", on) == "1"
    table = POLICY.rate("JPY", "CNY", on)
    assert len(table.replace(".", "").lstrip("0")) <= 6
    assert 0.03 < float(table) < 0.1


def test_a_method_that_does_not_take_a_currency_is_refused_with_those_that_do() -> None:
    assert POLICY.method("wallet", "CNY").acquirer_id == "alipay"
    with pytest.raises(MethodNotOffered) as refused:
        POLICY.method("wallet", "USD")
    assert refused.value.numbers["methods"] == ["bank_transfer", "card"]
