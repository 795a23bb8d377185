"""What streams and the clock call. Everything may come twice, late and in any order."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from chalicelib.dead_letters import records
from chalicelib.dead_letters.service import collecting, letters, redriving
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Run
from chalicelib.shared import batches, observe, stream
from chalicelib.shared.stream import Consumer

BATCH: Final = 100
MOST_SECONDS: Final = 40.0
REDRIVE: Final = redriving.JOB


def consume(raw: Sequence[dict[str, Any]], consumers: Sequence[Consumer]) -> dict[str, Any]:
    """Hand the records of a Lambda event to the consumers of their stream. Answers, as Lambda asks, which records have to come again.

    What a consumer can take together it is handed together first. A consumer that fails keeps neither the others nor later records from being served: its failure is kept as a dead letter, and only
    where that cannot be kept does the record come again.
    """
    by_number = {record.number: record for record in stream.records(consumers[0].stream, raw)}
    last = {
        (each.name, record.key, each.apart(record)): record.number
        for record in by_number.values()
        for each in consumers
        if each.coalesces
    }
    new = [record for record in by_number.values() if record.is_new]
    done = {consumer.name for consumer in consumers if letters.consume_together(consumer, new)}

    def work(one: dict[str, Any]) -> None:
        record = by_number[batches.id_of(one)]
        for consumer in consumers:
            if record.is_new and consumer.name in done:
                continue
            if not consumer.coalesces or last[consumer.name, record.key, consumer.apart(record)] == record.number:
                letters.consume(consumer, record)

    return batches.serve(raw, work, failure="a dead letter could not be kept")


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


def _without_stopping(letter_id: str) -> None:
    try:
        letters.try_again(letter_id)
    except Exception:
        observe.logger.exception("a dead letter was not tried", extra={"letter_id": letter_id})
