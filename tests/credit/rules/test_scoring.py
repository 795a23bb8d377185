"""From facts to figures: what each attribute of the card is made of, and when it is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.credit.rules import scoring
from chalicelib.credit.rules.peers import PeerFigures, Ranks
from chalicelib.credit.rules.scorecard import Figures
from chalicelib.credit.rules.scoring import Known
from chalicelib.daybook.rules.days import DayRow
from chalicelib.exports.rules.days import ExportDay, ExportLine
from chalicelib.firms.rules.firm import Registers
from tests.firms.factories import signer
from tests.firms.profiles import verified

ON = date(2026, 11, 29)


def sold(days_ago: int, usd_minor: int, count: int = 1, **other: Any) -> DayRow:
    return DayRow(day=ON - timedelta(days=days_ago), orders={"lamps": (count, usd_minor, 7 * usd_minor)}, **other)


def traded(*days: DayRow) -> Known:
    return Known(on=ON, days=days, has_traded=True)


def exported(days_ago: int, **usd_minor: int) -> ExportDay:
    lines = tuple(ExportLine("order", buyer, usd) for buyer, usd in usd_minor.items())
    return ExportDay(on=ON - timedelta(days=days_ago), lines=lines)


def figures(known: Known) -> Figures:
    return scoring.figures(known)


def test_of_a_firm_of_which_nothing_is_told_nothing_is_known() -> None:
    assert figures(Known(on=ON)) == Figures()


def test_growth_compares_the_last_six_months_with_the_six_before() -> None:
    assert figures(traded(sold(10, 1_200), sold(200, 1_000))).growth == 2_000
    assert figures(traded(sold(10, 500), sold(200, 1_000))).growth == -5_000
    assert figures(traded(sold(10, 500))).growth is None


def test_a_day_six_months_ago_is_recent_and_the_day_before_is_not() -> None:
    recent, before = (ON - date(2026, 5, 29)).days, (ON - date(2026, 5, 28)).days
    assert figures(traded(sold(recent, 300), sold(before, 100))).growth == 20_000


def test_active_months_are_those_with_sales_and_zero_for_who_sold_before() -> None:
    assert figures(traded(sold(1, 5), sold(2, 5), sold(45, 5), sold(364, 5))).active_months == 3
    assert figures(traded()).active_months == 0
    assert figures(Known(on=ON)).active_months is None


def test_a_firm_without_trades_is_judged_by_its_exports() -> None:
    known = Known(on=ON, exports=(exported(200, acme=100), exported(20, acme=90, bolt=60)))
    assert (figures(known).growth, figures(known).active_months) == (5_000, 2)
    assert scoring.peer_figures(known) == PeerFigures(sales=250)
    assert figures(replace(known, has_traded=True)).growth is None


def test_concentration_is_of_the_buyers_of_six_months_and_returns_count_less() -> None:
    known = Known(on=ON, exports=(exported(200, old=999), exported(20, acme=50, bolt=50), exported(10, back=-5)))
    assert figures(known).buyer_concentration == 5_000
    assert figures(Known(on=ON, exports=(exported(20, acme=7),))).buyer_concentration == 10_000
    assert figures(Known(on=ON, exports=(exported(20, acme=-7),))).buyer_concentration is None


def test_claims_for_each_order_and_none_of_none_is_not_known() -> None:
    known = traded(sold(10, 900, count=200, claims_filed=1), sold(9, 1, count=100, claims_filed=2))
    assert figures(known).dispute_rate == 100
    assert figures(traded(DayRow(day=ON - timedelta(days=3), claims_filed=2))).dispute_rate is None
    assert figures(traded(sold(3, 1, count=1, claims_filed=5))).dispute_rate == 10_000


def test_weeks_with_a_login_and_none_is_not_known() -> None:
    days = [DayRow(day=ON - timedelta(days=ago), logins=2) for ago in (1, 7, 8, 182, 183)]
    assert figures(traded(*days)).login_weeks == 3
    assert figures(traded(*days[-1:])).login_weeks is None


def test_shipping_on_time_is_of_what_was_due() -> None:
    assert figures(traded(sold(5, 1, due=40, on_time=38))).on_time_shipping == 9_500
    assert figures(traded(sold(5, 1))).on_time_shipping is None


def test_lines_that_are_drawn() -> None:
    assert figures(Known(on=ON, lines_minor=200, used_minor=90)).line_use == 4_500
    assert figures(Known(on=ON)).line_use is None


def test_ranks_are_as_they_come() -> None:
    known = figures(Known(on=ON, ranks=Ranks(sales=6_250)))
    assert (known.sales_rank, known.dispute_rank) == (6_250, None)


def test_a_firm_is_as_old_as_its_year_and_verified_as_long_as_an_officer_said() -> None:
    firm = replace(verified(), founded_year=2011)
    assert firm.verified_until is not None
    last = firm.verified_until.date()
    assert figures(Known(on=last, firm=firm)).years_registered == last.year - 2011
    assert figures(Known(on=last, firm=firm)).verification == 1
    assert figures(Known(on=last + timedelta(days=2), firm=firm)).verification == 0
    assert figures(Known(on=ON, firm=replace(firm, verified_at=None, verified_until=None))).verification == 0


@pytest.mark.parametrize(
    ("seen_on", "is_known"),
    [(date(2025, 8, 29), True), (date(2025, 8, 28), False), (ON, True), (ON + timedelta(days=1), False)],
)
def test_a_register_counts_for_fifteen_months(seen_on: date, is_known: bool) -> None:
    firm = replace(verified(), registers=Registers(seen_on=seen_on, tax_grade="B", on_court_list=False))
    known = figures(Known(on=ON, firm=firm))
    assert (known.tax_grade, known.court_list) == ((3, 1) if is_known else (None, None))


def test_what_was_not_looked_up_in_a_register_is_not_known() -> None:
    firm = replace(verified(), registers=Registers(seen_on=ON, on_court_list=True))
    known = figures(Known(on=ON, firm=firm))
    assert (known.tax_grade, known.court_list) == (None, 0)


def test_a_signers_months_are_whole_and_of_who_was_verified_longest() -> None:
    since = [datetime(2025, 1, 30, 2, tzinfo=UTC), datetime(2026, 1, 30, 2, tzinfo=UTC)]
    people = tuple(replace(signer(f"per_{n}", "sign"), verified_at=at) for n, at in enumerate(since))
    assert figures(Known(on=ON, firm=replace(verified(), people=people))).signer_months == 21
    assert figures(Known(on=ON, firm=replace(verified(), people=people[1:]))).signer_months == 9
    over = tuple(replace(each, powers_until=ON - timedelta(days=1)) for each in people)
    assert figures(Known(on=ON, firm=replace(verified(), people=over))).signer_months is None


@given(st.permutations([sold(n * 20, 100 + n, count=n, due=n, on_time=n // 2, logins=n % 2) for n in range(1, 18)]))
def test_the_order_of_days_does_not_matter(days: list[DayRow]) -> None:
    assert figures(traded(*days)) == figures(traded(*sorted(days, key=lambda day: day.day)))


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.integers(1, 365))
def test_a_day_of_the_last_twelve_months_is_in_one_of_twelve(on: date, ago: int) -> None:
    day = DayRow(day=on - timedelta(days=ago), orders={"lamps": (1, 5, 5)})
    known = figures(Known(on=on, days=(day,), has_traded=True))
    assert known.active_months == 1
