"""The rules say on every day of invented firms what the oracle says, which was written apart from them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.monitoring.rules.history import History, freeze
from chalicelib.monitoring.rules.judging import judge
from chalicelib.monitoring.rules.replay import replay
from tests.monitoring import inventing, oracle
from tests.monitoring.watching import POLICY

DAYS = 100


@pytest.mark.parametrize("drawn_on", [date(2024, 12, 20), date(2025, 8, 20)], ids=["spring festival", "national day"])
@pytest.mark.parametrize("seed", range(12))
def test_rules_and_oracle_agree_day_by_day(seed: int, drawn_on: date) -> None:
    last = drawn_on + timedelta(days=DAYS)
    firm = inventing.firm(seed, drawn_on, last)
    almanac, history = inventing.almanac(firm, last), History(inventing.figures(firm), inventing.lacking(firm))
    eve = almanac.day(drawn_on - timedelta(days=1))
    usual = freeze(history, eve, firm.known_from, POLICY, uses_api=firm.uses_api)
    for on in oracle.span(drawn_on, last):
        judgement = judge(inventing.facts(firm, history, almanac, on), usual, POLICY, almanac.day(on))
        said = {**{finding.rule: finding.level for finding in judgement.findings}, **judgement.not_judged}
        assert said == oracle.levels(firm, on), on


@pytest.mark.parametrize("seed", range(12))
def test_what_is_replayed_are_the_alarms_of_the_oracle(seed: int) -> None:
    drawn_on, last = date(2025, 2, 10), date(2025, 8, 30)
    firm = inventing.firm(seed, drawn_on, last)
    alarms = replay(inventing.past(firm), POLICY, inventing.almanac(firm, last), drawn_on, last).alarms
    said = [(alarm.rule, alarm.started_on, alarm.red_on, alarm.ended_on) for alarm in alarms]
    assert said == [
        (alert.rule, alert.started_on, alert.red_on, alert.closed_on) for alert in oracle.alerts(firm, last)
    ]
