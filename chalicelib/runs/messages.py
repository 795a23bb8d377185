"""The queue of work: one message for each shard of a run, and for each part of a sweep that is to go on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

from chalicelib.shared.aws import client
from chalicelib.shared.refusal import Busy
from chalicelib.shared.settings import settings

MOST_AT_ONCE: Final = 10


class Shard(msgspec.Struct, frozen=True, tag_field="work", tag="shard"):
    """A piece of work: shard `shard` of the run `run_id`."""

    run_id: str
    shard: int


class Part(msgspec.Struct, frozen=True, tag_field="work", tag="sweep"):
    """What has fallen due in one part of a machine's index."""

    machine: str
    part: int


def send(run_id: str, shards: Iterable[int]) -> None:
    """Ask for shards to be worked on. Asking twice does no harm. Busy where the queue does not take them all."""
    _send([Shard(run_id, shard) for shard in shards])


def send_parts(machine: str, parts: Iterable[int]) -> None:
    """Ask for parts of a machine's index to be swept. Asking twice does no harm."""
    _send([Part(machine, part) for part in parts])


def read(body: str) -> Shard | Part:
    return msgspec.json.decode(body, type=Shard | Part)


def _send(asked: Sequence[Shard | Part]) -> None:
    messages = [msgspec.json.encode(one).decode() for one in asked]
    for start in range(0, len(messages), MOST_AT_ONCE):
        entries = [
            {"Id": str(number), "MessageBody": body}
            for number, body in enumerate(messages[start : start + MOST_AT_ONCE])
        ]
        answer: dict[str, Any] = client("sqs").send_message_batch(QueueUrl=_url("work"), Entries=entries)
        if answer.get("Failed"):
            raise Busy("The queue of work did not take everything.")


@lru_cache(maxsize=4)
def _url(queue: str) -> str:
    url: str = client("sqs").get_queue_url(QueueName=settings().name(queue))["QueueUrl"]
    return url
