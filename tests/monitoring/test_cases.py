"""The cases MO-2 and MO-3 of weekly trade and of a festival: what feeds tell, the daily run, and the alerts that an officer reads afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from math import expm1, sqrt
from typing import Any

import pytest

from chalicelib.daybook.service.recording import record
from chalicelib.monitoring.service import watching
from chalicelib.shared.periods import start_of
from tests.machine import machine
from tests.monitoring.oracle import span, works
from tests.monitoring.test_daily_oracle import USD_FOR_CNY, sold
from tests.monitoring.watched import DAY, Watched, bank, lender
from tests.world import Pump

__all__ = ["bank", "lender"]
WEEK = 7 * DAY
DRAWN = date(2026, 6, 29)
"""A Monday. In the twelve weeks before it two days of Labour Day and one of the Dragon Boat Festival are off."""


@pytest.fixture
def world(lender: Any, pump: Pump) -> Watched:
    return Watched(lender, pump)


def sells(world: Watched, day: date, cny: float) -> None:
    trade = sold(world.firm, day.toordinal(), start_of(day) + timedelta(hours=9), round(100 * cny * USD_FOR_CNY))
    assert [each.result for each in record([trade])] == ["new"]


def sells_weekly(world: Watched, first: date, *values: float) -> None:
    """Weeks of these log values: what a week of five business days would have, as its own business days are part of it."""
    for number, value in enumerate(values):
        monday = first + number * WEEK
        business_days = sum(works(day) for day in span(monday, monday + WEEK - DAY))
        sells(world, monday, expm1(value) * business_days / 5)


def draws(world: Watched, on: date) -> None:
    world.lender.on(on.year, on.month, on.day)
    world.told(on - DAY)
    world.consents(on + timedelta(days=300))
    world.draws((str(on + timedelta(days=300)), 100_000_00, 0))


def found_until(world: Watched, last: date, rule: str) -> list[Any]:
    """The alerts of a rule once the daily run has decided a day, those that began first first."""
    world.told(last)
    world.time.at = start_of(last + DAY) + timedelta(hours=3)
    watching.follow_days(world.firm, world.time.at)
    officer = world.lender.bank.officer
    run = world.api.post("/v1/sandbox/jobs/monitoring-daily", {}, officer)
    assert (run["status"], run["as_of"], run["counts"]["set_aside"]) == ("done", str(last), 0), run.body
    items = world.api.get(f"/v1/alerts?member_id={world.firm}&rule={rule}&limit=100", officer)["items"]
    return sorted(items, key=lambda each: each["started_on"])


def level_after(world: Watched, value: float | None) -> tuple[str, int, int] | None:
    """What R4 says of the first week behind the draw, by its log value: level, EWMA and its lower limit. Then that week has not been."""
    before = machine().snapshot()
    if value is not None:
        sells_weekly(world, DRAWN, value)
    found = found_until(world, DRAWN + WEEK - DAY, "slow_decline")
    machine().restore(before)
    for each in found:
        numbers = each["evidence"][-1]["numbers"]
        return each["level"], numbers["ewma_milli"], numbers["limit_milli"]
    return None


def test_mo_2a_and_b_after_equal_weeks_a_little_less_is_nothing_or_amber_and_none_is_red(world: Watched) -> None:
    sells_weekly(world, DRAWN - 12 * WEEK, *[12.0] * 12)
    draws(world, DRAWN)
    assert [level_after(world, value) for value in (11.99, 11.80, None)] == [
        None,
        ("amber", 11_940, 11_960),
        ("red", 8_400, 11_960),
    ]


def test_mo_2c_what_was_low_once_is_over_in_the_sixth_week_and_a_small_dip_is_amber(world: Watched) -> None:
    """Twelve weeks with a mean of 12 and a standard deviation of a quarter. Over is what was not found on three days."""
    spread = 0.25 * sqrt(11 / 12)
    sells_weekly(world, DRAWN - 12 * WEEK, *[12 - spread, 12 + spread] * 6)
    draws(world, DRAWN)
    sells_weekly(world, DRAWN, 8.0, *[12.0] * 13, 11.0)
    [first, second] = found_until(world, DRAWN + 15 * WEEK - DAY, "slow_decline")
    ends = [(DRAWN + number * WEEK - DAY) for number in (1, 6, 15)]
    assert (first["level"], first["started_on"], first["red_on"]) == ("red", str(ends[0]), str(ends[0]))
    assert (first["outcome"], first["closed_on"]) == ("normal", str(ends[1] + 2 * DAY))
    assert (second["level"], second["started_on"], second["red_on"]) == ("amber", str(ends[2]), None)
    numbers = second["evidence"][-1]["numbers"]
    assert (numbers["weeks"], numbers["cusum_milli"]) == (9, 875), (
        "3,125 in its fifteenth week, had nothing started again"
    )


def test_mo_2d_seven_weeks_are_no_baseline_and_whoever_reads_it_is_told_so(world: Watched) -> None:
    sells_weekly(world, DRAWN - 7 * WEEK, *[12.0] * 7)
    draws(world, DRAWN)
    assert found_until(world, DRAWN + 2 * WEEK - DAY, "slow_decline") == []
    usual = world.api.get(f"/v1/members/{world.firm}/baseline", world.lender.firm)
    assert usual["baseline"]["trend"]["weeks"] == 7
    assert {each["rule"]: each["why"] for each in usual["not_judged"]} == {
        "order_count": "too_little_expected",
        "slow_decline": "no_baseline",
    }


def test_mo_3_a_festival_is_no_drop(world: Watched) -> None:
    """17 business days of the last 28, working Sundays among them, over 59 of the 84 before; the firm draws on the last of them."""
    last = date(2024, 2, 25)
    sells(world, date(2023, 11, 20), 1_260_000)
    draws(world, last)
    before, found = machine().snapshot(), []
    for cny in (189_000, 100_000):
        machine().restore(before)
        sells(world, date(2024, 2, 5), cny)
        found += [found_until(world, last, "trade_drop")]
    [none, [drop]] = found
    assert none == []
    assert (drop["level"], drop["evidence"][-1]["numbers"]["expected_minor"]) == ("amber", 363_050_85)
