"""Brings requests to the API in this process as the sample does over HTTP, and has what they cause happen when somebody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Final

from chalicelib.shared import clock
from chalicelib.shared import files as bucket
from infra.local.client import Refused
from tests.world import Api, Pump, Streams, token

TURNS: Final = 20
"""So often streams and queues are fed until what is waited for is there."""


class Died(Exception):
    """The start is gone."""


class AllStreams(Streams):
    """Every stream that `app.py` reads."""

    HANDLERS: ClassVar = {**Streams.HANDLERS, "day-book": ("member_id", ["days_changed"])}


class Desk:
    """Until it has brought `most`."""

    def __init__(self, api: Api, most: int | None = None) -> None:
        self._api, self.left = api, most
        self.streams, self._pump = AllStreams(), Pump()
        self.posts = 0

    def token(self, role: str, sub: str, *duties: str) -> str:
        return token(role, sub, *duties)

    def get(self, path: str, by: str | None = None) -> Any:
        return self._told(self._api.get(path, by))

    def post(self, path: str, body: Any = None, by: str | None = None, *, key: str = "", person: str = "") -> Any:
        if self.posts == self.left:
            raise Died
        self.posts += 1
        acting = {"Surety-Acting-Person": person} if person else {}
        return self._told(self._api.post(path, body, by, key=key or None, **acting))

    def upload(self, form: dict[str, Any], content: bytes) -> None:
        """Into the bucket, which tells the queue."""
        fields = form["fields"]
        bucket.put(fields["key"], content, fields["Content-Type"])

    def now(self) -> datetime:
        return clock.now()

    def until(self, there: Callable[[], Any], otherwise: str) -> Any:
        for _ in range(TURNS):
            self.settle()
            if found := there():
                return found
        raise AssertionError(otherwise)

    def settle(self) -> None:
        """Let everything that was written have its consequences."""
        while self.streams(tables=AllStreams.HANDLERS) + self._pump():
            pass

    def _told(self, reply: Any) -> Any:
        if reply.status >= 400:
            raise Refused(reply.status, reply.body)
        return reply.body
