"""The queue of work: one message for each shard of a run."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

import msgspec

from chalicelib.shared.aws import client
from chalicelib.shared.refusal import Busy
from chalicelib.shared.settings import settings

MOST_AT_ONCE: Final = 10


class Shard(msgspec.Struct, frozen=True):
    """A piece of work: shard `shard` of the run `run_id`."""

    run_id: str
    shard: int


def send(run_id: str, shards: Iterable[int]) -> None:
    """Ask for shards to be worked on. Asking twice does no harm. Busy where the queue does not take them all."""
    messages = [msgspec.json.encode(Shard(run_id, shard)).decode() for shard in shards]
    for start in range(0, len(messages), MOST_AT_ONCE):
        entries = [
            {"Id": str(number), "MessageBody": body}
            for number, body in enumerate(messages[start : start + MOST_AT_ONCE])
        ]
        answer: dict[str, Any] = client("sqs").send_message_batch(QueueUrl=_url("work"), Entries=entries)
        if answer.get("Failed"):
            raise Busy("The queue of work did not take every shard.")


def read(body: str) -> Shard:
    return msgspec.json.decode(body, type=Shard)


@lru_cache(maxsize=4)
def _url(queue: str) -> str:
    url: str = client("sqs").get_queue_url(QueueName=settings().name(queue))["QueueUrl"]
    return url
