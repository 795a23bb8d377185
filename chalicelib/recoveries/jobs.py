"""What the journal's stream and the clock do with recoveries. Everything may come late, and twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from chalicelib.recoveries import records
from chalicelib.recoveries.service import commands, subscribers
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Checkpoint, Failure, Run, ShardResult
from chalicelib.shared import clock, observe
from chalicelib.shared.failed_items import is_item_failure, reason_of
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, start_of

SET_OFF_AT: Final = timedelta(hours=1)
"""Balances are looked at every day at 01:00 in Shanghai."""
SET_OFF: Final = "recoveries-set-off"
AT_ONCE: Final = 100
"""Recoveries between two checkpoints."""
MOST_NAMED: Final = 100
"""Recoveries set aside that are named; all are counted."""
TAKES: Final = ("demanded", "setoff", "suspended", "instalments")
"""In these statuses something may be due from a supplier's balance."""


def follow(entry: Entry) -> None:
    """Open recoveries, take in what banks collected, keep suppliers' standing: as an entry says."""
    subscribers.follow(entry, clock.now())


def begin_set_off(fired_at: datetime) -> Run:
    """What the schedule calls: balances are looked at on the day on which it fires."""
    return start_set_off(business_date(fired_at))


def start_set_off(day: date) -> Run:
    """Take what is due from the balances of all suppliers that owe, in as many parts as recoveries have. May be called twice."""
    return runs.begin(SET_OFF, day.isoformat(), day, records.PARTS)


def set_off_part(run: Run, shard: int) -> ShardResult:
    """One part of the recoveries, some at a time: whoever takes it over goes on from the last that were done."""
    checkpoint = runs.checkpoint_of(run.id, shard)
    while not checkpoint.done:
        checkpoint = runs.save_checkpoint(run.id, shard, _set_off_some(shard - 1, checkpoint, clock.now()))
    return ShardResult(counts=checkpoint.counts, failures=checkpoint.failures)


SETTING_OFF: Final = Job(shard=set_off_part)


def set_off_all(now: datetime) -> int:
    """The sandbox's: every part here and now. Returns how many recoveries were looked at."""
    looked_at = 0
    for part in range(records.PARTS):
        checkpoint = Checkpoint()
        while not checkpoint.done:
            checkpoint = _set_off_some(part, checkpoint, now)
        looked_at += checkpoint.counts["looked_at"]
    return looked_at


def next_set_off() -> datetime | None:
    """When balances are looked at next, where anything is owed."""
    if not _is_any_taking():
        return None
    now = clock.now()
    today = start_of(business_date(now)) + SET_OFF_AT
    return today if now < today else today + timedelta(days=1)


def _set_off_some(part: int, checkpoint: Checkpoint, now: datetime) -> Checkpoint:
    """The next recoveries of a part, and how far that is. One that cannot be set off is set aside with the reason."""
    failures, counts = list(checkpoint.failures), Counter({"looked_at": 0, "set_off": 0, "set_aside": 0})
    counts.update(checkpoint.counts)
    found = list(islice(_taking_in(part, checkpoint.position), AT_ONCE))
    for _, recovery_id in found:
        counts["looked_at"] += 1
        try:
            counts["set_off"] += commands.set_off(recovery_id, now)
        except Exception as fault:
            if not is_item_failure(fault):
                raise
            observe.logger.exception("recovery set aside", extra={"recovery_id": recovery_id})
            counts["set_aside"] += 1
            failures.append(Failure(recovery_id, reason_of(fault)))
    return Checkpoint(
        number=checkpoint.number + 1,
        done=len(found) < AT_ONCE,
        position=" ".join(found[-1]) if found else checkpoint.position,
        counts=dict(counts),
        failures=tuple(failures[:MOST_NAMED]),
    )


def _taking_in(part: int, position: str) -> Iterator[tuple[str, str]]:
    """Status and id of every recovery of a part from which something may be due, behind a position."""
    begun, _, after = position.partition(" ")
    for status in TAKES[TAKES.index(begun) if begun else 0 :]:
        for recovery_id in records.part_of(status, part, after if status == begun else ""):
            yield status, recovery_id


def _is_any_taking() -> bool:
    return any(next(records.ids_in(status), None) for status in TAKES)
