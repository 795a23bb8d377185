"""The process stops before or after any call while a day is followed, and whoever comes next follows it again: nothing is different in the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.monitoring.declared import ALERTS
from chalicelib.monitoring.examples import RESOLVE
from chalicelib.monitoring.rules.alert import alert_id
from chalicelib.monitoring.rules.finding import Judgement, Level
from chalicelib.monitoring.service import raising
from chalicelib.shared import ids
from chalicelib.shared.periods import business_date
from tests.loans.lending import plant_loan
from tests.monitoring.alerting import DAY, RULES, finding, subject_of
from tests.round_trips import calls
from tests.stopping import try_every_stop
from tests.trade import Trade
from tests.world import token

BOSS = token("officer", "boss", "admin")


@pytest.fixture
def loan_id(trade: Trade) -> str:
    return plant_loan(trade.supplier_id)


def run(loan_id: str, trade: Trade, level: Level | None, days: int = 0, **other: Any) -> Callable[[], int]:
    """Follow yesterday, or so many days later."""
    about, on = subject_of(loan_id), business_date(trade.time.at) + (days - 1) * DAY
    judgement = Judgement(findings=(finding(level, "repayment", **other),) if level else ())
    return lambda: raising.raise_or_update(about, judgement, on, RULES, trade.time.at)


def test_stopping_anywhere_while_days_are_followed_changes_nothing(loan_id: str, trade: Trade) -> None:
    name = alert_id(loan_id, "repayment", business_date(trade.time.at) - DAY)
    levels: tuple[Level | None, ...] = ("amber", "red", None, None, None)
    for days, level in enumerate(levels):
        try_every_stop(f"day {days}", run(loan_id, trade, level, days, proposes="default" if level == "red" else None))
        assert run(loan_id, trade, level, days)() == 0, "it is done"
    seen = trade.api.get(f"/v1/alerts/{name}", BOSS)
    assert (seen["status"], seen["level"], seen["version"], seen["held_until"]) == ("closed", "red", 6, None)


def test_stopping_anywhere_while_people_and_the_clock_see_to_it_changes_nothing(
    loan_id: str, trade: Trade, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ids, "new_id", lambda prefix, now: ids.derived_id(prefix, "once"))
    run(loan_id, trade, "red")()
    name = alert_id(loan_id, "repayment", business_date(trade.time.at) - DAY)
    path = f"/v1/alerts/{name}"
    try_every_stop("acknowledge", lambda: trade.api.post(f"{path}/acknowledge", None, BOSS, key="a"), trade.time)
    trade.time.at += 5 * DAY
    try_every_stop("the clock", lambda: ALERTS.sweep(trade.time.at), trade.time)
    assert trade.api.get(path, BOSS)["held_until"] is None
    try_every_stop("resolve", lambda: trade.api.post(f"{path}/resolve", RESOLVE, BOSS, key="r"), trade.time)
    assert trade.api.get(path, BOSS)["status"] == "resolved"


def test_a_day_on_which_nothing_is_new_writes_nothing_and_reads_what_is_known(loan_id: str, trade: Trade) -> None:
    with calls() as sent:
        run(loan_id, trade, None)()
    assert sent == ["GetItem", "Query"], "of the first, who the loan's parties are"
    run(loan_id, trade, "amber")()
    known = raising.known_of(loan_id, trade.time.at)
    about, on = subject_of(loan_id), business_date(trade.time.at)
    with calls() as sent:
        judgement = Judgement(findings=(finding("amber", "repayment"),))
        assert raising.raise_or_update(about, judgement, on, RULES, trade.time.at, known) == 0
    assert sent == []
