"""One engine and one standing clock for each module of this folder: its tests only knock, or seed what they need themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.shared import clock
from tests.api.knocking import House
from tests.api.seeds import Seeds, sow
from tests.world import START, StandingClock, empty_engine


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    clock.use(StandingClock(START))
    with empty_engine():
        yield House()
    clock.use(clock.real)


@pytest.fixture(scope="module")
def seeds(house: House) -> Seeds:
    return sow(house)
