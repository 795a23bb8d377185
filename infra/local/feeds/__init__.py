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

from infra.local.feeds.event_source import AFTER_FAILURE_SECONDS, Tell
from infra.local.feeds.queues import Queue
from infra.local.feeds.schedules import Schedules
from infra.local.feeds.streams import Stream

IDLE_SECONDS: Final = 0.2


class Feeds:
    """All sources of an application, each in a thread: `start`, then `stop`, which waits for what is under way.

    `places` is a folder that remembers how far each stream was read, where the engine's data outlives us.
    """

    def __init__(self, app: Any, *, places: Path | None = None, tell: Tell = print) -> None:
        self._tell, self._ending = tell, threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_turning, args=(feed,), name=type(feed).__name__, daemon=True)
            for feed in [*_streams(app, places, tell), *_queues(app, tell), _schedules(app, tell)]
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join(timeout=10)

    def _keep_turning(self, feed: Stream | Queue | Schedules) -> None:
        while not self._ending.is_set():
            try:
                pause = 0.0 if feed.turn() else IDLE_SECONDS
            except Exception as failure:
                self._tell(f"{type(feed).__name__}: {failure!r}")
                pause = AFTER_FAILURE_SECONDS
            self._ending.wait(pause)


def _streams(app: Any, places: Path | None, tell: Tell) -> Iterator[Stream]:
    for told in _sources(app, DynamoDBEventConfig):
        table = _table_of(told.stream_arn)
        kept = places / f"{table}.{told.name}.json" if places else None
        yield Stream(app.handler_map[told.name], told.name, table, told.batch_size, kept, tell)


def _queues(app: Any, tell: Tell) -> Iterator[Queue]:
    for told in _sources(app, SQSEventConfig):
        queue = told.queue or told.queue_arn.rpartition(":")[2]
        yield Queue(app.handler_map[told.name], queue, told.batch_size, tell)


def _schedules(app: Any, tell: Tell) -> Schedules:
    declared = _sources(app, ScheduledEventConfig)
    return Schedules({told.name: (_expression(told), app.handler_map[told.name]) for told in declared}, tell)


def _sources(app: Any, kind: type) -> list[Any]:
    return [source for source in app.event_sources if isinstance(source, kind)]


def _table_of(stream_arn: str) -> str:
    return re.search(r":table/([^/]+)", stream_arn)[1]  # type: ignore[index]


def _expression(told: Any) -> str:
    expression = told.schedule_expression
    return expression if isinstance(expression, str) else str(expression.to_string())
