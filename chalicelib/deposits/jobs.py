"""What the clock and the streams do with deposits. Everything may come late, and twice.

`deposits-daily` runs at 00:05 in Shanghai for the day before: it writes down what has happened to deposits by itself until then, first
trades of that day among it. It is cut like the index of due things. A deposit that cannot be brought up to date is set aside with the reason.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, Final

from chalicelib.deposits import service
from chalicelib.deposits.declared import DEPOSITS
from chalicelib.deposits.rules.clockwork import DAILY_AFTER
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Failure, Run, ShardResult
from chalicelib.shared import batches, clock, due, observe
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, from_ms, start_of
from chalicelib.shared.refusal import Busy, Raced
from chalicelib.shared.store_errors import is_of_store

DAILY: Final = "deposits-daily"


def begin_daily(fired_at: datetime) -> Run:
    """What the schedule calls: the day before the one on which it fires."""
    return begin_day(business_date(fired_at) - timedelta(days=1))


def begin_day(day: date) -> Run:
    """Bring deposits up to the end of a day; of a day that was begun before, what is left of it. May be called twice."""
    return runs.begin(DAILY, day.isoformat(), day, len(due.PARTS))


def daily_shard(run: Run, shard: int) -> ShardResult:
    """One shard of the index: everything that had fallen due by five past midnight, each at its own instant."""
    until = start_of(run.as_of + timedelta(days=1)) + DAILY_AFTER
    counts, aside = Counter[str](deposits=0), []
    for seen in DEPOSITS.due_in(due.PARTS[shard - 1], until):
        counts["deposits"] += 1
        reason = _unless_poison(seen.id, until, counts)
        if reason:
            aside.append(Failure(seen.id, reason))
    observe.count("DepositsSetAside", len(aside))
    return ShardResult(counts=counts | {"set_aside": len(aside)}, failures=tuple(aside))


ASSESSING: Final = Job(shard=daily_shard)


def follow(made: Entry) -> None:
    """A reader of the journal's stream."""
    service.follow(made, clock.now())


def days_changed(records_of_the_stream: list[dict[str, Any]]) -> dict[str, Any]:
    """Put the days of members whose day-book has changed onto their deposits. Takes the records of the day-book's stream."""
    known: dict[str, tuple[datetime, list[str]]] = {}
    for record in records_of_the_stream:
        told = record["dynamodb"]
        seller_id, at = told["Keys"]["member_id"]["S"], _known_at(told)
        before = known.get(seller_id, (at, []))
        known[seller_id] = max(before[0], at), [*before[1], told["SequenceNumber"]]
    failed = [number for seller_id, (at, numbers) in known.items() if not _told(seller_id, at) for number in numbers]
    return batches.come_again(failed)


def _told(seller_id: str, known_at: datetime) -> bool:
    try:
        service.tell_days(seller_id, known_at, clock.now())
    except Exception:
        observe.logger.exception("days not told to a deposit", extra={"seller": seller_id})
        observe.count("DaysNotTold")
        return False
    return True


def _known_at(told: dict[str, Any]) -> datetime:
    """When the day-book was written, in business time, and never after now."""
    written = from_ms(round(float(told["ApproximateCreationDateTime"]) * 1000))
    return min(clock.ahead(written), clock.now())


def _unless_poison(seller_id: str, until: datetime, counts: Counter[str]) -> str:
    """Bring a deposit up to date. Tells why it cannot be; the store's own trouble is not the deposit's: the shard comes again."""
    try:
        counts.update(service.brought_up(seller_id, until, clock.now())[1])
    except (Busy, Raced):
        raise
    except Exception as poison:
        if is_of_store(poison):
            raise
        observe.logger.exception("deposit set aside", extra={"seller": seller_id})
        return f"{type(poison).__name__}: {poison}"[:200]
    return ""
