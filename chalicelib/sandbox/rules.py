"""How far the sandbox's clock may be moved, and what fires on the way. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec

from chalicelib.shared import periods
from chalicelib.shared.errors import Malformed, RuleViolation
from chalicelib.shared.money import Money
from chalicelib.shared.ranges import LATEST

MOST_DAYS: Final = 750
"""One request moves the clock this far at most."""
END: Final = periods.start_of(LATEST)
"""And no request moves it beyond: what is promised for years ahead has to be a date still."""
QUALIFICATION: Final = "qualification-monthly"
BOOKS_CLOSE: Final = "books-close"
CREDIT_LIMITS: Final = "credit-limits"
DEADLINES: Final = "deadlines"
DEPOSITS_DAILY: Final = "deposits-daily"
DEPOSITS_MONTHLY: Final = "deposits-monthly"
MONITORING: Final = "monitoring-daily"
PRE_OFFERS: Final = "pre-offers-monthly"
SET_OFFS: Final = "set-offs"


class Behaviour(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What a bank does with an instruction, and `then` says of it when asked. It may take it and fall silent, or never hear of it."""

    does: Literal["accept", "refuse", "fall_silent", "lose"] = "accept"
    """What the bank does when it is instructed."""
    then: Literal["settle", "fail", "wait"] = "settle"
    """What it says of it when asked."""
    reason: Annotated[str, msgspec.Meta(max_length=100)] = "insufficient_funds"
    """Why it refuses or fails: account_closed and account_unknown make another account necessary at once."""
    moves: Money | None = None
    """What it says it has moved, where that is another amount than it was told to move."""


class OnlyForward(RuleViolation):
    code = "clock_only_forward"
    title = "The sandbox's clock runs forward only."
    fix = f"Name a moment after `now_there` and at most {MOST_DAYS} days ahead of it; the clock stops at {END.date()}."


class Schedule(msgspec.Struct, frozen=True):
    """A job that fires at a time of day in UTC: every day, or on one day of the month. What `app.py` says of it too.

    `only_last`: of all its firings on a way only the last one matters, and only that is made.
    """

    job: str
    hour: int
    minute: int
    day: int | None = None
    only_last: bool = False


SCHEDULES: Final = (
    Schedule(CREDIT_LIMITS, 16, 20, only_last=True),
    Schedule(BOOKS_CLOSE, 16, 45, only_last=True),
    Schedule(QUALIFICATION, 16, 30, day=9),
    Schedule(DEPOSITS_DAILY, 16, 5, day=5),
    Schedule(DEPOSITS_MONTHLY, 16, 30, day=5),
    Schedule(PRE_OFFERS, 17, 20, day=14),
)
"""In Shanghai: 00:20 and 00:45 every day, 00:30 on the 10th, 00:05 and 00:30 on the 6th, 01:20 on the 15th. A close verifies all there is, and limits are
those of the day: the last says what those before it would. What the daily job of deposits does on other days is swept when it falls due; the month needs its
mark of the 5th. Monitoring decides the days on which a watched loan wakes."""


def next_firing(schedule: Schedule, after: datetime) -> datetime:
    """The first firing later than a moment."""
    firing = after.replace(hour=schedule.hour, minute=schedule.minute, second=0, microsecond=0)
    while firing <= after or (schedule.day is not None and firing.day != schedule.day):
        firing += timedelta(days=1)
    return firing


def next_firings(schedules: Iterable[Schedule], after: datetime, target: datetime) -> list[tuple[datetime, str]]:
    """When each job fires next on the way from one moment to another, or after it."""
    return sorted((_next_that_matters(schedule, after, target), schedule.job) for schedule in schedules)


def _next_that_matters(schedule: Schedule, after: datetime, target: datetime) -> datetime:
    first = next_firing(schedule, after)
    last = next_firing(schedule, target - timedelta(days=1))
    return max(first, last) if schedule.only_last else first


def target(now: datetime, *, to: datetime | None, advance_hours: float | None) -> datetime:
    """The moment the clock is to be moved to. Exactly one of the two says it; OnlyForward where it may not be."""
    if (to is None) == (advance_hours is None):
        raise Malformed("Say either now or advance_hours.", param="now" if to else "advance_hours")
    moment = now + timedelta(hours=advance_hours) if advance_hours is not None else to
    if moment is None or not now <= moment <= min(now + timedelta(days=MOST_DAYS), END):
        raise OnlyForward(
            "The clock cannot be moved there.", param="now" if to else "advance_hours", now_there=periods.wire(now)
        )
    return periods.whole_ms(moment)
