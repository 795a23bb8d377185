from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from chalice.app import ScheduledEventConfig
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sandbox import rules
from chalicelib.sandbox.rules import OnlyForward, Schedule
from chalicelib.shared.errors import Malformed
from chalicelib.shared.periods import business_date
from infra.local.pollers.schedules import is_due

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
MOMENTS = st.integers(0, 15 * 366 * 86_400).map(
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def test_a_daily_job_fires_at_its_next_time_of_day() -> None:
    daily = Schedule("books-close", 16, 45)
    assert rules.next_firing(daily, NOW) == datetime(2026, 3, 2, 16, 45, tzinfo=UTC)
    assert rules.next_firing(daily, datetime(2026, 3, 2, 16, 45, tzinfo=UTC)) == datetime(
        2026, 3, 3, 16, 45, tzinfo=UTC
    )


def test_the_monthly_qualification_fires_on_the_tenth_in_shanghai() -> None:
    [monthly] = [each for each in rules.SCHEDULES if each.job == rules.QUALIFICATION]
    fires = rules.next_firing(monthly, NOW)
    assert (fires, business_date(fires).day) == (datetime(2026, 3, 9, 16, 30, tzinfo=UTC), 10)


@given(MOMENTS, st.sampled_from(rules.SCHEDULES))
def test_a_firing_is_later_and_none_lies_between(after: datetime, schedule: Schedule) -> None:
    fires = rules.next_firing(schedule, after)
    assert after < fires <= after + timedelta(days=31)
    assert rules.next_firing(schedule, fires - timedelta(milliseconds=1)) == fires


def test_the_schedules_are_those_the_application_declares() -> None:
    import app

    declared = {
        source.name: source.schedule_expression
        for source in app.app.event_sources
        if isinstance(source, ScheduledEventConfig)
    }
    for schedule in rules.SCHEDULES:
        told = declared[schedule.job.replace("-", "_")]
        expression = told if isinstance(told, str) else str(told.to_string())
        fires = rules.next_firing(schedule, NOW)
        assert is_due(expression, fires)
        if schedule.job == rules.DEPOSITS_DAILY:
            continue  # of the daily ones the clock makes that of the 5th: what the others do is swept as it falls due
        assert not any(
            is_due(expression, NOW + timedelta(minutes=ahead))
            for ahead in range(1, (fires - NOW) // timedelta(minutes=1))
        )


def test_the_clock_goes_to_a_moment_or_ahead_by_hours() -> None:
    assert rules.target(NOW, to=NOW + timedelta(hours=5), advance_hours=None) == NOW + timedelta(hours=5)
    assert rules.target(NOW, to=None, advance_hours=0.5) == NOW + timedelta(minutes=30)


@pytest.mark.parametrize("to", [NOW - timedelta(milliseconds=1), NOW + timedelta(days=rules.MOST_DAYS, milliseconds=1)])
def test_the_clock_goes_forward_only_and_not_for_ever(to: datetime) -> None:
    with pytest.raises(OnlyForward) as raised:
        rules.target(NOW, to=to, advance_hours=None)
    assert raised.value.numbers == {"now_there": "2026-03-02T02:15:00Z"}


@pytest.mark.parametrize(("to", "hours"), [(None, None), (NOW, 1.0)])
def test_exactly_one_of_the_two_says_where(to: datetime | None, hours: float | None) -> None:
    with pytest.raises(Malformed):
        rules.target(NOW, to=to, advance_hours=hours)
