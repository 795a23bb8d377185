"""What is found in a rulebook before it is published: errors that refuse it, and paradoxes its author should know."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.deposits.rules.book import Book, DunningStage, Group, Market, RiskClass, Tier, books, hash_of
from chalicelib.deposits.rules.diff import diff
from chalicelib.deposits.rules.lint import lint
from tests.deposits.rules.sellers import EX_2021, EX_2023, EX_2024, varied

TERMS = EX_2023.terms
TIERS = TERMS.tiers


def codes(**changed: Any) -> set[str]:
    return {finding.code for finding in lint(replace(TERMS, **changed))}


def errors(**changed: Any) -> list[str]:
    return [finding.code for finding in lint(replace(TERMS, **changed)) if finding.level == "error"]


@pytest.mark.parametrize("book", [EX_2021, EX_2023, EX_2024])
def test_the_books_that_ship_have_no_errors(book: Book) -> None:
    assert [finding for finding in lint(book.terms) if finding.level == "error"] == []


@pytest.mark.parametrize(
    ("tiers", "code"),
    [
        ((Tier(0, 30), *TIERS[1:]), "tiers_not_from_1"),
        ((Tier(2, 30), *TIERS[1:]), "tiers_not_from_1"),
        ((TIERS[0], Tier(32, 100), *TIERS[2:]), "tiers_not_contiguous"),
        ((TIERS[0], Tier(30, 100), *TIERS[2:]), "tiers_not_contiguous"),
        ((Tier(1), *TIERS[1:]), "tiers_not_contiguous"),
        ((*TIERS[:4], Tier(2001, 9999)), "tiers_end"),
        ((*TIERS[:3], Tier(501, 400), Tier(401)), "tier_empty"),
    ],
)
def test_tiers_are_contiguous_from_one_to_the_open_end(tiers: tuple[Tier, ...], code: str) -> None:
    assert code in errors(tiers=tiers)


@pytest.mark.parametrize(
    ("row", "code"), [((5, 4, 6, 7, 8), "row_decreasing"), ((1, 2, 3), "row_length"), ((5, 5, 5, 5, 5), "")]
)
def test_rows_have_an_amount_for_each_tier_and_never_fall(row: tuple[int, ...], code: str) -> None:
    assert errors(groups={**TERMS.groups, "G1": Group(row)}) == ([code] if code else [])


def test_every_category_that_is_traded_needs_a_group() -> None:
    findings = [finding for finding in lint(TERMS, ["perfumery", "moon_rocks"]) if finding.level == "error"]

    assert [(one.code, one.where) for one in findings] == [("category_unmapped", "categories.moon_rocks")]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"default_group": "G9"}, "no_default_group"),
        ({"categories": {"toys": "G9"}}, "no_such_group"),
        ({"currency": "XQX"}, "unknown_currency"),
        ({"currency": "USD"}, "currency_without_figures"),
        ({"dunning_stages": (DunningStage(72, "a"), DunningStage(72, "b"))}, "ladder_not_rising"),
        ({"dunning_stages": (DunningStage(24, "a"),)}, "ladder_before_due"),
        ({"risks": {"R9": RiskClass(5_000_001, 30)}}, "risk_above_cap"),
    ],
)
def test_a_book_that_contradicts_itself_is_refused(changed: dict[str, Any], code: str) -> None:
    assert code in errors(**changed)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, "cliff"),
        ({}, "blind_days"),
        ({}, "debtors_frozen"),
        ({}, "freeze_for_ever"),
        ({}, "grace_counts_as_debt"),
        ({"idle_policy": "zero"}, "idle_frozen_at_zero"),
        ({"category_rank": "orders"}, "tie_ambiguity"),
        ({"tiers": (*TIERS[:4], Tier(2001, 10**8), Tier(10**8 + 1))}, "tier_never_reached"),
        ({"groups": {**TERMS.groups, "G10": Group((1, 1, 1, 1, 1))}}, "group_without_category"),
    ],
)
def test_paradoxes_are_named(changed: dict[str, Any], code: str) -> None:
    assert code in codes(**changed)


def test_other_answers_have_other_paradoxes() -> None:
    calm = codes(clamp="none", window="since_last_run")

    assert not calm & {"blind_days", "debtors_frozen", "freeze_for_ever", "grace_counts_as_debt"}


def test_tiers_that_make_no_difference_are_named() -> None:
    same = {name: Group((1, 2, 2, 3, 4)) for name in TERMS.groups}

    findings = [one.where for one in lint(replace(TERMS, groups=same)) if one.code == "tier_without_effect"]

    assert findings == ["tiers[2]"]


def test_a_cliff_says_what_one_more_order_costs() -> None:
    finding = next(one for one in lint(TERMS) if one.code == "cliff")

    assert str(finding.text) == "In G4 one more than 2000 costs 5,000.00 CNY."


def test_two_books_differ_where_they_differ() -> None:
    specials = {**TERMS.specials, "M5": Market(100)}
    del specials["M4"]

    found = diff(TERMS, replace(TERMS, specials=specials, clamp="none", tiers=TIERS[:4]))

    assert [(change.where, change.kind) for change in found] == [
        ("clamp", "changed"),
        ("specials.M4", "removed"),
        ("specials.M5", "added"),
        ("tiers", "changed"),
    ]
    assert diff(TERMS, TERMS) == []


def test_the_hash_names_the_terms_and_nothing_else() -> None:
    assert hash_of(TERMS) == EX_2023.hash == varied().hash
    assert varied(clamp="none").hash != EX_2023.hash
    assert len({EX_2021.hash, EX_2023.hash, EX_2024.hash}) == 3


def test_of_two_books_for_one_instant_the_one_announced_later_rules() -> None:
    later = replace(EX_2024, id="A", announced_at=EX_2024.effective_at)

    assert books(EX_2021, (later, EX_2024, EX_2023)).in_force(EX_2024.effective_at).id == "A"
