"""What holds of every seller, book and order of work: the invariants of the specification."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from chalicelib.deposits.rules.cut_offs import cut_off
from chalicelib.deposits.rules.decision import amount, applied, decide, decide_on, rested_on
from chalicelib.deposits.rules.deposit import Days, Deposit, Insurance, Risk
from chalicelib.deposits.rules.explanation import explain
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.what_if import what_if
from tests.deposits.rules.sellers import BOOKS, CATEGORY, EX_2021, EX_2023, EX_2024, paying, shanghai

AT = cut_off("2023-03")
RUN = shanghai("2023-03-06 00:30")
CATEGORIES = [*CATEGORY.values(), "toys", "moon_rocks"]
yuan = some.integers(0, 30_000).map(lambda whole: whole * 100)


@some.composite
def traded(draw: Any) -> Days:
    on = draw(some.lists(some.integers(AT.day - 62, AT.day + 3), unique=True, max_size=8))
    sold = some.lists(
        some.tuples(some.sampled_from(CATEGORIES), some.integers(0, 900), some.integers(-100, 10**7)),
        min_size=1,
        max_size=3,
        unique_by=lambda each: each[0],
    )
    return tuple((day, tuple(draw(sold))) for day in sorted(on))


@some.composite
def sellers(draw: Any) -> Deposit:
    opened = shanghai("2022-01-01 00:00")
    risks = draw(some.lists(some.sampled_from(["R1", "R2", "R3"]), max_size=3))
    cover = draw(some.sampled_from([0, 0, 50_000]))
    ends = draw(some.sampled_from([None, AT.at, AT.at + timedelta(days=9)]))
    return Deposit(
        id="mem_1",
        opened_at=opened,
        updated_at=shanghai("2023-03-01 00:00"),
        status=draw(some.sampled_from(["open", "open", "open", "closed"])),
        awaiting_first_trade=draw(some.sampled_from([False, False, False, True])),
        base_minor=draw(yuan),
        available_minor=draw(yuan),
        frozen_minor=draw(some.sampled_from([0, 10_000])),
        risks=tuple(
            Risk(
                id=str(number),
                class_=name,
                minor=EX_2023.terms.risks[name].amount_minor,
                opened_at=opened,
                ends_at=ends,
            )
            for number, name in enumerate(risks)
        ),
        insurances=(Insurance(id="s", minor=cover, from_=opened, until=AT.at + timedelta(days=3)),) if cover else (),
        days=draw(traded()),
    )


@given(sellers())
def test_a_with_arrears_not_lower_without_arrears_not_higher(shop: Deposit) -> None:
    decision = decide(shop, EX_2023, "2023-03")

    assert (
        decision.base_minor >= decision.prev_minor if decision.in_debt else decision.base_minor <= decision.prev_minor
    )


@given(sellers())
def test_b_c_the_run_makes_no_debtor_and_frees_none(shop: Deposit) -> None:
    before = requirement(shop, EX_2023, AT.at).arrears_minor
    decision = decide(shop, EX_2023, "2023-03")
    after = applied(shop, decision, RUN, BOOKS)

    assert decision.arrears_before_minor == before
    assert (requirement(after, EX_2023, AT.at).arrears_minor > 0) == (before > 0)
    assert requirement(after, EX_2023, AT.at).arrears_minor == decision.arrears_minor
    assert requirement(after, EX_2023, AT.at).releasable_minor == decision.releasable_minor


@given(sellers(), some.integers(0, 5_000))
def test_d_a_second_run_changes_nothing_whatever_was_paid_between(shop: Deposit, paid: int) -> None:
    decision = decide(shop, EX_2023, "2023-03")
    deposit = paying(applied(shop, decision, RUN, BOOKS), paid, RUN + timedelta(minutes=1))

    again = decide(deposit, EX_2023, "2023-03")

    assert again == decision or (decision.skipped and not again.changes)
    assert applied(deposit, again, RUN + timedelta(hours=1), BOOKS).base_minor == deposit.base_minor


@given(sellers(), some.lists(some.tuples(some.integers(1, 80 * 24), some.integers(1, 5_000)), max_size=4))
def test_e_the_wall_clock_and_what_happens_after_T_have_no_say(shop: Deposit, payments: list[tuple[int, int]]) -> None:
    later = shop
    for hours, paid in sorted(payments):
        later = paying(later, paid, AT.at + timedelta(hours=hours))

    assert decide(later, EX_2023, "2023-03") == decide(shop, EX_2023, "2023-03")


@given(some.sampled_from([EX_2021, EX_2023, EX_2024]), some.sampled_from(CATEGORIES), some.integers(0, 10_000))
def test_f_amounts_never_fall_along_a_row(book: Any, category: str, orders: int) -> None:
    assert amount(book, category, orders) <= amount(book, category, orders + 1)
    assert amount(book, category, 0) == 0


@pytest.mark.parametrize("book", [EX_2021, EX_2023, EX_2024])
def test_f_rows_of_the_books_that_ship_never_fall(book: Any) -> None:
    for group in book.terms.groups.values():
        assert all(lower <= upper for lower, upper in pairwise(group.amounts_minor))


@given(sellers(), some.lists(some.integers(-2_000, 5_000), max_size=6))
def test_g_the_balance_is_the_sum_of_what_was_paid(shop: Deposit, amounts: list[int]) -> None:
    after, at, moved = shop, RUN, 0
    for number, paid in enumerate(amounts):
        paid = max(paid, -(after.available_minor // 100))
        after, moved = paying(after, paid, at + timedelta(days=9 * number)), moved + paid * 100

    assert after.available_minor + after.frozen_minor == shop.available_minor + shop.frozen_minor + moved


@given(sellers())
def test_a_decision_can_be_decided_again_from_itself(shop: Deposit) -> None:
    decision = decide(shop, EX_2023, "2023-03")
    read = msgspec.json.decode(msgspec.json.encode(decision), type=type(decision))

    assert read == decision
    assert decide_on(read.seller_id, rested_on(read), EX_2023, AT) == decision


@given(sellers())
def test_a_deposit_reads_back_as_it_was_written(shop: Deposit) -> None:
    after = applied(shop, decide(shop, EX_2023, "2023-03"), RUN, BOOKS)

    assert msgspec.json.decode(msgspec.json.encode(after), type=Deposit) == after


@given(sellers(), some.sampled_from([EX_2021, EX_2023, EX_2024]))
def test_an_explanation_says_what_the_decision_says(shop: Deposit, book: Any) -> None:
    decision = decide(shop, book, "2023-03")
    explanation = explain(decision, book, BOOKS.others)

    assert [one.category for one in explanation.ranking][:1] == ([decision.category] if decision.category else [])
    assert {one.book for one in explanation.under} == {"EX-2021-09", "EX-2023-02", "EX-2024-01"} - {book.id}
    if explanation.tier:
        assert explanation.tier.least <= decision.orders <= (explanation.tier.most or decision.orders)
        assert explanation.tier.amount == explanation.raw
    if explanation.next_tier:
        assert explanation.next_tier.missing == explanation.next_tier.least - decision.orders


@given(sellers(), some.integers(0, 60), some.sampled_from([0, 10_000, 3_000_000]))
def test_what_would_be_is_what_then_is(shop: Deposit, orders: int, paid: int) -> None:
    """The calculator and the run are one function: do as was asked about, and the run says the same."""
    now = shanghai("2023-03-05 12:00")
    shop = replace(shop, awaiting_first_trade=False)
    outlook = what_if(shop, BOOKS, now, orders=orders, category="toys", gmv_minor=700, pay_minor=paid)
    done = replace(shop, available_minor=shop.available_minor + paid, days=_more(shop.days, orders), updated_at=now)

    assert outlook.then == decide(done, EX_2023, "2023-03")


@given(sellers())
def test_following_the_advice_saves_what_it_says(shop: Deposit) -> None:
    now: datetime = shanghai("2023-03-05 12:00")
    outlook = what_if(shop, BOOKS, now)
    paid = replace(shop, available_minor=shop.available_minor + outlook.advice.pay_minor, updated_at=now)

    then = what_if(paid, BOOKS, now).then

    assert outlook.then.base_minor - then.base_minor == outlook.advice.saved_minor
    assert then.base_minor == outlook.advice.base_minor
    if outlook.advice.pay_minor:
        less = replace(paid, available_minor=paid.available_minor - 1)
        assert what_if(less, BOOKS, now).then.base_minor == outlook.then.base_minor, "nothing less would do"


def _more(days: Days, orders: int) -> Days:
    if not orders:
        return days
    last = dict(days)
    last[AT.day - 1] = (*last.get(AT.day - 1, ()), ("toys", orders, 700))
    return tuple(sorted(last.items()))
