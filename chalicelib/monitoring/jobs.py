"""What the clock and the streams do with monitoring. Everything may come late, and twice.

`monitoring-daily` decides a business day at 02:00 in Shanghai, when it is over: a run for each day, each begun when the one before is done, so that
days that were missed are caught up with in their order.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.monitoring.records.watches import PARTS
from chalicelib.monitoring.records.watches import WatchRow as WatchRow
from chalicelib.monitoring.service import daily, digest, following, watching
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.stream import Consumer, Record

DAILY: Final = watching.JOB
FIRES_AFTER: Final = timedelta(hours=2)
"""So long after its end a day is decided."""


def begin_daily(fired_at: datetime) -> Run:
    """What the schedule calls: the day before the one on which it fires, or the first that was missed."""
    return begin_day(business_date(fired_at) - timedelta(days=1))


def begin_day(day: date) -> Run:
    """Decide a day. Where days before it are missing, the first of those: the others follow when it is done. May be called twice."""
    last = runs.latest(DAILY)
    if last is None:
        return _begin(day, None)
    if not last.is_over or day <= last.as_of:
        return _begin(last.as_of, last)
    return _begin(last.as_of + timedelta(days=1), last)


def begin_at_once(day: date) -> Run:
    """Decide a day and, of each loan, those before it that are missing, in their order: for whoever knows that nothing wakes on those."""
    last = runs.latest(DAILY)
    return begin_day(day) if last is None or not last.is_over else _begin(max(day, last.as_of), last)


def start_daily(day: date) -> Run:
    """The same for one that may not be over yet: then the day before today."""
    return begin_at_once(min(day, business_date(clock.now()) - timedelta(days=1)))


def next_decision() -> datetime | None:
    """When a run has something to decide, where days on which nothing wakes are left out."""
    last = runs.latest(DAILY)
    day = daily.next_day(last)
    return start_of(day + timedelta(days=1)) + FIRES_AFTER if day else None


def finish_day(run: Run, results: Mapping[int, ShardResult]) -> Run:
    """When all loans are decided: groups and feeds, what banks are told of the day, and then the next day, if it is over."""
    lasting = daily.decide_groups_and_feeds(run, clock.now())
    for day in daily.digest_days(run):
        digest.send(day, clock.now())
    done = runs.finish(run.id, groups=lasting["groups"], feeds=lasting["feeds"])
    following_day = done.as_of + timedelta(days=1)
    if business_date(clock.now() - FIRES_AFTER) > following_day:
        _begin(following_day, done)
    return done


DECIDING: Final = Job(shard=daily.decide_part, finish=finish_day)


def follow(entry: Entry) -> None:
    """Gather what an entry says of watched loans and their firms."""
    following.follow(entry, clock.now())


def _tell_days(record: Record) -> None:
    """The days of a member have changed."""
    watching.follow_days(record.key, clock.now())


DAYS: Final = Consumer(name="monitoring.days", stream=daybook_recording.DAYS, consume=_tell_days, coalesces=True)


def _begin(day: date, before: Run | None) -> Run:
    about = daily.about_day(day, before) if before is None or before.as_of < day else before.about
    return runs.begin(DAILY, day.isoformat(), day, PARTS, redrives=True, **about)
