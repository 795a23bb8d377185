"""What streams and the clock call. Everything may come twice, late and in any order."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from chalicelib.dead_letters import records
from chalicelib.dead_letters.service import collecting, letters, redriving
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Run
from chalicelib.shared import observe, stream
from chalicelib.shared.stream import Consumer, Record

BATCH: Final = 100
MOST_SECONDS: Final = 40.0
REDRIVE: Final = redriving.JOB


def consume(told: Sequence[dict[str, Any]], consumers: Sequence[Consumer]) -> dict[str, Any]:
    """Hand the records of a Lambda event to the consumers of their stream. Answers, as Lambda asks, which records have to come again.

    A consumer that fails keeps neither the others nor later records from being served: its failure is kept as a dead letter, and only
    where that cannot be kept does the record come again.
    """
    failed = []
    found = list(stream.records(consumers[0].stream, told))
    for place, record in enumerate(found):
        heard = [one for one in consumers if not (one.coalesces and _comes_again(record, found[place + 1 :]))]
        unsafe = [consumer.name for consumer in heard if not _is_safe(consumer, record)]
        if unsafe:
            failed.append({"itemIdentifier": record.number})
    return {"batchItemFailures": failed}


def collect() -> int:
    """Empty the dead-letter queues into the table. Returns how many messages there were."""
    return collecting.collect(seconds=MOST_SECONDS).total()


def try_due(now: datetime) -> int:
    """Try what has fallen due, each letter once, as far as time allows. Returns how many were tried."""
    ends = time.monotonic() + MOST_SECONDS
    tried: set[str] = set()
    while due := [name for name in records.due_ids(now, BATCH + len(tried)) if name not in tried]:
        for letter_id in due:
            if time.monotonic() >= ends:
                return len(tried)
            _without_stopping(letter_id)
            tried.add(letter_id)
    return len(tried)


def prepare(run: Run) -> None:
    """Empty the dead-letter queues, then start the shards of a redrive."""
    collecting.collect(seconds=MOST_SECONDS)
    redriving.prepare(run)


REDRIVING: Final = Job(shard=redriving.shard, prepare=prepare)


def _is_safe(consumer: Consumer, record: Record) -> bool:
    """Whether a record was taken, or its failure kept."""
    try:
        letters.consume(consumer, record)
    except Exception:
        observe.logger.exception("a dead letter could not be kept", extra={"consumer": consumer.name})
        return False
    return True


def _without_stopping(letter_id: str) -> None:
    try:
        letters.try_again(letter_id)
    except Exception:
        observe.logger.exception("a dead letter was not tried", extra={"letter_id": letter_id})


def _comes_again(record: Record, later: Iterable[Record]) -> bool:
    return any(other.key == record.key for other in later)
