"""The queue of work: one message for each shard of a run."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.shared import queues


class Shard(msgspec.Struct, frozen=True):
    """A piece of work: shard `shard` of the run `run_id`."""

    run_id: str
    shard: int


def send(run_id: str, shards: Iterable[int]) -> None:
    """Ask for shards to be worked on. Asking twice does no harm. Busy where the queue does not take them all."""
    queues.send("work", (Shard(run_id, shard) for shard in shards))


def read(body: str) -> Shard:
    return msgspec.json.decode(body, type=Shard)
