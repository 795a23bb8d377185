"""Statements that explain themselves, and the calculator: what if, and what is the cheapest thing to do."""

from __future__ import annotations

from datetime import date

from chalicelib.deposits.rules.decision import decide, first_traded
from chalicelib.deposits.rules.explanation import explain
from chalicelib.deposits.rules.what_if import what_if
from chalicelib.shared.money import Money
from tests.deposits.rules.sellers import BOOKS, CATEGORY, EX_2023, days, seller, shanghai

NOW = shanghai("2023-03-04 12:00")


def yuan(amount: str) -> Money:
    return Money(amount, "CNY")


def test_an_explanation_shows_inputs_ranking_tiers_clause_and_book() -> None:
    shop = seller(base=50, cash=50, sold=days(("2023-02-20", "G1", 35, 700), ("2023-02-21", "G4", 5, 15_000)))

    explanation = explain(decide(shop, EX_2023, "2023-03"), EX_2023, BOOKS.others)

    assert explanation.cut_off_at == shanghai("2023-03-06 00:00")
    assert explanation.window == (date(2023, 2, 4), date(2023, 3, 6))
    assert [(one.category, one.group, one.orders, one.amount) for one in explanation.ranking] == [
        ("telephony", "G4", 5, yuan("1000.00")),
        ("bed_bath_table", "G1", 35, yuan("100.00")),
    ]
    assert explanation.tier is not None
    assert (explanation.tier.least, explanation.tier.most, explanation.tier.amount) == (31, 100, yuan("1000.00"))
    assert explanation.next_tier is not None
    assert (explanation.next_tier.least, explanation.next_tier.missing, explanation.next_tier.amount) == (
        101,
        61,
        yuan("2000.00"),
    )
    assert (explanation.raw, explanation.previous, explanation.base, explanation.clause) == (
        yuan("1000.00"),
        yuan("50.00"),
        yuan("50.00"),
        "ceiling",
    )
    assert (
        str(explanation.clause_text) == "Without arrears at the cut-off the new base is not higher than last month's."
    )
    assert (explanation.book, explanation.book_hash) == ("EX-2023-02", EX_2023.hash)


def test_it_says_what_another_book_would_make_of_the_same_month() -> None:
    shop = seller(base=1000, cash=1000, sold=days(("2023-02-20", "G1", 310, 900)))

    explanation = explain(decide(shop, EX_2023, "2023-03"), EX_2023, BOOKS.others)

    assert {one.book: (one.raw.amount, one.base.amount) for one in explanation.under} == {
        "EX-2021-09": ("1000.00", "1000.00"),
        "EX-2024-01": ("600.00", "600.00"),
    }


def test_an_idle_month_is_explained_by_the_first_tier_that_is_one_order_away() -> None:
    explanation = explain(decide(seller(base=200, cash=200), EX_2023, "2023-03"), EX_2023)

    assert (explanation.ranking, explanation.tier, explanation.awaits_first_trade_again) == ([], None, True)
    assert explanation.next_tier is not None
    assert (explanation.next_tier.least, explanation.next_tier.missing) == (1, 1)


def test_the_last_tier_has_none_after_it() -> None:
    shop = seller(base=50, cash=50, sold=days(("2023-02-20", "G1", 2001, 9)))
    explanation = explain(decide(shop, EX_2023, "2023-03"), EX_2023)

    assert explanation.next_tier is None
    assert explanation.tier is not None
    assert (explanation.tier.least, explanation.tier.most) == (2001, None)


def test_a_first_trading_day_explains_itself_by_its_day() -> None:
    shop = seller(awaiting_first_trade=True, sold=days(("2023-03-05", "G1", 40, 900)))
    made = first_traded(shop, EX_2023, date(2023, 3, 5).toordinal(), shanghai("2023-03-06 00:05"), BOOKS)
    assert made is not None

    explanation = explain(made[1], EX_2023, BOOKS.others)

    assert (explanation.period, explanation.cut_off_at) == ("2023-03-05", None)
    assert explanation.window == (date(2023, 3, 5), date(2023, 3, 6))
    assert str(explanation.clause_text) == "The first trading day sets the base: the tier amount of that day."
    assert {one.book: one.base.amount for one in explanation.under} == {"EX-2021-09": "1000.00", "EX-2024-01": "100.00"}


