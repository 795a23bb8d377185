"""The world that `make run` starts with, made once in a process: for tests that show it, in a browser or in guides."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from chalicelib.shared import clock
from infra.local.sample import Sample
from tests.desk import Desk
from tests.machine import Snapshot, machine
from tests.world import START, Api, StandingClock, Streams, empty_engine


class World(NamedTuple):
    """What the sample made, and the engine as it then was."""

    sample: Sample
    snapshot: Snapshot
    streams: Streams
    """They have fed all of it: `again()` goes on from there."""


@lru_cache(maxsize=1)
def world() -> World:
    """To be put back by `machine().restore(world().snapshot)`. The time there is START."""
    clock.use(StandingClock(START))
    with empty_engine():
        sample = Sample(desk := Desk(Api()))
        sample.make()
        desk.settle()
        return World(sample, machine().snapshot(lasting=True), desk.streams)
