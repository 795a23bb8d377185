"""The life of orders and the negotiation of claims, told again with a marketplace's backend in every member's place.

Each test is the one of that name in `tests/orders` and `tests/claims`: what a member may do and what becomes of it is the same, whoever speaks.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

import jwt
import pytest

from tests.api.test_acting import entry_of
from tests.claims import test_negotiation as negotiation
from tests.orders import test_life_of_an_order as life
from tests.world import Api, Reply, StandingClock, token

QUESTIONS: Final = ("-quotes", "-simulations")
"""What a POST that changes nothing ends with."""


class ThroughABackend(Api):
    """Whoever has a member's token sends a backend's instead, and says for whom. Each side of a claim has an identity of its own."""

    def _send(self, method: str, path: str, by: str | None, body: Any, headers: dict[str, str]) -> Reply:
        said = jwt.decode(by, options={"verify_signature": False}) if by else {}
        if said.get("role") != "member":
            return super()._send(method, path, by, body, headers)
        backend, member_id = f"backend-of-{said['sub']}", said["sub"]
        reply = super()._send(
            method, path, token("officer", backend, "act"), body, headers | {"Surety-Acting-For": member_id}
        )
        if method == "POST" and reply.status < 300 and not path.endswith(QUESTIONS):
            assert entry_of(member_id, backend, headers["Idempotency-Key"]) is not None, path
        return reply


@pytest.fixture
def api(aws: None, time: StandingClock) -> Api:
    return ThroughABackend()


TOLD: Final[tuple[ModuleType, ...]] = (life, negotiation)
COUNTS: Final = frozenset({"test_a_proposal_is_one_read_of_both_parties_and_one_transaction"})
"""Tests that count calls: here each command is followed by a look at its entry."""
globals().update(
    {
        f"test_{module.__name__.rpartition('.')[2].removeprefix('test_')}__{name.removeprefix('test_')}": test
        for module in TOLD
        for name, test in vars(module).items()
        if name.startswith("test_") and name not in COUNTS and callable(test)
    }
)
