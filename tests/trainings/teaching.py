"""Trainings for tests: as values, and as they stand in the table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.shared import clock, ids, policies
from chalicelib.shared.request import RequestContext
from chalicelib.trainings.aggregate import TRAININGS
from chalicelib.trainings.rules import handling
from chalicelib.trainings.rules.timers import MACHINE
from chalicelib.trainings.rules.training import Context, Policy, Training

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR, DAY, MS = timedelta(hours=1), timedelta(days=1), timedelta(milliseconds=1)
VERSION = policies.versions("trainings")[0]
CONTEXT = Context(policy=VERSION.read_as(Policy))
PEOPLE = [f"per_{letter}" for letter in "ABCDEF"]


def announced(now: datetime = NOW, training_id: str = "trn_1", **other: Any) -> Training:
    """Tomorrow, for an hour, with three places."""
    fields: dict[str, Any] = {"starts_at": now + DAY, "ends_at": now + DAY + HOUR, "capacity": 3} | other
    return handling.announced(
        training_id,
        "joint_liability",
        "Standing for each other",
        "Room 3",
        "en",
        context=CONTEXT,
        policy_hash=VERSION.hash,
        now=now,
        **fields,
    ).state


def registered(*people: str, was: Training | None = None) -> Training:
    training = was or announced()
    for person in people or PEOPLE[:2]:
        training = handling.register(training, CONTEXT, "mem_1", person, NOW).state
    return training


def at(training: Training, moment: datetime) -> Training:
    """After everything that fell due until then."""
    for change in MACHINE.overdue(training, CONTEXT, moment):
        training = change.state
    return training


def held() -> Training:
    return at(registered(), NOW + DAY)


def closed() -> Training:
    return at(held(), NOW + 8 * DAY + HOUR)


def cancelled() -> Training:
    return handling.cancel(registered(), "Ill.", NOW).state


def plant() -> str:
    """One that is announced for tomorrow."""
    now = clock.now()
    training_id = ids.new_id("trn", now)
    fields = {"starts_at": now + DAY, "ends_at": now + DAY + HOUR, "capacity": 3}
    change = handling.announced(
        training_id,
        "borrowing",
        "What a loan costs",
        "Room 3",
        "en",
        context=CONTEXT,
        policy_hash=VERSION.hash,
        now=now,
        **fields,  # type: ignore[arg-type]
    )
    TRAININGS.create(change, CONTEXT, RequestContext.of_clock(training_id, 1, now))
    return training_id
