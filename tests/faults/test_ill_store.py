"""Every route while the machine below is ill: silent, out of reach, throttling, broken, from any call of the request on.

Whoever asks is told 503 with `Retry-After` within two seconds, in the words of the API document, or what needs no store; never 500.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from chalicelib.sandbox import clock_offset
from chalicelib.shared import secrets
from chalicelib.shared.http import Endpoint
from tests.api.api_requests import ApiRequest, ApiUnderTest, endpoints, must_be_documented, name
from tests.api.conftest import application, seeds, sown, under_test
from tests.api.seeds import Seeds
from tests.faults import below
from tests.size import share
from tests.world import Reply

__all__ = ["application", "seeds", "sown", "under_test"]

pytestmark = pytest.mark.slow

MOST_CALLS: Final = 12
"""A lever of the sandbox makes hundreds of calls, of which the first dozen are tried."""
SERVES_WITHOUT: Final = {
    "GET /v1/health": {"status": "degraded"},
    "GET /v1/storefronts/{member_id}/badge": {"status": "UNKNOWN"},
}
"""What some routes say rather than 503."""


@pytest.mark.parametrize("endpoint", endpoints(), ids=name)
def test_a_route_whose_store_is_ill_says_so_in_time(endpoint: Endpoint, under_test: ApiUnderTest, seeds: Seeds) -> None:
    for ill_from, fault in _faults(name(endpoint)):
        by = None if endpoint.public else seeds.token_for(endpoint.by.roles)
        clock_offset.forget()
        secrets.forget()
        with below.failing(fault, after=ill_from) as seen:
            reply = under_test.send(ApiRequest(endpoint, by=by, ids=seeds.ids))
        if not seen.met:
            return
        assert seen.seconds <= 2.0, (ill_from, fault)
        _must_be_told(endpoint, reply)
    assert ill_from >= MOST_CALLS - 1 or endpoint.path.startswith("/v1/sandbox/")


def _faults(of: str) -> Iterator[tuple[int, below.Fault]]:
    for ill_from in range(MOST_CALLS):
        yield from ((ill_from, fault) for fault in share(below.ALL, f"{of} {ill_from}", 2))


def _must_be_told(endpoint: Endpoint, reply: Reply) -> None:
    must_be_documented(endpoint, reply)
    if reply.status == 503:
        assert reply.body["code"] == "busy"
        assert int(reply.headers["Retry-After"]) >= 1
        return
    assert reply.status < 500, reply.body
    for field, value in SERVES_WITHOUT.get(name(endpoint), {}).items():
        assert reply.body[field] == value
