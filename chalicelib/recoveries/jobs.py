"""What the journal's stream and the clock do with recoveries. Everything may come late, and twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.recoveries import records
from chalicelib.recoveries.service import commands, subscribers
from chalicelib.runs import items
from chalicelib.runs import service as runs
from chalicelib.runs.items import Items
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Checkpoint, Run, ShardResult
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.periods import business_date, start_of

SET_OFF_AT: Final = timedelta(hours=1)
"""Balances are looked at every day at 01:00 in Shanghai."""
SET_OFF: Final = "recoveries-set-off"
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
    """One part of the recoveries."""
    return items.go_over(run, shard, _set_off(shard - 1, clock.now))


SETTING_OFF: Final = Job(shard=set_off_part)


def set_off_all(now: datetime) -> int:
    """The sandbox's: every part here and now. Returns how many recoveries were looked at."""
    looked_at = 0
    for part in range(records.PARTS):
        checkpoint = Checkpoint()
        while not checkpoint.done:
            checkpoint = items.some(_set_off(part, lambda: now), checkpoint)
        looked_at += checkpoint.counts["looked_at"]
    return looked_at


def next_set_off() -> datetime | None:
    """When balances are looked at next, where anything is owed."""
    if not _is_any_taking():
        return None
    now = clock.now()
    today = start_of(business_date(now)) + SET_OFF_AT
    return today if now < today else today + timedelta(days=1)


def _set_off(part: int, now: Callable[[], datetime]) -> Items:
    """The recoveries of a part."""

    def taking(position: str) -> Iterator[tuple[str, str]]:
        return ((" ".join(place), place[1]) for place in _taking_in(part, position))

    def one(recovery_id: str) -> Mapping[str, int]:
        return {"set_off": commands.set_off(recovery_id, now())}

    return Items(noun="recovery", behind=taking, one=one, counts=("set_off",))


def _taking_in(part: int, position: str) -> Iterator[tuple[str, str]]:
    """Status and id of every recovery of a part from which something may be due, behind a position."""
    begun, _, after = position.partition(" ")
    for status in TAKES[TAKES.index(begun) if begun else 0 :]:
        for recovery_id in records.part_of(status, part, after if status == begun else ""):
            yield status, recovery_id


def _is_any_taking() -> bool:
    return any(next(records.ids_in(status), None) for status in TAKES)
