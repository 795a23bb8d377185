"""The queue of work: one message for each shard of a run, and for each part of a sweep that is to go on."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from chalicelib.shared import queues


class Shard(msgspec.Struct, frozen=True, tag_field="work", tag="shard"):
    """A piece of work: shard `shard` of the run `run_id`."""

    run_id: str
    shard: int


class Part(msgspec.Struct, frozen=True, tag_field="work", tag="sweep"):
    """What has fallen due in one part of a machine's index."""

    machine: str
    part: int


def send(run_id: str, shards: Iterable[int]) -> None:
    """Ask for shards to be worked on. Asking twice does no harm. Unavailable where the queue does not take them all."""
    queues.send("work", (Shard(run_id, shard) for shard in shards))


def send_parts(machine: str, parts: Iterable[int]) -> None:
    """Ask for parts of a machine's index to be swept. Asking twice does no harm."""
    queues.send("work", (Part(machine, part) for part in parts))


def read(body: str) -> Shard | Part:
    return msgspec.json.decode(body, type=Shard | Part)
