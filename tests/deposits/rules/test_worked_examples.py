"""The worked examples of the specification that are rules. Yuan; run date 6 March 2023 unless said."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from chalicelib.deposits.rules.decision import applied, decide, first_traded
from chalicelib.deposits.rules.deposit import Deposit, Risk, Special
from chalicelib.deposits.rules.requirement import requirement
from chalicelib.deposits.rules.snapshots import told_days, with_snapshots
from tests.deposits.rules.sellers import BOOKS, EX_2023, days, seller, shanghai

T = shanghai("2023-03-06 00:00")
RUN = shanghai("2023-03-06 00:30")


def after_the_run(deposit: Deposit) -> Deposit:
    return applied(deposit, decide(deposit, EX_2023, "2023-03"), RUN, BOOKS)


def arrears(deposit: Deposit) -> int:
    return requirement(deposit, EX_2023, RUN).arrears_minor


def test_D1_a_shop_that_never_traded_is_skipped_and_owes_nothing() -> None:
    decision = decide(seller(awaiting_first_trade=True), EX_2023, "2023-03")

    assert (decision.skipped, decision.base_minor, decision.arrears_minor) == ("awaiting_first_trade", 0, 0)


def test_D3_the_first_trade_day_counts_the_whole_shop_in_its_higher_category() -> None:
    shop = seller(awaiting_first_trade=True, sold=days(("2023-03-01", "G1", 35, 700), ("2023-03-01", "G4", 5, 15_000)))

    traded = first_traded(shop, EX_2023, date(2023, 3, 1).toordinal(), shanghai("2023-03-02 00:05"), BOOKS)

    assert traded is not None
    now_is, how = traded
    assert (how.category, how.orders, now_is.base_minor, now_is.awaiting_first_trade) == (
        "telephony",
        40,
        100_000,
        False,
    )
    assert arrears(now_is) == 100_000
    assert now_is.due_at == shanghai("2023-03-05 00:00")


def test_D4_without_arrears_the_ceiling_acts() -> None:
    decision = decide(seller(base=50, cash=50, sold=days(("2023-02-20", "G1", 620, 9_000))), EX_2023, "2023-03")

    assert (decision.raw_minor, decision.in_debt, decision.base_minor, decision.clause) == (
        50_000,
        False,
        5_000,
        "ceiling",
    )
    assert not decision.changes


def test_D6_with_arrears_the_floor_acts() -> None:
    decision = decide(seller(base=500, cash=200, sold=days(("2023-02-20", "G1", 12, 900))), EX_2023, "2023-03")

    assert (decision.raw_minor, decision.in_debt, decision.base_minor, decision.clause) == (
        5_000,
        True,
        50_000,
        "floor",
    )
    assert decision.arrears_minor == 30_000


def test_D8_an_idle_shop_without_arrears_goes_to_zero_and_is_armed_again() -> None:
    shop = seller(base=200, cash=200)

    decision, now_is = decide(shop, EX_2023, "2023-03"), after_the_run(shop)

    assert (decision.raw_minor, decision.base_minor, decision.awaits_first_trade_again, decision.releasable_minor) == (
        0,
        0,
        True,
        20_000,
    )
    assert (now_is.awaiting_first_trade, now_is.membership_period, now_is.base_minor) == (True, 2, 0)
    assert requirement(now_is, EX_2023, RUN).releasable_minor == 20_000


def test_D9_an_idle_shop_in_arrears_keeps_its_base_and_is_not_armed() -> None:
    decision = decide(seller(base=200, cash=50), EX_2023, "2023-03")

    assert (decision.raw_minor, decision.base_minor, decision.awaits_first_trade_again, decision.arrears_minor) == (
        0,
        20_000,
        False,
        15_000,
    )


def test_D11_a_first_trade_on_the_6th_is_skipped_by_the_run_and_set_on_the_7th() -> None:
    shop = seller(awaiting_first_trade=True, sold=days(("2023-03-06", "G3", 2, 100)))
    assert decide(shop, EX_2023, "2023-03").skipped == "awaiting_first_trade"

    traded = first_traded(shop, EX_2023, date(2023, 3, 6).toordinal(), shanghai("2023-03-07 00:05"), BOOKS)

    assert traded is not None
    assert (traded[0].base_minor, arrears(traded[0])) == (10_000, 10_000)
    assert decide(traded[0], EX_2023, "2023-03").skipped == "awaiting_first_trade", (
        "also when the month is decided after that"
    )


def test_D12_a_first_trade_on_the_5th_makes_one_bill_and_not_two() -> None:
    shop = seller(awaiting_first_trade=True, sold=days(("2023-03-05", "G1", 40, 900)))
    traded = first_traded(shop, EX_2023, date(2023, 3, 5).toordinal(), shanghai("2023-03-06 00:05"), BOOKS)
    assert traded is not None
    now_is, _ = traded

    decision = decide(now_is, EX_2023, "2023-03")

    assert (decision.in_debt, decision.raw_minor, decision.base_minor, decision.skipped) == (True, 10_000, 10_000, "")
    assert not decision.changes
    assert (now_is.base_minor, arrears(now_is), now_is.due_at) == (10_000, 10_000, shanghai("2023-03-09 00:00"))


def test_D15_nothing_is_recomputed_on_the_day_a_book_takes_effect() -> None:
    shop = seller(base=1000, cash=1000, updated_at=shanghai("2023-02-06 00:30"))

    assert with_snapshots(shop, shanghai("2023-02-08 00:00"), BOOKS) == shop
    assert requirement(shop, EX_2023, shanghai("2023-02-08 00:00")).total_minor == 100_000


def test_D16_the_new_book_is_used_by_the_next_6th() -> None:
    shop = seller(base=1000, cash=1000, sold=days(("2023-02-10", "G1", 310, 9_000)))
    book = BOOKS.in_force(T)

    decision = decide(shop, book, "2023-03")

    assert (decision.book, decision.raw_minor, decision.base_minor) == ("EX-2023-02", 20_000, 20_000)
    assert decision.releasable_minor == 80_000


def test_D18_a_violation_asks_for_more_at_once_and_leaves_the_base() -> None:
    opened_at = shanghai("2023-03-12 10:00")
    risk = Risk(id="rsk_1", class_="R2", minor=EX_2023.terms.risks["R2"].amount_minor, opened_at=opened_at)

    needed = requirement(seller(base=500, cash=500, risks=(risk,)), EX_2023, opened_at)

    assert (needed.base_minor, needed.risk_minor, needed.total_minor, needed.arrears_minor) == (
        50_000,
        200_000,
        250_000,
        200_000,
    )


def test_D20_a_market_adds_its_special_amount_when_it_is_entered() -> None:
    entered_at = shanghai("2023-03-12 10:00")
    special = Special(id="spc_1", market="M1", minor=EX_2023.terms.specials["M1"].amount_minor, entered_at=entered_at)

    needed = requirement(seller(base=1000, cash=1000, specials=(special,)), EX_2023, entered_at)

    assert (needed.special_minor, needed.total_minor, needed.arrears_minor) == (1_000_000, 1_100_000, 1_000_000)


def test_D22_a_deduction_makes_a_debt_and_the_debt_a_floor() -> None:
    shop = seller(base=500, cash=150, sold=days(("2023-02-20", "G1", 5, 300)))

    decision = decide(shop, EX_2023, "2023-03")

    assert (decision.in_debt, decision.raw_minor, decision.base_minor, decision.arrears_minor) == (
        True,
        5_000,
        50_000,
        35_000,
    )


def test_D23_refunded_orders_those_of_the_6th_and_those_told_late_do_not_count() -> None:
    """102 orders were paid: 3 were refunded in full before the cut-off, 1 was paid on 6 March in Shanghai."""
    shop = seller(base=200, cash=200, sold=days(("2023-03-05", "G1", 98, 4_000), ("2023-03-06", "G1", 1, 40)))
    late = days(("2023-03-05", "G1", 99, 4_040), ("2023-03-06", "G1", 1, 40))
    told_late = told_days(shop, late, shanghai("2023-03-06 00:10"), now=shanghai("2023-03-06 00:11"), books=BOOKS)

    for each in (shop, told_late):
        decision = decide(each, EX_2023, "2023-03")
        assert (decision.orders, decision.raw_minor, decision.base_minor, decision.releasable_minor) == (
            98,
            10_000,
            10_000,
            10_000,
        )


def test_D25_risk_follows_the_owner_of_a_reopened_shop() -> None:
    from chalicelib.deposits.rules.membership import closed, reopened

    judged_at = shanghai("2023-05-20 10:00")
    risk = Risk(id="rsk_1", class_="R2", minor=200_000, opened_at=judged_at)
    shut = closed(seller(base=500, cash=500), BOOKS, shanghai("2023-04-10 10:00")).state
    emptied = replace(shut, available_minor=0, risks=(risk,), updated_at=judged_at)

    again = reopened(emptied, BOOKS, shanghai("2023-06-01 09:00")).state
    needed = requirement(again, EX_2023, shanghai("2023-06-01 09:00"))

    assert (again.status, again.awaiting_first_trade, again.membership_period) == ("open", True, 2)
    assert (needed.base_minor, needed.risk_minor, needed.total_minor, needed.arrears_minor) == (
        0,
        200_000,
        200_000,
        200_000,
    )


@pytest.mark.parametrize("yuan", [150, 151])
def test_what_is_paid_between_T_and_the_run_is_for_the_next_month(yuan: int) -> None:
    from tests.deposits.rules.sellers import paying

    shop = seller(base=200, cash=50, sold=days(("2023-02-20", "G1", 5, 300)))

    paid = paying(shop, yuan, shanghai("2023-03-06 00:10"))

    assert decide(paid, EX_2023, "2023-03") == decide(shop, EX_2023, "2023-03")
    assert after_the_run(paid).base_minor == 20_000
