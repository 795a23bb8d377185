"""What a deposit is decided on is kept in yuan: a tie in yuan is a tie, whatever its dollars are rounded to."""

from __future__ import annotations

from chalicelib.deposits.rules.decision import ranking
from chalicelib.deposits.service.days import packed
from chalicelib.shared.fx import quote
from tests.daybook.stories import AT, book, trade
from tests.deposits.rules.sellers import CATEGORY, EX_2023, varied

QUOTE = quote("CNY", AT.date())
THREE = [
    trade(trade_id=f"t-{number}", category=CATEGORY["G4"], currency="CNY", amount_minor=3_334) for number in range(3)
]
ONE = [trade(trade_id="t-9", category=CATEGORY["G1"], currency="CNY", amount_minor=10_002)]


def test_categories_that_tie_in_yuan_are_ranked_by_their_orders_and_not_by_rounded_dollars() -> None:
    _, days = book([*THREE, *ONE])
    [(_, sold)] = packed(days.values())
    sums = {category: (orders, fen) for category, orders, fen in sold}
    assert {fen for _, fen in sums.values()} == {10_002}
    assert ranking(sums, EX_2023)[0] == CATEGORY["G4"]

    in_dollars = [sum(QUOTE.convert(fact.amount_minor) for fact in facts) for facts in (THREE, ONE)]
    assert in_dollars == [1_449, 1_450], "ranked by these, the tie would fall the other way"


def test_an_amount_at_the_edge_of_a_tier_is_in_it() -> None:
    """Tiers by amount are in the book's currency: 100.02 yuan are 10,002 fen and not 14.49 dollars."""
    by_amount = varied(tier_axis="gmv")
    _, days = book([*THREE])
    [(_, sold)] = packed(days.values())
    assert [(orders, fen) for _, orders, fen in sold] == [(3, 10_002)]
    assert by_amount.terms.currency == "CNY"
