"""Facts of a day and the baseline out of a firm's days: windows, medians, weeks, and what comes in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.monitoring.rules.baseline import Trend
from chalicelib.monitoring.rules.day import Almanac, day_of
from chalicelib.monitoring.rules.history import Figures, History, facts_of, freeze, uses_api
from chalicelib.monitoring.rules.replay import Past, replay
from tests.monitoring import inventing
from tests.monitoring.watching import CN, CNY, DRAWN, POLICY, TODAY, ago

EVE = DRAWN - timedelta(days=1)
LONG_AGO = date(2020, 1, 1)


def logged_in(*days: int) -> History:
    """So many days before the draw."""
    return History({ago(each, DRAWN): Figures(logins=1) for each in days}, {})


def test_the_usual_gap_is_the_median_of_those_in_ninety_days() -> None:
    usual = freeze(logged_in(1, 3, 5, 7, 9, 11, 13, 20, 40, 90, 91), day_of(EVE, CN, {}), LONG_AGO, POLICY)
    assert (usual.interval_halves, usual.login_days, usual.low_confidence) == (4, 10, False)


def test_the_middle_of_an_even_number_of_gaps_may_be_half_a_day() -> None:
    usual = freeze(logged_in(1, 3, 5, 7, 9, 12, 15, 18, 21), day_of(EVE, CN, {}), LONG_AGO, POLICY)
    assert usual.interval_halves == 5


def test_too_few_login_days_are_no_habit() -> None:
    """M7."""
    usual = freeze(logged_in(1, 3, 5, 7, 9), day_of(EVE, CN, {}), LONG_AGO, POLICY)
    assert (usual.interval_halves, usual.login_days, usual.low_confidence) == (14, 5, True)


def test_a_gap_in_which_a_day_lacks_is_not_measured() -> None:
    lacking = {"logins": {ago(14, DRAWN)}}
    days = {ago(each, DRAWN): Figures(logins=1) for each in (1, 2, 3, 4, 5, 6, 7, 8, 9, 30)}
    usual = freeze(History(days, lacking), day_of(EVE, CN, lacking), LONG_AGO, POLICY)  # type: ignore[arg-type]
    assert (usual.interval_halves, usual.login_days) == (2, 10)


def test_where_a_day_lacks_in_every_gap_nothing_is_known_of_a_habit() -> None:
    logins = {ago(each, DRAWN): Figures(logins=1) for each in range(1, 30, 2)}
    lacking = {"logins": {ago(each, DRAWN) for each in range(2, 30, 2)}}
    usual = freeze(History(logins, lacking), day_of(EVE, CN, lacking), LONG_AGO, POLICY)  # type: ignore[arg-type]
    assert (usual.interval_halves, usual.login_days, usual.low_confidence) == (14, 15, True)


def sold(cny: int, *days: int) -> History:
    return History({ago(each, DRAWN): Figures(orders=1, trade_minor=cny * CNY) for each in days}, {})


def test_the_trend_is_of_whole_weeks_since_the_firm_is_known() -> None:
    weekly = sold(1_000, *range(1, 85, 7))
    whole = freeze(weekly, day_of(EVE, CN, {}), LONG_AGO, POLICY)
    assert whole.trend == Trend(mean_micro=6_927_333, sigma_micro=64_358, weeks=12), "a week of four business days"
    assert (whole.orders, whole.business_days) == (12, 59)
    young = freeze(weekly, day_of(EVE, CN, {}), ago(50, DRAWN), POLICY)
    assert young.trend is not None
    assert (young.trend.weeks, young.orders) == (7, 8)


def test_windows_end_with_the_day_and_begin_where_the_one_before_ended() -> None:
    days = {ago(each): Figures(orders=1, trade_minor=CNY, disputes=1) for each in range(200)}
    facts = facts_of(History(days, {}), day_of(TODAY, CN, {}), DRAWN, loan_id="lon_1", member_id="mem_1")
    assert (facts.trade_28_minor, facts.trade_84_minor) == (28 * CNY, 84 * CNY)
    assert (facts.orders_7, facts.orders_14, facts.orders_28, facts.disputes_28) == (7, 14, 28, 28)
    assert facts.weeks == ((7 * CNY, 5),) * 4, "33 days since the draw"


def test_weeks_after_an_episode_are_those_that_end_after_it() -> None:
    def weeks(trend_after: date) -> int:
        day = day_of(TODAY, CN, {})
        return len(facts_of(History({}, {}), day, DRAWN, trend_after, loan_id="lon_1", member_id="mem_1").weeks)

    assert [weeks(DRAWN + timedelta(days=days)) for days in (0, 5, 6, 13, 26, 27)] == [4, 4, 3, 2, 1, 0]


@given(seed=st.integers(0, 50), shuffled=st.integers(0, 2**32))
def test_the_order_of_facts_is_irrelevant(seed: int, shuffled: int) -> None:
    firm = inventing.firm(seed, DRAWN, TODAY)
    days = History(inventing.figures(firm), inventing.lacking(firm))
    almanac = inventing.almanac(firm, TODAY)
    first = inventing.facts(firm, days, almanac, TODAY)
    for facts in (firm.logins, firm.orders, firm.trade, firm.disputes):
        Random(shuffled).shuffle(facts)
    again = History(inventing.figures(firm), inventing.lacking(firm))
    assert inventing.facts(firm, again, almanac, TODAY) == first


@pytest.mark.parametrize(
    ("logins", "traded", "expected"),
    [
        pytest.param(0, 9, True, id="never there"),
        pytest.param(0, 8, False, id="traded too little to say so"),
        pytest.param(4, 9, True, id="there to sign for the loan"),
        pytest.param(5, 9, False, id="there on half of the days"),
        pytest.param(5, 0, False, id="M7"),
        pytest.param(9, 60, False, id="has an interval of its own"),
    ],
)
def test_a_firm_that_mostly_trades_without_logging_in_works_by_the_api(
    logins: int, traded: int, expected: bool
) -> None:
    figures = {ago(days): Figures(logins=int(days <= logins), orders=int(days <= traded)) for days in range(1, 61)}
    history = History(figures, {})
    assert uses_api(history, day_of(TODAY, CN, {}), POLICY) is expected
    assert not uses_api(history, day_of(TODAY, CN, {"logins": {TODAY}}), POLICY), "nobody told of logins"


@pytest.mark.parametrize(("left", "weeks_before"), [(0.9, 8), (0.94, None)])
def test_a_slow_decline_is_seen_weeks_before_it_is_a_drop(left: float, weeks_before: int | None) -> None:
    """Trade falls week by week after the draw. By a tenth it is a drop some weeks later; by six in a hundred never: the base slides with it."""
    first, last = ago(130, DRAWN), DRAWN + timedelta(days=120)
    figures = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        weeks = max((day - DRAWN).days // 7 + 1, 0)
        ripple = 1 + 0.1 * (number // 7 % 3 - 1)
        figures[day] = Figures(logins=1, orders=1, trade_minor=round(20_000 * CNY * ripple * left**weeks))
    past = Past(loan_id="lon_1", member_id="mem_1", drawn_on=DRAWN, known_from=first, history=History(figures, {}))
    alarms = replay(past, POLICY, Almanac(CN, {}, first, last), DRAWN, last).alarms
    began = {alarm.rule: alarm.started_on for alarm in alarms}
    seen_on, drop_on = began["slow_decline"], began.get("trade_drop")
    assert (drop_on and (drop_on - seen_on).days // 7) == weeks_before
