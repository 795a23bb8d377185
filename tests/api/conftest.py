"""One engine and one standing clock for each module of this folder: its tests only knock, or seed what they need themselves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.shared import clock
from tests.api.api_requests import ApiUnderTest
from tests.api.seeds import Seeds, sow
from tests.world import START, StandingClock, empty_engine


@pytest.fixture(scope="module")
def under_test() -> Iterator[ApiUnderTest]:
    clock.use(StandingClock(START))
    with empty_engine():
        yield ApiUnderTest()
    clock.use(clock.real)


@pytest.fixture(scope="module")
def seeds(under_test: ApiUnderTest) -> Seeds:
    return sow(under_test)
