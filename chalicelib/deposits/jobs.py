"""What the clock and the streams do with deposits. Everything may come late, and twice.

`deposits-daily` runs at 00:05 in Shanghai for the day before: it writes down what has happened to deposits by itself until then, first
trades of that day among it. It is cut like the index of due things. A deposit that cannot be brought up to date is set aside with the reason.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from chalicelib.daybook.service import recording as daybook_recording
from chalicelib.deposits.aggregate import DEPOSITS
from chalicelib.deposits.monthly import service as monthly
from chalicelib.deposits.rules.cut_offs import next_cut_off
from chalicelib.deposits.rules.timers import DAILY_AFTER
from chalicelib.deposits.service import days, subscribers
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Failure, Run, ShardResult
from chalicelib.shared import clock, due, observe
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, start_of
from chalicelib.shared.stream import Consumer, Record

DAILY: Final = monthly.DAILY


def begin_daily(fired_at: datetime) -> Run:
    """What the schedule calls: the day before the one on which it fires."""
    return begin_day(business_date(fired_at) - timedelta(days=1))


begin_day = monthly.assess


def daily_shard(run: Run, shard: int) -> ShardResult:
    """One shard of the index: everything that had fallen due by five past midnight, each at its own instant."""
    until = start_of(run.as_of + timedelta(days=1)) + DAILY_AFTER
    counts, aside = Counter[str](deposits=0), []
    for seen in DEPOSITS.swept.due_in(due.PARTS[shard - 1], until):
        counts["deposits"] += 1
        reason = _isolated(seen.id, until, counts)
        if reason:
            aside.append(Failure(seen.id, reason))
    observe.count("DepositsSetAside", len(aside))
    return ShardResult(counts=counts | {"set_aside": len(aside)}, failures=tuple(aside))


ASSESSING: Final = Job(shard=daily_shard)


def follow(entry: Entry) -> None:
    """A reader of the journal's stream."""
    subscribers.follow(entry, clock.now())


def _tell_days(record: Record) -> None:
    """Put the days of a member whose day-book has changed onto its deposit."""
    now = clock.now()
    days.tell_days(record.key, min(_written_at(record), now), now)


def _written_at(record: Record) -> datetime:
    return clock.to_business_time(record.written_at)


DAYS: Final = Consumer(
    name="deposits.days",
    stream=daybook_recording.DAYS,
    consume=_tell_days,
    coalesces=True,
    apart=lambda record: next_cut_off(_written_at(record)).period,
)
"""What was written before a cut-off counts for it: so the last record before it is told, however many came after it in the batch."""


def _isolated(seller_id: str, until: datetime, counts: Counter[str]) -> str:
    """Bring a deposit up to date. Tells why it cannot be; the store's own trouble is not the deposit's: the shard comes again."""
    now = clock.now()
    try:
        loaded = DEPOSITS.load(seller_id, now)
        if loaded is not None:
            overdue = DEPOSITS.machine.overdue(loaded.state, loaded.context, until)
            counts.update(change.event.kind for change in overdue)
            DEPOSITS.caught_up(loaded, now, until)
    except Exception as fault:
        if not is_item_failure(fault):
            raise
        observe.logger.exception("deposit set aside", extra={"seller": seller_id})
        return reason_of(fault)
    return ""
