"""Schedules to the fen: the rows I and LN-1, and what holds of every schedule."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.credit.rules import schedule
from chalicelib.credit.rules.products import DayCount
from chalicelib.credit.rules.schedule import Instalment, NoEffectiveRate, Terms
from chalicelib.shared.calendars import calendar

CHINA = calendar("CN")
MILLION = 1_000_000_00


def terms(**other: Any) -> Terms:
    whole: dict[str, Any] = {
        "principal_minor": MILLION,
        "rate_bp": 1200,
        "day_count": "30/360",
        "method": "annuity",
        "months": 12,
        "drawn_on": date(2023, 12, 10),
    }
    return Terms(**whole | other)


def planned(**other: Any) -> tuple[Instalment, ...]:
    return schedule.instalments(terms(**other), CHINA)


@pytest.mark.parametrize(
    ("rate_bp", "days", "act_360", "act_365"),
    [(1200, 180, 60_000_00, 59_178_08), (1200, 31, 10_333_33, 10_191_78), (1800, 30, 15_000_00, 14_794_52)],
)
def test_i1_to_i3_a_year_has_360_or_365_days(rate_bp: int, days: int, act_360: int, act_365: int) -> None:
    assert schedule.interest_minor(MILLION, rate_bp, days, "ACT/360") == act_360
    assert schedule.interest_minor(MILLION, rate_bp, days, "ACT/365F") == act_365


def test_i5_an_annuity_is_level_and_its_last_instalment_absorbs_the_rest() -> None:
    parts = planned()
    assert [each.total_minor for each in parts] == [88_848_79] * 11 + [88_848_76]
    assert (parts[-1].principal_minor, parts[-1].interest_minor) == (87_969_07, 879_69)
    assert sum(each.interest_minor for each in parts) == 66_185_45


def test_ln_1_each_due_date_comes_from_the_contracts_day_and_its_interest_follows_it() -> None:
    parts = planned(
        method="equal_principal", day_count="ACT/360", months=4, drawn_on=date(2024, 1, 10), holidays="following"
    )
    assert [each.due_on for each in parts] == [
        date(2024, 2, 18),
        date(2024, 3, 11),
        date(2024, 4, 10),
        date(2024, 5, 10),
    ]
    assert [(each.until_on - each.from_on).days for each in parts] == [39, 22, 30, 30]


def test_interest_may_stay_with_the_contracts_day() -> None:
    parts = planned(
        method="monthly_interest",
        day_count="ACT/360",
        months=2,
        drawn_on=date(2024, 1, 10),
        holidays="following",
        interest_follows=False,
    )
    assert [each.due_on for each in parts] == [date(2024, 2, 18), date(2024, 3, 11)]
    assert [each.until_on for each in parts] == [date(2024, 2, 10), date(2024, 3, 10)]
    assert [each.interest_minor for each in parts] == [10_333_33, 9_666_67]


def test_a_due_date_moves_back_where_the_product_says_so() -> None:
    assert schedule.moved(date(2024, 2, 10), "preceding", CHINA) == date(2024, 2, 9)


def test_the_31st_is_a_months_last_day_and_comes_back() -> None:
    parts = planned(method="monthly_interest", months=4, drawn_on=date(2023, 12, 31))
    assert [each.due_on for each in parts] == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
    ]
    assert [each.interest_minor for each in parts] == [10_000_00] * 4


def test_a_contracts_day_may_be_another_than_that_of_the_draw() -> None:
    parts = planned(method="monthly_interest", months=2, day=25)
    assert [each.due_on for each in parts] == [date(2024, 1, 25), date(2024, 2, 25)]
    assert [each.interest_minor for each in parts] == [15_000_00, 10_000_00]


def test_a_year_that_no_calendar_knows_yet_has_weekends_only() -> None:
    beyond = date(CHINA.last_year + 1, 1, 1)
    day = schedule.moved(beyond, "following", CHINA)
    assert day == beyond + timedelta(days={5: 2, 6: 1}.get(beyond.weekday(), 0))


def test_a_bullet_is_one_instalment_with_all_interest() -> None:
    [one] = planned(method="bullet", months=6, day_count="ACT/360", drawn_on=date(2024, 1, 10))
    assert (one.due_on, one.principal_minor, one.interest_minor) == (date(2024, 7, 10), MILLION, 60_666_67)


@pytest.mark.parametrize(("method", "fee"), [("annuity", 0), ("bullet", 5_000_00), ("monthly_interest", 10_000_00)])
def test_the_effective_yearly_rate_is_that_of_a_kept_library(method: Any, fee: int) -> None:
    asked = terms(method=method, fee_minor=fee)
    flows = schedule.flows(asked, schedule.instalments(asked, CHINA))
    expected = pyxirr.xirr([day for day, _ in flows], [minor for _, minor in flows])
    assert expected is not None
    assert schedule.effective_rate_bp(flows) == round(expected * 10_000)


def test_flows_that_only_go_one_way_have_no_rate() -> None:
    with pytest.raises(NoEffectiveRate):
        schedule.effective_rate_bp([(date(2024, 1, 1), -1), (date(2025, 1, 1), -1)])


TERMS = st.builds(
    Terms,
    principal_minor=st.integers(1_000_00, 10 * MILLION),
    rate_bp=st.integers(0, 3600),
    day_count=st.sampled_from(["ACT/360", "ACT/365F", "30/360"]),
    method=st.sampled_from(["bullet", "monthly_interest", "equal_principal", "annuity"]),
    months=st.integers(1, 36),
    drawn_on=st.dates(date(2010, 1, 1), date(2026, 12, 31)),
    day=st.integers(0, 31),
    holidays=st.sampled_from(["following", "preceding", "unchanged"]),
    interest_follows=st.booleans(),
)


@given(TERMS)
@settings(deadline=None)
def test_every_schedule_pays_back_exactly_what_was_lent_on_days_that_ascend(asked: Terms) -> None:
    parts = schedule.instalments(asked, CHINA)
    assert sum(each.principal_minor for each in parts) == asked.principal_minor
    assert all(each.principal_minor >= 0 and each.interest_minor >= 0 for each in parts)
    assert all(one.until_on == other.from_on and one.due_on < other.due_on for one, other in pairwise(parts))
    if asked.method == "annuity":
        assert len({each.total_minor for each in parts[:-1]}) <= 1


@given(TERMS)
@settings(deadline=None)
def test_a_schedule_without_fees_or_moved_interest_says_its_own_rate(asked: Terms) -> None:
    plain = replace(asked, method="bullet", months=12, day=0, day_count="ACT/365F", holidays="unchanged")
    flows = schedule.flows(plain, schedule.instalments(plain, CHINA))
    days = (flows[1][0] - flows[0][0]).days
    if days == 365:
        assert abs(schedule.effective_rate_bp(flows) - plain.rate_bp) <= 1


@given(
    st.dates(date(2010, 1, 1), date(2030, 1, 1)),
    st.lists(st.integers(0, 400), min_size=1, max_size=6),
    st.sampled_from(["ACT/360", "ACT/365F", "30/360"]),
)
def test_days_of_any_split_add_up(start: date, lengths: list[int], day_count: DayCount) -> None:
    marks = [start + timedelta(days=sum(lengths[:n])) for n in range(len(lengths) + 1)]
    parts = [schedule.days_between(one, other, day_count) for one, other in pairwise(marks)]
    assert sum(parts) == schedule.days_between(marks[0], marks[-1], day_count)
