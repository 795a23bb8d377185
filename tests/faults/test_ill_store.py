"""Every route while the machine below is ill: silent, out of reach, throttling, broken, from any call of the request on.

Whoever asks is told 503 with `Retry-After` within two seconds, in the words of the API document, or what needs no store; never 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from chalicelib.sandbox import bent_clock
from chalicelib.shared import secrets
from chalicelib.shared.http import Door
from tests.api.conftest import house, seeds
from tests.api.knocking import House, Knock, doors, must_be_documented, name
from tests.api.seeds import Seeds
from tests.faults import below
from tests.world import Reply

__all__ = ["house", "seeds"]

pytestmark = pytest.mark.slow

MOST_CALLS: Final = 12
"""A lever of the sandbox makes hundreds of calls, of which the first dozen are tried."""
SERVES_WITHOUT: Final = {
    "GET /v1/health": {"status": "degraded"},
    "GET /v1/storefronts/{member_id}/badge": {"status": "UNKNOWN"},
}
"""What some routes say rather than 503."""


@pytest.mark.parametrize("door", doors(), ids=name)
def test_a_route_whose_store_is_ill_says_so_in_time(door: Door, house: House, seeds: Seeds) -> None:
    for ill_from, fault in _faults():
        by = None if door.public else seeds.token_for(door.by.roles)
        bent_clock.forget()
        secrets.forget()
        with below.failing(fault, after=ill_from) as seen:
            told = house.answer(Knock(door, by=by, ids=seeds.ids))
        if not seen.met:
            return
        assert seen.seconds <= 2.0, (ill_from, fault)
        _must_be_told(door, told)
    assert ill_from >= MOST_CALLS - 1 or door.path.startswith("/v1/sandbox/")


def _faults() -> Iterator[tuple[int, below.Fault]]:
    return ((ill_from, fault) for ill_from in range(MOST_CALLS) for fault in below.ALL)


def _must_be_told(door: Door, told: Reply) -> None:
    must_be_documented(door, told)
    if told.status == 503:
        assert told.body["code"] == "busy"
        assert int(told.headers["Retry-After"]) >= 1
        return
    assert told.status < 500, told.body
    for field, value in SERVES_WITHOUT.get(name(door), {}).items():
        assert told.body[field] == value
