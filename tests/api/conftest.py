"""One small world, sown once in a process and put back for each test of this folder, which only knocks or adds what it needs itself."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.shared import clock
from tests.api.api_requests import ApiUnderTest
from tests.api.seeds import Seeds, sow
from tests.machine import Snapshot, machine
from tests.world import START, StandingClock, empty_engine


@pytest.fixture(scope="session")
def application() -> ApiUnderTest:
    """Never asks twice under one key."""
    return ApiUnderTest()


@pytest.fixture
def under_test(application: ApiUnderTest) -> Iterator[ApiUnderTest]:
    """The application over an empty engine, at a standing clock."""
    clock.use(StandingClock(START))
    with empty_engine():
        yield application
    clock.use(clock.real)


@pytest.fixture(scope="session")
def sown(application: ApiUnderTest) -> tuple[Seeds, Snapshot]:
    """The world, and how to put it back."""
    clock.use(StandingClock(START))
    with empty_engine():
        seeds = sow(application)
        kept = seeds, machine().snapshot(lasting=True)
    clock.use(clock.real)
    return kept


@pytest.fixture
def seeds(sown: tuple[Seeds, Snapshot], under_test: ApiUnderTest) -> Seeds:
    seeds, world = sown
    machine().restore(world)
    return seeds
