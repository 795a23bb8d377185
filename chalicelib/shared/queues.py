"""The one producer of SQS messages."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any, Final

import msgspec

from chalicelib.shared import retries
from chalicelib.shared.aws import client
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import say

MOST_AT_ONCE: Final = 10


def send(queue: str, messages: Iterable[msgspec.Struct]) -> None:
    """Put messages into a queue, by its short name. Unavailable where it does not take them all: some may be in it then."""
    bodies = (msgspec.json.encode(message).decode() for message in messages)
    while batch := list(islice(bodies, MOST_AT_ONCE)):
        _send(queue, [{"Id": str(number), "MessageBody": body} for number, body in enumerate(batch)])


def send_back(queue: str, body: str) -> None:
    """Put a message into a queue as it came out of it."""
    _send(queue, [{"Id": "0", "MessageBody": body}])


def _send(queue: str, entries: list[dict[str, str]]) -> None:
    """What the queue did not take of a batch is sent again."""
    for _ in retries.attempts(say("The queue {queue} did not take every message.", queue=queue)):
        answer: dict[str, Any] = client("sqs").send_message_batch(QueueUrl=url(queue), Entries=entries)
        failed = {failure["Id"] for failure in answer.get("Failed", [])}
        entries = [entry for entry in entries if entry["Id"] in failed]
        if not entries:
            return


@lru_cache(maxsize=16)
def url(queue: str) -> str:
    """Where a queue is, by its short name."""
    queue_url: str = client("sqs").get_queue_url(QueueName=settings().name(queue))["QueueUrl"]
    return queue_url
