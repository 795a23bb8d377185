"""Whether a firm needs credit, for what and how much, as values."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.credit.rules import need as needs
from chalicelib.credit.rules import products
from chalicelib.credit.rules.need import Need, Policy, Situation
from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.shared import policies

TODAY = date(2026, 3, 2)
POLICY = policies.in_force("pre-offers", TODAY).read_as(Policy)
OFFERED = products.offered(TODAY).products
TERMS = {product.limit for product in OFFERED}
LIMIT = 100_000_000
MINOR = st.integers(0, 10**12)


def find(limit_minor: int = LIMIT, used_minor: int = 0, **known: int) -> Need | None:
    return needs.find(Situation(**known), OFFERED, dict.fromkeys(TERMS, limit_minor), used_minor, POLICY)


def test_growth_is_met_with_what_the_growth_costs_at_the_products_own_ratio() -> None:
    need = find(recent_usd_minor=20_000_000, before_usd_minor=10_000_000)
    assert need is not None
    assert (need.kind, need.amount_minor, need.currency, need.limit_minor) == ("growth", 10_000_000, "CNY", LIMIT)
    assert need.reasons == ("You exported 200,000.00 USD in the last 3 months, after 100,000.00 USD in those before.",)
    assert need.product_ids[0] == "boc-term", "the cheapest first"
    assert {products.find(each, TODAY).kind for each in need.product_ids} == {"term"}


@pytest.mark.parametrize(
    ("known", "kind"),
    [
        ({"recent_usd_minor": 11_999_999, "before_usd_minor": 10_000_000}, None),
        ({"recent_usd_minor": 12_000_000, "before_usd_minor": 10_000_000}, "growth"),
        ({"recent_usd_minor": 12_000_000, "before_usd_minor": 0}, None),
        ({"recent_usd_minor": 10_000_000, "coming_usd_minor": 7_000_001, "last_usd_minor": 10_000_000}, None),
        ({"recent_usd_minor": 10_000_000, "coming_usd_minor": 7_000_000, "last_usd_minor": 10_000_000}, "season"),
        ({"recent_usd_minor": 10_000_000, "coming_usd_minor": 0, "last_usd_minor": 0}, None),
        ({"lines_minor": 10_000, "drawn_minor": 7_999}, None),
        ({"lines_minor": 10_000, "drawn_minor": 8_000}, "line_used_up"),
        ({}, None),
    ],
)
def test_a_need_begins_at_the_part_the_policy_names(known: dict[str, int], kind: str | None) -> None:
    need = find(**known)
    assert (need.kind if need else None) == kind


def test_a_dip_takes_the_same_part_out_of_what_is_exported_now() -> None:
    need = find(recent_usd_minor=30_000_000, coming_usd_minor=5_000_000, last_usd_minor=10_000_000)
    assert need is not None
    assert (need.kind, need.amount_minor) == ("season", 15_000_000)


def test_lines_that_are_drawn_come_first_and_ask_for_what_the_limit_leaves() -> None:
    need = find(
        used_minor=40_000_000, lines_minor=45_000_000, drawn_minor=40_000_000, recent_usd_minor=2, before_usd_minor=1
    )
    assert need is not None
    assert (need.kind, need.amount_minor) == ("line_used_up", 60_000_000)
    assert need.reasons == (
        "88 % of your credit lines are drawn.",
        "Of your limit of 1,000,000.00 CNY, 600,000.00 CNY are free.",
    )
    assert {products.find(each, TODAY).kind for each in need.product_ids} == {"revolving"}


@pytest.mark.parametrize("used", [LIMIT, LIMIT - 999_999, LIMIT + 1])
def test_there_is_no_need_that_no_product_could_meet(used: int) -> None:
    assert find(used_minor=used, recent_usd_minor=20_000_000, before_usd_minor=10_000_000) is None


def test_who_has_no_limit_is_offered_nothing() -> None:
    assert find(limit_minor=0, recent_usd_minor=2_000_000, before_usd_minor=1_000_000) is None


@given(
    limit_minor=MINOR,
    used_minor=MINOR,
    known=st.builds(
        Situation,
        recent_usd_minor=st.integers(-(10**6), 10**12),
        before_usd_minor=st.integers(-(10**6), 10**12),
        coming_usd_minor=st.integers(-(10**6), 10**12),
        last_usd_minor=st.integers(-(10**6), 10**12),
        lines_minor=MINOR,
        drawn_minor=MINOR,
    ),
)
def test_whatever_is_found_lies_within_the_limit_and_every_product_named(
    limit_minor: int, used_minor: int, known: Situation
) -> None:
    need = needs.find(known, OFFERED, dict.fromkeys(TERMS, limit_minor), used_minor, POLICY)
    if need is None:
        return
    assert 0 < need.amount_minor <= limit_minor - used_minor
    assert need.amount_minor % 100 == 0
    for product_id in need.product_ids:
        product = products.find(product_id, TODAY)
        assert product.least_minor <= need.amount_minor <= product.most_minor
    assert need.reasons


def test_days_go_to_the_months_they_are_in() -> None:
    def day(on: date, usd_minor: int) -> ExportDay:
        return ExportDay(on=on, lines=(ExportLine("o", "b", usd_minor),))

    (since, until), (first, last) = needs.windows(TODAY, 3)
    assert (since, until, first, last) == (date(2025, 9, 2), TODAY, date(2024, 12, 2), date(2025, 6, 2))
    known: Any = needs.situation(
        [day(date(2025, 12, 1), 1), day(date(2025, 12, 2), 10), day(date(2026, 3, 1), 100)],
        [day(date(2025, 3, 1), 1_000), day(date(2025, 3, 2), 10_000)],
        TODAY,
        3,
        lines_minor=0,
        drawn_minor=0,
    )
    assert (known.recent_usd_minor, known.before_usd_minor) == (110, 1)
    assert (known.coming_usd_minor, known.last_usd_minor) == (10_000, 1_000)
