"""Firms whose loans are watched, day by day: what feeds tell of them, and the run of each day at 02:00 in Shanghai."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.credit.aggregate.consents import CONSENTS
from chalicelib.credit.rules.consent import Policy as ConsentPolicy
from chalicelib.credit.rules.consent import given
from chalicelib.daybook.rules.activity import Login
from chalicelib.daybook.rules.coverage import Feed
from chalicelib.daybook.service import coverage
from chalicelib.daybook.service.recording import record
from chalicelib.monitoring import jobs
from chalicelib.monitoring.aggregate import ALERTS
from chalicelib.monitoring.records import watches as records
from chalicelib.monitoring.records.alerts import AlertRow
from chalicelib.monitoring.rules.alert import Alert
from chalicelib.monitoring.rules.watch import Watch
from chalicelib.monitoring.service import watching
from chalicelib.runs import service as runs
from chalicelib.runs.rules import Run, id_of
from chalicelib.shared import ids, policies
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.request import RequestContext
from tests.bank_events.conftest import bank
from tests.loans.conftest import lender
from tests.loans.lending import Lender, planned
from tests.world import Api, Pump, StandingClock

__all__ = ["bank", "lender", "one_part", "watched"]

DRAWN = date(2026, 3, 2)
"""A Monday."""
DAY = timedelta(days=1)


@dataclass
class Watched:
    """`firm` has drawn a loan on a Monday; before that it logged in every second day, and somebody trades and logs in every day."""

    lender: Lender
    pump: Pump
    loan: str = ""
    loans: list[str] = field(default_factory=list)

    @property
    def time(self) -> StandingClock:
        return self.lender.time

    @property
    def api(self) -> Api:
        return self.lender.api

    @property
    def firm(self) -> str:
        return self.lender.firm_id

    def logs_in(self, *days: date, is_complete: bool = True) -> None:
        """At nine in the morning; `is_complete` as soon as the stream comes."""
        member_id = self.firm
        facts = [
            Login(member_id=member_id, activity_id=f"l-{day}", at=start_of(day) + timedelta(hours=9)) for day in days
        ]
        assert {outcome.result for outcome in record(facts)} <= {"new", "known"}
        if is_complete:
            watching.follow_days(member_id, self.time.at)

    def told(self, until: date, days: int = 130, feeds: Iterable[Feed] = ("logins", "trade")) -> None:
        coverage.keep((feed, until - back * DAY) for feed in feeds for back in range(days))

    def consents(self, until: date = date(2027, 2, 28)) -> str:
        now, in_force = self.time.at, policies.in_force("consents", business_date(self.time.at))
        data: dict[str, Any] = {"bank_ids": ("boc",), "data_classes": ("activity",), "until": until}
        consent = given(
            ids.new_id("cns", now),
            self.firm,
            purpose="credit",
            signer="per_1",
            now=now,
            policy=in_force.read_as(ConsentPolicy),
            policy_hash=in_force.hash,
            **data,
        )
        CONSENTS.create(consent, (), RequestContext.of_clock(consent.state.id, 1, now))
        return consent.state.id

    def draws(self, *rows: tuple[str, int, int]) -> str:
        """A loan, due in half a year where nothing else is said."""
        rows = rows or (("2026-09-02", 100_000_00, 0),)
        self.loan = self.lender.lend(sum(principal for _, principal, _ in rows), planned(*rows))
        self.loans.append(self.loan)
        self.follow()
        return self.loan

    def follow(self) -> None:
        self.lender.bank.streams(tables=["journal"])

    def night(self, day: date, *, is_complete: bool = True, at_once: bool = False) -> Run:
        """The run of a day, on the next at two o'clock, and before it those of days that are missing; `is_complete`: feeds have told of all of them.

        `at_once`: one run decides them all.
        """
        self.time.at = start_of(day + DAY) + timedelta(hours=2)
        if is_complete:
            self.told(day, 30)
        if at_once:
            jobs.begin_at_once(day)
        else:
            jobs.begin_daily(self.time.at)
        self.pump()
        return runs.get(id_of(jobs.DAILY, day.isoformat()))

    @property
    def watch(self) -> Watch:
        watch = records.load(self.loan)
        assert watch is not None
        return watch

    def alerts(self, loan: str = "") -> list[Alert]:
        """Of a loan, those that began first first."""
        every = (ALERTS.repository.load(row.alert_id) for row in AlertRow.scan())
        of = [alert for alert in every if alert and alert.about.id == (loan or self.loan)]
        return sorted(of, key=lambda alert: (alert.started_on, alert.rule))

    def known(self) -> list[tuple[str, str, date]]:
        return [(alert.rule, alert.level, alert.started_on) for alert in self.alerts()]


@pytest.fixture
def one_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs have one part: before `watched`."""
    monkeypatch.setattr(records, "PARTS", 1)
    monkeypatch.setattr(jobs, "PARTS", 1)


@pytest.fixture
def watched(lender: Lender, pump: Pump) -> Watched:
    world = Watched(lender, pump)
    lender.on(DRAWN.year, DRAWN.month, DRAWN.day)
    world.told(DRAWN - DAY)
    world.logs_in(*(DRAWN - back * DAY for back in range(0, 90, 2)))
    world.consents()
    world.draws()
    return world
