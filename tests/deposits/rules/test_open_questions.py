"""The questions the announcement leaves open: every key of a rulebook, with every answer it may have."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from chalicelib.deposits.rules.book import Tier
from chalicelib.deposits.rules.decision import applied, decide, higher
from chalicelib.deposits.rules.deposit import Insurance, Risk
from chalicelib.deposits.rules.lint import lint
from chalicelib.deposits.rules.requirement import requirement
from tests.deposits.rules.sellers import BOOKS, CATEGORY, EX_2023, days, seller, shanghai, varied

RUN = shanghai("2023-03-06 00:30")
RISK = Risk(id="a", class_="R1", minor=50_000, opened_at=shanghai("2023-02-01 00:00"))


def test_category_rank() -> None:
    cats = {CATEGORY["G1"]: (35, 700), CATEGORY["G4"]: (5, 15_000)}

    assert higher(cats, EX_2023)[0] == CATEGORY["G4"]
    assert higher(cats, varied(category_rank="orders"))[0] == CATEGORY["G1"]


def test_tier_axis() -> None:
    tiers = (Tier(1, 100_000), Tier(100_001, 200_000), Tier(200_001, 300_000), Tier(300_001, 400_000), Tier(400_001))
    by_amount = varied(tier_axis="gmv", tiers=tiers)
    shop = seller(base=5000, cash=5000, sold=days(("2023-02-20", "G1", 3, 3500)))
    gifts = seller(base=5000, cash=5000, sold=days(("2023-02-20", "G1", 3, -10)))

    assert decide(shop, by_amount, "2023-03").raw_minor == 50_000
    assert decide(shop, EX_2023, "2023-03").raw_minor == 5_000
    assert decide(gifts, by_amount, "2023-03").raw_minor == 5_000


@pytest.mark.parametrize(("scope", "base"), [("total", 50_000), ("base", 5_000)])
def test_debt_scope(scope: str, base: int) -> None:
    shop = seller(base=500, cash=500, risks=(RISK,), sold=days(("2023-02-20", "G1", 5, 90)))

    assert decide(shop, varied(debt_scope=scope), "2023-03").base_minor == base


@pytest.mark.parametrize(
    ("test", "due", "in_debt"),
    [
        ("shortfall", "2023-03-08 00:00", True),
        ("overdue", "2023-03-08 00:00", False),
        ("overdue", "2023-03-06 00:00", True),
        ("overdue", "2023-03-01 00:00", True),
    ],
)
def test_debt_test(test: str, due: str, in_debt: bool) -> None:
    shop = seller(base=500, cash=200, due_at=shanghai(due))

    assert decide(shop, varied(debt_test=test), "2023-03").in_debt is in_debt


@pytest.mark.parametrize(("basis", "errors"), [("kept", []), ("paid", ["count_basis_unsupported"])])
def test_count_basis(basis: str, errors: list[str]) -> None:
    """The day-book forgets orders that are undone: a book that wants them counted is refused, and not decided on as if it were `kept`."""
    findings = lint(varied(count_basis=basis).terms)

    assert [finding.code for finding in findings if finding.level == "error"] == errors


@pytest.mark.parametrize(("window", "orders"), [("days30", 1), ("since_last_run", 2)])
def test_window(window: str, orders: int) -> None:
    """From 6 March to 6 April are 31 days: the 6th itself is blind unless the window reaches back to the last run."""
    shop = seller(base=5000, cash=5000, sold=days(("2023-03-06", "G1", 1, 9), ("2023-03-07", "G1", 1, 9)))

    assert decide(shop, varied(window=window), "2023-04").orders == orders


@pytest.mark.parametrize(
    ("policy", "base", "awaits_first_trade_again"), [("rearm", 0, True), ("zero", 0, False), ("keep", 20_000, False)]
)
def test_idle_policy(policy: str, base: int, awaits_first_trade_again: bool) -> None:
    shop = seller(base=200, cash=200)
    decision = decide(shop, varied(idle_policy=policy), "2023-03")

    assert (decision.base_minor, decision.awaits_first_trade_again) == (base, awaits_first_trade_again)
    assert applied(shop, decision, RUN, BOOKS).awaiting_first_trade is awaits_first_trade_again


@pytest.mark.parametrize(("covers", "arrears", "releasable"), [(True, 0, 10_000), (False, 40_000, 0)])
def test_frozen_covers(covers: bool, arrears: int, releasable: int) -> None:
    shop = replace(seller(base=500, cash=100), frozen_minor=60_000)
    needed = requirement(shop, varied(frozen_covers=covers), RUN)

    assert (needed.arrears_minor, needed.releasable_minor) == (arrears, releasable)
    assert decide(shop, varied(frozen_covers=covers), "2023-03").arrears_before_minor == arrears


@pytest.mark.parametrize(("scope", "arrears"), [("base", 50_000), ("total", 0)])
def test_substitute_scope(scope: str, arrears: int) -> None:
    cover = Insurance(id="a", minor=200_000, from_=RISK.opened_at, until=shanghai("2024-01-01 00:00"))
    shop = seller(base=500, risks=(RISK,), insurances=(cover,))

    assert requirement(shop, varied(insurance_scope=scope), RUN).arrears_minor == arrears
    assert decide(shop, varied(insurance_scope=scope), "2023-03").arrears_before_minor == arrears


@pytest.mark.parametrize(
    ("clamp", "rising", "falling_debtor"),
    [("asymmetric_2023", 5_000, 50_000), ("none", 50_000, 5_000), ("floor_only", 50_000, 50_000)],
)
def test_clamp(clamp: str, rising: int, falling_debtor: int) -> None:
    book = varied(clamp=clamp)
    grown = seller(base=50, cash=50, sold=days(("2023-02-20", "G1", 620, 9_000)))
    debtor = seller(base=500, cash=200, sold=days(("2023-02-20", "G1", 12, 900)))

    assert decide(grown, book, "2023-03").base_minor == rising
    assert decide(debtor, book, "2023-03").base_minor == falling_debtor
