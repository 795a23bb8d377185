"""The export credit limit: the worked examples of its source, its window, its haircuts, and what leaves the window when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.credit.rules import products
from chalicelib.credit.rules.limit import Limit, compute, window
from chalicelib.credit.rules.limit_working import working
from chalicelib.credit.rules.products import LimitTerms
from chalicelib.exports.rules.days import ExportDay, ExportLine, Origin

AS_OF = date(2024, 8, 31)
TERMS = products.find("boc-term", AS_OF).limit
IN_WINDOW = date(2024, 5, 17)
LINES = st.builds(
    ExportLine,
    st.sampled_from(["order-1", "order-2", "order-3"]),
    st.sampled_from(["acme", "globex"]),
    st.integers(-20_000_000, 40_000_000),
    st.sampled_from(["platform", "elsewhere"]),
    st.booleans(),
)
DAYS = st.lists(
    st.builds(
        lambda off, lines: day(AS_OF - timedelta(days=off), *lines), st.integers(-5, 200), st.lists(LINES, max_size=3)
    ),
    max_size=12,
    unique_by=lambda each: each.on,
)


def day(on: date, *lines: ExportLine) -> ExportDay:
    return ExportDay(on=on, lines=lines)


def line(
    minor: int, *, order: str = "order-1", buyer: str = "acme", origin: Origin = "platform", related: bool = False
) -> ExportLine:
    return ExportLine(order, buyer, minor, origin, related)


def limit(*minor: int, terms: LimitTerms = TERMS) -> Limit:
    return compute([day(IN_WINDOW, *(line(each, order=f"order-{n}") for n, each in enumerate(minor)))], terms, AS_OF)


@pytest.mark.parametrize(
    ("row", "exported", "expected", "reasons"),
    [
        ("L1", 9_999_999, 0, ("EXPORT_BELOW_MIN",)),
        ("L2", 10_000_000, 10_000_000, ()),
        ("L3", 123_456_789, 123_456_700, ()),
        ("L5", 1_000_000_001, 1_000_000_000, ()),
        ("L6", 2_500_000_000, 1_000_000_000, ()),
    ],
)
def test_a_limit_is_a_yuan_for_each_dollar_from_the_threshold_up_to_the_most(
    row: str, exported: int, expected: int, reasons: tuple[str, ...]
) -> None:
    decided = limit(exported)
    assert (decided.usd_6m_minor, decided.limit_minor, decided.reasons) == (exported, expected, reasons)


def test_a_limit_goes_down_to_a_whole_step() -> None:
    """L12."""
    assert limit(123_456_789, terms=replace(TERMS, step_minor=1_000_000)).limit_minor == 123_000_000


def test_too_few_orders_give_no_limit_where_the_product_asks_for_some() -> None:
    """L13. An order that came back whole is none."""
    terms = replace(TERMS, min_deals=3)
    assert limit(15_000_000, terms=terms).reasons == ("TOO_FEW_DEALS",)
    assert limit(5_000_000, 5_000_000, 5_000_000, terms=terms).limit_minor == 15_000_000
    back = day(IN_WINDOW + timedelta(days=9), line(-5_000_000, order="order-2"))
    sold = day(IN_WINDOW, *(line(each, order=f"order-{n}") for n, each in enumerate((8_000_000, 8_000_000, 5_000_000))))
    assert compute([sold, back], terms, AS_OF).reasons == ("TOO_FEW_DEALS",)


def test_what_is_verified_elsewhere_adds_four_fifths_and_does_not_help_over_the_threshold() -> None:
    """L14."""
    elsewhere = line(10_000_000, origin="elsewhere")
    assert compute([day(IN_WINDOW, line(20_000_000), elsewhere)], TERMS, AS_OF).limit_minor == 28_000_000
    short = compute([day(IN_WINDOW, line(9_999_999), elsewhere)], TERMS, AS_OF)
    assert (short.limit_minor, short.missing_usd_minor) == (0, 1)


@pytest.mark.parametrize(
    ("as_of", "since"),
    [
        (date(2024, 8, 31), date(2024, 2, 29)),
        (date(2023, 8, 31), date(2023, 2, 28)),
        (date(2024, 9, 1), date(2024, 3, 1)),
        (date(2018, 1, 1), date(2017, 7, 1)),
    ],
)
def test_the_window_is_six_calendar_months_without_today(as_of: date, since: date) -> None:
    assert window(as_of, TERMS) == (since, as_of)
    before, first, last, today = (
        day(on, line(10_000_000)) for on in (since - timedelta(1), since, as_of - timedelta(1), as_of)
    )
    assert compute([before, first, last, today], TERMS, as_of).usd_6m_minor == 20_000_000


def test_a_return_counts_on_its_own_day() -> None:
    sold, back = day(date(2024, 2, 10), line(20_000_000)), day(IN_WINDOW, line(-5_000_000))
    assert compute([sold, back], TERMS, AS_OF).usd_6m_minor == -5_000_000
    assert compute([sold, back], TERMS, date(2024, 8, 1)).usd_6m_minor == 15_000_000


def test_exports_to_related_parties_count_as_the_product_says() -> None:
    days = [day(IN_WINDOW, line(15_000_000), line(4_000_000, related=True))]
    assert compute(days, TERMS, AS_OF).limit_minor == 19_000_000
    without = compute(days, replace(TERMS, related="0"), AS_OF)
    assert (without.deductions.related_usd_minor, without.limit_minor) == (4_000_000, 15_000_000)


def test_one_buyer_counts_for_a_part_of_the_total_only() -> None:
    days = [day(IN_WINDOW, line(18_000_000), line(2_000_000, buyer="globex"))]
    decided = compute(days, replace(TERMS, one_buyer_bp=6_000), AS_OF)
    assert (decided.deductions.one_buyer_usd_minor, decided.limit_minor) == (6_000_000, 14_000_000)


def test_disputes_are_deducted_where_the_product_says_so() -> None:
    days = [day(IN_WINDOW, line(20_000_000))]
    assert compute(days, TERMS, AS_OF, disputes_usd_minor=1_000_000).limit_minor == 20_000_000
    terms = replace(TERMS, deducts_disputes=True)
    assert compute(days, terms, AS_OF, disputes_usd_minor=1_000_000).limit_minor == 19_000_000


def test_every_step_is_written_down() -> None:
    assert [str(step) for step in working(limit(123_456_789), TERMS)] == [
        "window = 2024-02-29 to 2024-08-30",
        "counted = 1,234,567.89 USD through the platform - 0.00 related - 0.00 of one buyer - 0.00 disputed = 1,234,567.89",
        "1,234,567.89 USD is not below 100,000.00",
        "raw limit = (1,234,567.89 + 0.00 verified elsewhere × 4/5) × 1 = 1,234,567.89",
        "1,234,567.89, at most 10,000,000.00 = 1,234,567.89",
        "limit = 1,234,567.89 down to whole 1.00 = 1,234,567.00",
    ]


def test_what_leaves_the_window_is_told_with_the_limit_that_is_left() -> None:
    days = [
        day(date(2024, 2, 29), line(4_500_000)),
        day(date(2024, 3, 1), line(1_000_000)),
        day(IN_WINDOW, line(12_000_000)),
    ]
    decided = compute(days, TERMS, AS_OF)
    assert decided.limit_minor == 17_500_000
    assert [(each.on, each.platform_usd_minor, each.limit_minor) for each in decided.leaves] == [
        (date(2024, 9, 1), 4_500_000, 13_000_000),
        (date(2024, 9, 2), 1_000_000, 12_000_000),
        (date(2024, 11, 18), 12_000_000, 0),
    ]


@given(DAYS, st.booleans())
def test_what_is_told_to_leave_is_what_is_missing_then(days: list[ExportDay], strict: bool) -> None:
    terms = replace(TERMS, related="1/2", one_buyer_bp=6_000, min_deals=2) if strict else TERMS
    known = [each for each in days if each.on < AS_OF]
    for leaving in compute(known, terms, AS_OF).leaves:
        then = compute(known, terms, leaving.on)
        assert then.limit_minor == leaving.limit_minor
        gone = compute(known, terms, leaving.on - timedelta(days=1)).platform_usd_minor - then.platform_usd_minor
        assert gone == leaving.platform_usd_minor


@given(DAYS)
def test_a_limit_is_within_its_bounds_and_no_more_than_was_exported(days: list[ExportDay]) -> None:
    decided = compute(days, TERMS, AS_OF)
    assert 0 <= decided.limit_minor <= TERMS.most_minor
    assert decided.limit_minor % TERMS.step_minor == 0
    assert 5 * decided.limit_minor <= max(0, 5 * decided.usd_6m_minor + 4 * decided.elsewhere_usd_minor)
    assert bool(decided.reasons) == (decided.usd_6m_minor < TERMS.least_usd_minor)
