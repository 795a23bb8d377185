"""What alerts about members come to for their group: amber with one red member, suspended with two, until an officer resumes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.daybook.service import coverage
from chalicelib.monitoring import jobs
from chalicelib.monitoring.examples import ESCALATE
from chalicelib.monitoring.rules.alert import alert_id
from chalicelib.monitoring.rules.finding import Judgement
from chalicelib.monitoring.service import raising
from chalicelib.shared.periods import business_date, start_of
from tests.bank_events.conftest import Bank, bank
from tests.loans.grouped import SHEET, Grouped, makes_group
from tests.monitoring.alerting import DAY, RULES, finding, subject_of
from tests.world import Pump, StandingClock, token

__all__ = ["bank"]

ONE = token("officer", "officer-1", "risk")
BOC = token("bank", "boc")


@pytest.fixture
def group(bank: Bank, time: StandingClock) -> Grouped:
    return makes_group(bank, time, replace(SHEET, punctual_payments=0))


def becomes_red(group: Grouped, seat: int) -> None:
    """A member's loan has an amber alert that takes no consent, which an officer escalates."""
    loan_id = group.lent(seat, 10_000_00, "2026-12-01")
    on = business_date(group.time.at) - DAY
    late = Judgement(findings=(finding(rule="repayment"),))
    assert raising.raise_or_update(subject_of(loan_id), late, on, RULES, group.time.at) == 1
    name = alert_id(loan_id, "repayment", on)
    assert group.api.post(f"/v1/alerts/{name}/escalate", ESCALATE, ONE)["level"] == "red"
    group.bank.streams()


def night(group: Grouped, pump: Pump) -> None:
    """The run of the day, on the next at two o'clock."""
    day = business_date(group.time.at)
    group.time.at = start_of(day + DAY) + timedelta(hours=2)
    coverage.keep((feed, day) for feed in ("logins", "trade"))
    jobs.begin_daily(group.time.at)
    pump()
    group.bank.streams()


def test_a_group_with_two_red_members_is_suspended_and_an_officer_resumes_it(group: Grouped, pump: Pump) -> None:
    becomes_red(group, 1)
    night(group, pump)
    [alert] = group.api.get(f"/v1/alerts?subject_id={group.group_id}", ONE)["items"]
    assert (alert["rule"], alert["level"], alert["evidence"][0]["numbers"]["red_members"]) == ("group", "amber", 1)
    assert (group.status(), alert["held_until"], alert["member_id"]) == ("active", None, None)
    becomes_red(group, 2)
    night(group, pump)
    seen = group.api.get(f"/v1/alerts/{alert['id']}", BOC)
    assert (seen["level"], seen["status"], seen["held_until"]) == ("red", "escalated", None)
    assert group.status() == "suspended"
    assert group.draw(3, "10000.00")["code"] == "group_takes_no_draws"
    resumed = group.api.post(f"/v1/guarantee-groups/{group.group_id}/resume", {"reason": "Both trade again."}, ONE)
    assert resumed["status"] == "active", resumed.body
    night(group, pump)
    assert group.status() == "active", "the same alert suspends it once"
    assert group.draw(3, "10000.00").status == 201
