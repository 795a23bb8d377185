"""The world that `make run` starts with, made once for a run of the suite: for tests that show it, in a browser or in guides.

It takes longer to make than all else that a process of the suite begins with. So whoever needs it first writes down what it came to, and all
read that, who made it too.
"""

from __future__ import annotations

import pickle
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from chalicelib.shared import clock
from infra.local.sample import Sample
from tests.desk import AllStreams, Desk
from tests.machine import Snapshot, machine
from tests.once import once
from tests.world import START, Api, Streams, empty_engine


class World(NamedTuple):
    """What the sample made, and the engine as it then was."""

    sample: Sample
    snapshot: Snapshot
    streams: Streams
    """They have fed all of it: `again()` goes on from there."""


@pytest.fixture(scope="session")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> World:
    """To be put back by `machine().restore(sampled.snapshot)`. The time there is START."""
    written = once(tmp_path_factory, "sampled", _write)
    assert written is not None
    return _read(written)


class PassingClock:
    """A millisecond passes with each look, as no two things on a machine are made at once: so names sort as things were made. It ends at START."""

    def __init__(self) -> None:
        self.at = START - timedelta(minutes=2)

    def __call__(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        assert self.at < START
        return self.at


def _write(folder: Path) -> Path:
    clock.use(PassingClock())
    with empty_engine():
        sample = Sample(desk := Desk(Api()))
        sample.make()
        desk.settle()
        told = machine().held(), desk.streams.fed(), sample.ids
    clock.use(clock.real)
    written = folder / "world"
    written.write_bytes(pickle.dumps(told))
    return written


def _read(written: Path) -> World:
    held, fed, ids = pickle.loads(written.read_bytes())
    sample = Sample(Desk(Api()))
    sample.ids.update(ids)
    return World(sample, machine().holding(held), AllStreams.after(*fed))
