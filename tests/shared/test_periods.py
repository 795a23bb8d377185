"""Instants, business dates and contract days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.shared import ids, periods
from chalicelib.shared.periods import UnknownZone

FIRST, LAST = (periods.to_ms(datetime(year, 1, 1, tzinfo=UTC)) for year in (1992, 2100))
INSTANTS = st.integers(FIRST, LAST).map(periods.from_ms)


@given(INSTANTS)
def test_milliseconds_keep_an_instant_and_its_order(instant: datetime) -> None:
    assert periods.from_ms(periods.to_ms(instant)) == instant
    assert periods.to_ms(instant) < periods.to_ms(instant + timedelta(milliseconds=1))


@given(INSTANTS)
def test_an_instant_lies_in_its_business_date(instant: datetime) -> None:
    day = periods.business_date(instant)
    assert periods.start_of(day) <= instant < periods.start_of(day + timedelta(days=1))


@pytest.mark.parametrize(
    ("day", "zone", "ends"),
    [
        (date(2026, 3, 29), "Europe/Berlin", "2026-03-29T22:00:00Z"),  # the night daylight saving began
        (date(2026, 10, 24), "Europe/Berlin", "2026-10-24T22:00:00Z"),
        (date(2024, 2, 29), "Asia/Shanghai", "2024-02-29T16:00:00Z"),
        (date(2026, 1, 1), "Pacific/Kiritimati", "2026-01-01T10:00:00Z"),
        (date(2026, 1, 1), "Pacific/Pago_Pago", "2026-01-02T11:00:00Z"),
    ],
)
def test_a_contract_day_ends_at_midnight_where_the_contract_says(day: date, zone: str, ends: str) -> None:
    assert periods.wire(periods.end_of_day(day, zone)) == ends


@pytest.mark.parametrize(
    "name",
    ["Mars/Olympus", "localtime", "posixrules", "right/UTC", "posix/UTC", "Factory", "asia/shanghai", "", "../UTC"],
)
def test_what_is_no_zone_of_the_iana_database_is_refused(name: str) -> None:
    with pytest.raises(UnknownZone) as raised:
        periods.end_of_day(date(2026, 1, 1), name)
    assert raised.value.param == "zone"


def test_every_zone_of_the_iana_database_can_be_counted_in() -> None:
    names = files("tzdata").joinpath("zones").read_text().split()
    assert len(names) > 500
    for name in set(names) - {"Factory"}:
        assert periods.end_of_day(date(2026, 3, 1), name).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
    ],
)
def test_months_before_a_day_that_an_earlier_month_does_not_have_end_on_its_last(
    day: date, months: int, before: date
) -> None:
    assert periods.months_before(day, months) == before


@given(INSTANTS, INSTANTS)
def test_later_names_sort_after_earlier_ones(one: datetime, other: datetime) -> None:
    names = ids.new_id("ord", one), ids.new_id("ord", other)
    assert one == other or (one < other) == (names[0] < names[1])
    assert all(ids.is_id(name, "ord") for name in names)


def test_a_name_of_parts_is_always_the_same_and_of_no_other_parts() -> None:
    assert ids.derived_id("mem", "a", "b") == ids.derived_id("mem", "a", "b") != ids.derived_id("mem", "ab")


CHINA = periods.Calendar(
    name="CN",
    first_year=1992,
    published_year=2100,
    last_year=2100,
    closed=frozenset({date(2026, 10, day) for day in (1, 2, 5, 6, 7)}),
    open=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        (
            "2026-03-02T02:15:00Z",
            7,
            "2026-03-11T16:00:00Z",
        ),  # a Monday; the 7th business day after it is the next Wednesday
        ("2026-03-06T02:15:00Z", 1, "2026-03-09T16:00:00Z"),  # over a weekend
        ("2026-03-01T16:30:00Z", 1, "2026-03-03T16:00:00Z"),  # Monday in Shanghai, still Sunday in UTC
        ("2026-09-18T02:00:00Z", 1, "2026-09-20T16:00:00Z"),  # a Sunday that is worked
        ("2026-09-30T02:00:00Z", 3, "2026-10-10T16:00:00Z"),  # a week of holidays, and the Saturday after it
        ("2026-03-02T02:15:00Z", 0, "2026-03-02T16:00:00Z"),
    ],
)
def test_business_days_leave_out_weekends_and_holidays_and_count_days_worked_instead(
    start: str, days: int, ends: str
) -> None:
    assert periods.wire(periods.business_days_after(periods.instant(start), days, CHINA)) == ends


@pytest.mark.parametrize(("day", "days"), [("2026-12-30", 2), ("2025-12-30", 30), ("2003-12-30", 1), ("2062-06-01", 1)])
def test_a_calendar_refuses_by_name_to_count_in_a_year_it_does_not_know(day: str, days: int) -> None:
    calendar = replace(CHINA, first_year=2026, last_year=2026)
    if day.startswith("2025"):
        calendar = replace(CHINA, first_year=2025, last_year=2025)
    with pytest.raises(periods.BeyondCalendar) as raised:
        periods.business_days_after(periods.instant(f"{day}T02:00:00Z"), days, calendar)
    assert raised.value.numbers == {"calendar": "CN", "known_until": f"{calendar.last_year}-12-31"}


@given(INSTANTS, st.integers(0, 30))
def test_one_business_day_more_ends_later(start: datetime, days: int) -> None:
    earlier, later = (periods.business_days_after(start, count, CHINA) for count in (days, days + 1))
    assert start <= earlier < later


@given(INSTANTS, st.integers(1, 30), st.integers(0, 400))
def test_what_waits_is_looked_at_ever_later_within_bounds(since: datetime, first_days: int, waited: int) -> None:
    at = since + timedelta(days=waited)
    wait = periods.later_each_time(since, at, first_days) - at
    assert timedelta(days=first_days) <= wait <= timedelta(days=4 * first_days)
    assert wait <= max(at - since, timedelta(days=first_days))
