"""What schedules and the queue of work call: the run of the 6th, its rehearsal on the 5th, and how far the two depart."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Final

from chalicelib.deposits.monthly import engine, service, variance
from chalicelib.deposits.monthly.service import DEPARTURES, MONTHLY, REHEARSAL
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Run
from chalicelib.shared.periods import month_of


def begin_due(now: datetime) -> str | None:
    """Begin the month whose turn it is. The schedule of the 6th asks, and one every hour in case that was too early.

    A day that it waits for and that nobody has assessed is assessed now: else no month would be decided any more.
    """
    run = service.begin_due(now)
    if run is None:
        service.assess_awaited_day(now)
    return run.id if run else None


def rehearse(now: datetime) -> str:
    """Begin the rehearsal. The schedule of the 5th asks."""
    return service.begin_rehearsal(now).id


def start_monthly(as_of: date) -> Run:
    """Decide the month of a date."""
    return service.begin(month_of(as_of))


DECIDING: Final = Job(shard=engine.decide_shard, finish=service.finish)
REHEARSING: Final = Job(shard=partial(engine.decide_shard, writes=False), finish=service.finish)
DEPARTING: Final = Job(shard=variance.compare_shard, finish=variance.finish)
JOBS: Final[Mapping[str, Job]] = {MONTHLY: DECIDING, REHEARSAL: REHEARSING, DEPARTURES: DEPARTING}
