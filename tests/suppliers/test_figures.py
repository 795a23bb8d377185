"""Storefront figures: windows, samples and roundings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.daybook.rules.days import DayRow
from chalicelib.shared import policies
from chalicelib.shared.periods import business_date, start_of, to_ms
from chalicelib.suppliers.rules import figures
from chalicelib.suppliers.rules.figures import FigureTerms

TERMS = policies.versions("figures")[0].read_as(FigureTerms)
AT = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)
HOUR = 3600


def asked(*inquiries: tuple[datetime, int | None]) -> list[DayRow]:
    return [DayRow(day=business_date(at), inquiries=((to_ms(at), after_s),)) for at, after_s in inquiries]


def response(*inquiries: tuple[datetime, int | None]) -> figures.Response:
    return figures.response(asked(*inquiries), AT, TERMS.response)


def test_transactions_are_those_completed_after_the_same_day_a_year_ago_until_today() -> None:
    rows = [
        DayRow(day=day, protected_completed=1, protected_usd_minor=500, completed=9, gmv_usd_minor=9_000)
        for day in (date(2025, 3, 2), date(2025, 3, 3), date(2026, 3, 2), date(2026, 3, 3))
    ]
    transactions = figures.transactions(rows, AT, TERMS)
    assert (transactions.first, transactions.last) == (date(2025, 3, 3), date(2026, 3, 2))
    assert (transactions.count, transactions.usd_minor) == (2, 1_000)


def test_a_year_before_a_leap_day_is_the_last_of_february() -> None:
    transactions = figures.transactions([], datetime(2028, 2, 28, 16, 0, tzinfo=UTC), TERMS)
    assert (transactions.first, transactions.last) == (date(2027, 3, 1), date(2028, 2, 29))


def test_the_on_time_rate_leaves_today_out_and_is_unknown_without_a_shipment() -> None:
    today = business_date(AT)
    rows = [DayRow(day=today - timedelta(days=n), due=3, on_time=2) for n in (0, 1, 180, 181)]
    on_time = figures.on_time(rows, today, TERMS.on_time_days)
    assert (on_time.due, on_time.on_time, on_time.rate_bp) == (6, 4, 6_666)
    assert figures.on_time([], today, 180).rate_bp is None


def test_inquiries_of_thirty_days_ending_a_day_ago_count_to_the_millisecond() -> None:
    until = AT - timedelta(hours=24)
    since = until - timedelta(days=30)
    inside = [(until - timedelta(milliseconds=1), HOUR), (since, HOUR)] * 5
    outside = [(until, None), (since - timedelta(milliseconds=1), None)]
    figure = response(*inside, *outside)
    assert (figure.since, figure.until, figure.inquiries, figure.rate_bp) == (since, until, 10, 10_000)


def test_an_answer_after_exactly_24_hours_is_in_time_and_a_second_later_is_not() -> None:
    at = AT - timedelta(days=5)
    figure = response(*[(at, 24 * HOUR)] * 5, *[(at, 24 * HOUR + 1)] * 4, (at, None))
    assert (figure.inquiries, figure.in_time, figure.rate_bp) == (10, 5, 5_000)


def test_an_answer_given_later_than_the_moment_asked_about_does_not_count_yet() -> None:
    at = AT - timedelta(hours=48)
    figure = response(*[(at, 47 * HOUR)] * 9, (at, 49 * HOUR))
    assert (figure.median_s, figure.p90_s, figure.rate_bp) == (47 * HOUR, 47 * HOUR, 0)


def test_too_few_in_thirty_days_look_at_the_last_ten_in_ninety() -> None:
    old = [(AT - timedelta(days=60, minutes=n), HOUR) for n in range(20)]
    new = [(AT - timedelta(days=3), None)] * 2
    figure = response(*old, *new)
    assert (figure.inquiries, figure.in_time, figure.rate_bp) == (10, 8, 8_000)
    assert figure.since == AT - timedelta(days=91)


@pytest.mark.parametrize("count", [0, 9])
def test_too_few_in_ninety_days_give_no_rate_and_say_how_many_there_were(count: int) -> None:
    figure = response(*[(AT - timedelta(days=3), HOUR)] * count)
    assert (figure.inquiries, figure.rate_bp, figure.median_s, figure.p90_s) == (count, None, None, None)


def test_median_and_ninetieth_percentile_are_nearest_ranks_of_the_answered() -> None:
    at = AT - timedelta(days=3)
    figure = response(*[(at, n * HOUR) for n in range(1, 11)], (at, None))
    assert (figure.median_s, figure.p90_s) == (5 * HOUR, 9 * HOUR)


def test_nobody_answered_has_a_rate_of_zero_and_no_times() -> None:
    figure = response(*[(AT - timedelta(days=3), None)] * 10)
    assert (figure.rate_bp, figure.median_s, figure.p90_s) == (0, None, None)


@pytest.mark.parametrize(("seconds", "hours"), [(None, None), (0, 0), (1, 1), (3600, 1), (3601, 2)])
def test_times_are_shown_in_whole_hours_rounded_up(seconds: int | None, hours: int | None) -> None:
    assert figures.whole_hours(seconds) == hours


def test_the_rows_read_reach_back_to_the_first_day_any_figure_needs() -> None:
    assert figures.first_day_needed(AT, TERMS) == date(2025, 3, 2)
    narrow = figures.first_day_needed(AT, FigureTerms(0, 0, 10, TERMS.response, 60))
    assert start_of(narrow) <= AT - timedelta(days=91)
