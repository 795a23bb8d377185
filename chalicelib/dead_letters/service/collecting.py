"""Taking what lies in dead-letter queues into the table of dead letters, where a sweep tries it again."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any, Final

import msgspec

from chalicelib.dead_letters import queues, registry
from chalicelib.dead_letters.queues import Message, Trimmed
from chalicelib.dead_letters.service import letters, redriving
from chalicelib.shared import observe, stream

MOST_SECONDS: Final = 40.0
FIVE_TIMES: Final = "Its five tries failed; the log of the consumer says why."


def collect(*, seconds: float = MOST_SECONDS) -> Counter[str]:
    """Empty every dead-letter queue, as far as time allows. Returns how many messages of each queue were taken.

    A message that cannot be read stays in its queue, which rings.
    """
    taken = Counter[str]()
    ends = time.monotonic() + seconds
    for queue in (queues.STREAMS, queues.SCHEDULES, *registry.declared().queues):
        unread = 0
        while time.monotonic() < ends and (messages := queues.dead(queue)):
            kept = sum(_is_kept(queue, message) for message in messages)
            taken[queue] += kept
            unread += len(messages) - kept
            if unread and not kept:
                break
    return taken


def _is_kept(queue: str, message: Message) -> bool:
    try:
        _keep(queue, message)
    except Exception:
        observe.logger.exception("a dead letter stays in its queue", extra={"queue": queue})
        return False
    queues.delete(queue, message)
    return True


def _keep(queue: str, message: Message) -> None:
    if queue == queues.STREAMS:
        _keep_position(queues.position(message.body))
    elif queue == queues.SCHEDULES:
        _keep_tick(queues.undone(message.body))
    else:
        letters.keep_message(queue, message.body, FIVE_TIMES)


def _keep_position(place: queues.Position) -> None:
    """A letter for each record that stood there and each consumer of its stream: who has taken it takes it again without effect."""
    known = registry.declared()
    source = known.tables()[place.table]
    try:
        records = list(stream.records(source, queues.records_at(place)))
    except Trimmed:
        redriving.begin_window(place)
        return
    for record in records:
        for consumer in known.of(place.table):
            letters.keep(consumer.name, "change", record.key, FIVE_TIMES, written_at=record.written_at)


def _keep_tick(undone: queues.Undone) -> None:
    """A schedule's tick, unless the schedule comes again by itself."""
    tick: dict[str, Any] = undone.request_payload
    for name in registry.declared().schedules:
        if f"-{_logical(name)}-" in f"{undone.request_context.function_arn}-":
            body = msgspec.json.encode(tick).decode()
            letters.keep(name, "schedule", f"{name}@{tick.get('time', '')}", FIVE_TIMES, body=body)


def _logical(name: str) -> str:
    """What Chalice calls a handler in the template, and CloudFormation therefore in the function's name: `books_close` is `BooksClose`."""
    return "".join(part.title() for part in name.split("_"))
