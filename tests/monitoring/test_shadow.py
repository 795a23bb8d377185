"""Two versions of the rules beside each other: right, wrong and open alarms, days ahead, and sums that add up in any order."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.monitoring.rules.finding import Rule
from chalicelib.monitoring.rules.replay import Alarm, Replayed
from chalicelib.monitoring.rules.shadow import Compared, MonthSums, Sums, differences, verdict_of

LAST = date(2026, 12, 31)
START = date(2026, 3, 1)


def alarm(days: int = 0, rule: Rule = "trade_drop", *, red: bool = False) -> Alarm:
    on = START + timedelta(days=days)
    return Alarm(rule=rule, started_on=on, red_on=on if red else None)


def loan(*alarms: Alarm, shadow: tuple[Alarm, ...] = (), defaulted_on: date | None = None) -> Compared:
    judged: dict[Rule, int] = {"trade_drop": 300, "disputes": 365}
    return Compared(
        loan_id="lon_1",
        member_id="mem_1",
        last=LAST,
        defaulted_on=defaulted_on,
        in_force=Replayed(alarms=alarms, judged=judged),
        shadow=Replayed(alarms=shadow, judged=judged),
    )


def summed(*loans: Compared) -> Sums:
    sums = Sums()
    for each in loans:
        sums.count(each)
    return sums


def test_an_alarm_is_right_where_a_default_follows_within_the_horizon() -> None:
    late = START + timedelta(days=180)
    assert verdict_of(alarm(), late, LAST) == "right"
    assert verdict_of(alarm(), late + timedelta(days=1), LAST) == "wrong"
    assert verdict_of(alarm(), None, LAST) == "wrong"
    assert verdict_of(alarm(), None, late - timedelta(days=1)) == "open", "the past ends before"


def test_how_early_is_told_of_a_default_by_its_first_alarm() -> None:
    defaulted_on = START + timedelta(days=90)
    sums = summed(loan(alarm(0), alarm(30), alarm(91), defaulted_on=defaulted_on), loan(alarm(200)))
    trade = sums.in_force["trade_drop"]
    assert trade.all_months == MonthSums(right=3, open=1)
    assert trade.all_months.precision_bp == 10_000
    assert (trade.lead_days, trade.warned, trade.median_lead_days) == ({90: 1}, 1, 90)
    assert trade.months == {"2026-03": MonthSums(right=2), "2026-05": MonthSums(right=1), "2026-09": MonthSums(open=1)}
    assert (sums.loans, sums.defaults, sums.changed) == (2, 1, 2)


def test_rates_are_by_the_days_on_which_a_rule_could_judge() -> None:
    sums = summed(loan(alarm(0), alarm(10, red=True)), loan())
    trade = sums.in_force["trade_drop"]
    assert (trade.amber, trade.red, trade.alarms_per_year_milli) == (1, 1, 1_217), "2 in 600 days"
    assert (trade.all_months.precision_bp, trade.median_lead_days) == (0, None)
    assert sums.in_force["reports"].alarms_per_year_milli is None, "it never could"
    assert sums.in_force["reports"].all_months.precision_bp is None


def test_a_loan_differs_by_the_rules_that_say_something_else() -> None:
    same = alarm(5, "disputes")
    [difference] = differences(loan(alarm(0), same, shadow=(same,)))
    assert (difference.rule, difference.in_force, difference.shadow) == ("trade_drop", 1, 0)
    assert (difference.first_in_force, difference.first_in_shadow) == (START, None)
    assert differences(loan(same, shadow=(same,))) == []


@given(
    st.lists(
        st.tuples(st.lists(st.integers(0, 300), max_size=3), st.none() | st.integers(0, 300), st.booleans()), max_size=6
    ),
    st.randoms(),
)
def test_parts_add_up_in_any_order(told: list[tuple[list[int], int | None, bool]], chance: Random) -> None:
    loans = [
        loan(
            *(alarm(on, red=red) for on in sorted(days)),
            defaulted_on=None if default is None else START + timedelta(days=default),
        )
        for days, default, red in told
    ]
    parts = [summed(each) for each in loans]
    chance.shuffle(parts)
    total = Sums()
    for part in parts:
        total.add(part)
    assert total == summed(*loans)
