"""What only a sandbox has: tokens, which it signs for anybody, and a clock that moves. Elsewhere tokens come from the marketplace's identity provider."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from surety_client.connection import Connection

_BEFORE_IT_EXPIRES: Final = timedelta(minutes=1)


class SandboxToken:
    """Gives a token for a role and a name; a new one shortly before the last expires."""

    def __init__(self, base_url: str, role: str, sub: str, *duties: str) -> None:
        self._base_url = base_url
        self._who = {"role": role, "sub": sub, **({"duties": list(duties)} if duties else {})}
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)

    def __call__(self) -> str:
        if datetime.now(UTC) >= self._until:
            with closing(Connection(self._base_url)) as nobody:
                answer = nobody.send("POST", "/v1/sandbox/tokens", json=self._who).json()
            self._token = answer["token"]
            self._until = datetime.fromisoformat(answer["expires_at"]) - _BEFORE_IT_EXPIRES
        return self._token


def move_clock(connection: Connection, *, hours: float = 0.0, to: datetime | None = None) -> dict[str, Any]:
    """Move business time on, in as many requests as it takes: one ends after some seconds, however much fell due on the way."""
    path = "/v1/sandbox/clock"
    if to is None:
        to = datetime.fromisoformat(connection.send("GET", path).json()["now"]) + timedelta(hours=hours)
    happened: Counter[str] = Counter()
    while True:
        told = connection.send("POST", path, json={"now": to.isoformat()}).json()
        happened.update(told["counts"])
        if told["arrived"]:
            return {"now": told["now"], "happened": dict(happened)}