def test_a_skipped_month_says_why() -> None:
    explanation = explain(decide(seller(awaiting_first_trade=True), EX_2023, "2023-03"), EX_2023)

    assert explanation.skipped == "awaiting_first_trade"
    assert str(explanation.clause_text).startswith("A shop that has not traded")


def test_paying_before_the_6th_is_the_advice_to_a_debtor_whose_orders_fell() -> None:
    shop = seller(base=500, cash=200, sold=days(("2023-02-20", "G1", 12, 900)))

    outlook = what_if(shop, BOOKS, NOW)

    assert outlook.period == "2023-03"
    assert (outlook.as_is.base_minor, outlook.as_is.clause) == (50_000, "floor")
    assert (outlook.advice.action, outlook.advice.pay_minor) == ("pay", 30_000)
    assert (outlook.advice.base_minor, outlook.advice.saved_minor) == (5_000, 45_000)
    assert outlook.advice.by == shanghai("2023-03-06 00:00")


def test_a_payment_that_is_asked_about_is_in_the_answer() -> None:
    shop = seller(base=500, cash=200, sold=days(("2023-02-20", "G1", 12, 900)))

    outlook = what_if(shop, BOOKS, NOW, pay_minor=30_000)

    assert (outlook.as_is.base_minor, outlook.then.base_minor, outlook.then.in_debt) == (50_000, 5_000, False)
    assert outlook.then.releasable_minor == 45_000
    assert outlook.advice.action == "nothing"


def test_one_fen_too_little_changes_nothing() -> None:
    shop = seller(base=500, cash=200, sold=days(("2023-02-20", "G1", 12, 900)))

    assert what_if(shop, BOOKS, NOW, pay_minor=29_999).then.base_minor == 50_000


def test_more_orders_are_counted_by_the_5th() -> None:
    shop = seller(base=5000, cash=5000, sold=days(("2023-02-20", "G1", 70, 700)))

    outlook = what_if(shop, BOOKS, NOW, orders=40)

    assert (outlook.as_is.orders, outlook.then.orders) == (70, 110)
    assert (outlook.as_is.raw_minor, outlook.then.raw_minor) == (10_000, 20_000)
    assert outlook.then.category == CATEGORY["G1"]
    assert outlook.then.gmv_minor == 110_000, "at the average of those before"


def test_orders_in_another_category_may_make_it_the_higher_one() -> None:
    shop = seller(base=5000, cash=5000, sold=days(("2023-02-20", "G1", 10, 700)))

    outlook = what_if(shop, BOOKS, NOW, orders=3, category=CATEGORY["G4"], gmv_minor=90_000_00)

    assert (outlook.then.category, outlook.then.raw_minor) == (CATEGORY["G4"], 50_000)


def test_a_shop_that_never_traded_sees_its_first_trading_day() -> None:
    outlook = what_if(seller(awaiting_first_trade=True), BOOKS, NOW, orders=5, category=CATEGORY["G4"])

    assert outlook.as_is.skipped == "awaiting_first_trade"
    assert (outlook.then.skipped, outlook.then.prev_minor, outlook.then.base_minor) == ("", 50_000, 50_000)


def test_where_paying_saves_nothing_nothing_is_advised() -> None:
    grown = seller(base=50, cash=0, sold=days(("2023-02-20", "G1", 12, 900)))

    assert what_if(grown, BOOKS, NOW).advice.action == "nothing"


def test_a_growing_debtor_is_shown_what_the_ceiling_would_save() -> None:
    grown = seller(base=50, cash=0, sold=days(("2023-02-20", "G1", 620, 9_000)))

    outlook = what_if(grown, BOOKS, NOW)

    assert (outlook.as_is.base_minor, outlook.advice.pay_minor, outlook.advice.saved_minor) == (50_000, 5_000, 45_000)


def test_after_the_cut_off_the_next_one_is_meant() -> None:
    assert what_if(seller(base=50), BOOKS, shanghai("2023-03-06 00:01")).period == "2023-04"
