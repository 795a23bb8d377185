"""Alerts for tests: as values, and as they stand in the table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from chalicelib.loans.aggregate import LOANS
from chalicelib.monitoring.rules import alert_handling as handling
from chalicelib.monitoring.rules import episode
from chalicelib.monitoring.rules.alert import Alert, Context, Policy, Subject, alert_id
from chalicelib.monitoring.rules.alert_timers import MACHINE
from chalicelib.monitoring.rules.episode import Decided
from chalicelib.monitoring.rules.finding import Finding, Judgement, Level, Rule
from chalicelib.monitoring.service import raising
from chalicelib.shared import clock, policies
from chalicelib.shared.periods import business_date

NOW = datetime(2026, 3, 10, 18, tzinfo=UTC)
"""At 02:00 in Shanghai, when the run for the tenth is."""
ON = date(2026, 3, 10)
DAY, MS = timedelta(days=1), timedelta(milliseconds=1)
VERSION = policies.versions("alerts")[0]
RULES = policies.versions("monitoring")[0]
CONTEXT = Context(policy=VERSION.read_as(Policy))
NORMAL_DAYS = 3
LOAN = Subject(kind="loan", id="lon_1", member_id="mem_1", bank_id="boc")
GROUP = Subject(kind="group", id="grp_1", bank_id="boc")


def finding(level: Level = "amber", rule: Rule = "login_silence", **other: Any) -> Finding:
    fields: dict[str, Any] = {"numbers": {"silent_days": 4}, "baseline": {"interval_halves": 4}, "p_ppm": 62_500}
    return Finding(rule=rule, level=level, **fields | other)


def decided(
    days: int = 0, level: Level | None = "amber", rule: Rule = "login_silence", *, judged: bool = True, **other: Any
) -> Decided:
    """What a rule concludes so many days after the first: a level, or nothing."""
    given = finding(level, rule, **other) if level else None
    return Decided(on=ON + days * DAY, policy=RULES.hash, finding=given, is_judged=judged)


def opened(level: Level = "amber", rule: Rule = "login_silence", about: Subject = LOAN) -> Alert:
    return episode.raised(about, finding(level, rule), decided(), CONTEXT, VERSION.hash, NOW).state


def acknowledged(level: Level = "amber") -> Alert:
    return handling.acknowledge(opened(level), CONTEXT, "officer-1", NOW).state


def escalated() -> Alert:
    return handling.escalate(opened(), CONTEXT, "The warehouse is empty.", NOW).state


def silenced(level: Level = "amber") -> Alert:
    return handling.silence(opened(level), CONTEXT, ON + 5 * DAY, "Stock-taking.", NOW).state


def resolved(level: Level = "amber") -> Alert:
    return handling.resolve(opened(level), CONTEXT, "explained", "Stock-taking.", NOW).state


def closed() -> Alert:
    return handling.close(opened(), CONTEXT, "loan_over", NOW).state


def followed(was: Alert, *days: Decided, context: Context = CONTEXT) -> Alert:
    """After these days."""
    for day in days:
        while change := episode.follow(was, day, NORMAL_DAYS, context, NOW):
            was = change.state
    return was


def next_due(was: Alert) -> Alert:
    """After its next deadline."""
    due_at = MACHINE.next_due(was, CONTEXT)
    assert due_at is not None
    return next(MACHINE.overdue(was, CONTEXT, due_at)).state


def subject_of(loan_id: str) -> Subject:
    loaded = LOANS.load(loan_id, clock.now())
    assert loaded is not None
    return Subject(kind="loan", id=loan_id, member_id=loaded.state.member_id, bank_id=loaded.state.bank_id)


def plant(loan_id: str, level: Level = "amber", rule: Rule = "login_silence") -> str:
    """One that a run has raised yesterday, about a loan that is owed."""
    now = clock.now()
    on, about = business_date(now) - DAY, subject_of(loan_id)
    assert raising.raise_or_update(about, Judgement(findings=(finding(level, rule),)), on, RULES, now) == 1
    return alert_id(loan_id, rule, on)
