"""Cases as values, in each of their statuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.cases.rules import handling
from chalicelib.cases.rules.case import Case, Context, Policy, Subject
from chalicelib.cases.rules.timers import MACHINE
from chalicelib.shared import policies

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONTEXT = Context(policy=policies.versions("cases")[0].read_as(Policy))


def opened(**other: Any) -> Case:
    given: dict[str, Any] = {"by": "customer", "customer_id": "mem_1", "context": CONTEXT, "now": NOW} | other
    about = Subject("order", "ord_1")
    return handling.opened("cas_1", "complaint", about, "Two boxes", "Missing.", policy_hash="", **given).state


def internal() -> Case:
    return opened(by="officer", customer_id="")


def waiting(now: datetime = NOW) -> Case:
    return handling.reply(opened(), CONTEXT, "officer", "Which two?", now).state


def escalated(now: datetime = NOW) -> Case:
    return handling.escalate(waiting(), CONTEXT, "customer", "That is no answer.", now).state


def resolved() -> Case:
    return handling.resolve(waiting(), CONTEXT, "officer", "upheld", "They are sent.", NOW).state


def closed() -> Case:
    return later(resolved(), NOW + 14 * DAY)


def later(case: Case, now: datetime) -> Case:
    """The case after everything that fell due."""
    for change in MACHINE.overdue(case, CONTEXT, now):
        case = change.state
    return case
