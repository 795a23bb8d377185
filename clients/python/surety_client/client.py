"""The client: every call of the API as `surety.<collection>.<call>(…)`.

with Surety("https://…", token) as surety:
    order = surety.orders.get("ord_…")
"""

from __future__ import annotations

from datetime import datetime
from types import TracebackType
from typing import Any

import httpx

from surety_client.connection import Connection, Token
from surety_client.generated.calls import Collections
from surety_client.retrying import Retries
from surety_client.sandbox import SandboxToken, move_clock


class Surety(Collections):
    """`token` is a JWT, or what gives one whenever it is needed; without one only what is public is open."""

    def __init__(
        self,
        base_url: str,
        token: Token | None = None,
        *,
        retries: Retries | None = None,
        http: httpx.Client | None = None,
    ) -> None:
        super().__init__(Connection(base_url, token, retries=retries, http=http))

    @classmethod
    def in_sandbox(cls, base_url: str, role: str, sub: str, *duties: str) -> Surety:
        """As anybody, where the stage is a sandbox: `in_sandbox(url, "officer", "me", "admin")`, `in_sandbox(url, "member", "mem_…")`."""
        return cls(base_url, SandboxToken(base_url, role, sub, *duties))

    def acting_for(self, member_id: str) -> Collections:
        """The same calls, each that member's: for a marketplace's backend, whose token has the duty `act`."""
        return Collections(self._connection.with_headers({"Surety-Acting-For": member_id}))

    def move_clock(self, *, hours: float = 0.0, to: datetime | None = None) -> dict[str, Any]:
        """Move a sandbox's business time on by `hours`, or `to` a moment: what it is then, and how much happened on the way."""
        return move_clock(self._connection, hours=hours, to=to)

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Surety:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
