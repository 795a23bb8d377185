"""Feeds stream records, queue messages and due schedules to the handlers that `app.py` declares, as Lambda's event sources do.

Each source has one thread. What a handler could not take is offered again, and after five times put aside in the dead-letter
queue that is deployed for it; a batch of a stream is cut in halves to find the record that fails.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from chalice.app import DynamoDBEventConfig, ScheduledEventConfig, SQSEventConfig

from infra.local.bell import Bell
from infra.local.pollers.event_source import AFTER_FAILURE_SECONDS, Tell
from infra.local.pollers.queues import Queue
from infra.local.pollers.schedules import Schedules
from infra.local.pollers.streams import Stream

FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 60.0
"""A source without work is asked again after pauses that double up to this, or at once when the bell rings."""


class Pollers:
    """All sources of an application, each in a thread: `start`, then `stop`, which waits for what is under way.

    `places` is a folder that remembers how far each stream was read, where the engine's data outlives us. Whoever writes past the
    handlers rings the `bell`.
    """

    def __init__(self, app: Any, *, bell: Bell, places: Path | None = None, tell: Tell = print) -> None:
        self._tell, self._bell, self._ending = tell, bell, threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_turning, args=(feed,), name=type(feed).__name__, daemon=True)
            for feed in [*_streams(app, places, tell), *_queues(app, tell), _schedules(app, tell)]
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ending.set()
        self._bell.ring()
        for thread in self._threads:
            thread.join(timeout=10)

    def _keep_turning(self, feed: Stream | Queue | Schedules) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._ending.is_set():
            heard = self._bell.rung
            pause = self._turned(feed, pause)
            if self._bell.wait(heard, min(pause, feed.most_pause())):
                pause = FIRST_PAUSE_SECONDS

    def _turned(self, feed: Stream | Queue | Schedules, pause: float) -> float:
        """Let a source turn. Returns how long to pause: not at all after work, which may be work for the others too, else twice as long."""
        try:
            worked = feed.turn()
        except Exception as failure:
            self._tell(f"{type(feed).__name__}: {failure!r}")
            return max(AFTER_FAILURE_SECONDS, min(pause * 2, LONGEST_PAUSE_SECONDS))
        if worked:
            self._bell.ring()
            return FIRST_PAUSE_SECONDS
        return min(pause * 2, LONGEST_PAUSE_SECONDS)


def _streams(app: Any, places: Path | None, tell: Tell) -> Iterator[Stream]:
    for source in _sources(app, DynamoDBEventConfig):
        table = _table_of(source.stream_arn)
        kept = places / f"{table}.{source.name}.json" if places else None
        yield Stream(app.handler_map[source.name], source.name, table, source.batch_size, kept, tell)


def _queues(app: Any, tell: Tell) -> Iterator[Queue]:
    for source in _sources(app, SQSEventConfig):
        queue = source.queue or source.queue_arn.rpartition(":")[2]
        yield Queue(app.handler_map[source.name], queue, source.batch_size, tell)


def _schedules(app: Any, tell: Tell) -> Schedules:
    declared = _sources(app, ScheduledEventConfig)
    return Schedules(
        {schedule.name: (_expression(schedule), app.handler_map[schedule.name]) for schedule in declared}, tell
    )


def _sources(app: Any, kind: type) -> list[Any]:
    return [source for source in app.event_sources if isinstance(source, kind)]


def _table_of(stream_arn: str) -> str:
    return re.search(r":table/([^/]+)", stream_arn)[1]  # type: ignore[index]


def _expression(schedule: Any) -> str:
    expression = schedule.schedule_expression
    return expression if isinstance(expression, str) else str(expression.to_string())
