"""Brings requests to the API in this process as the sample does over HTTP, and has what they cause happen when somebody waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

from chalicelib.shared import clock
from chalicelib.shared import files as bucket
from infra.local.client import Refused
from infra.local.gateway import Answer, Gateway
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
        settle(self.streams, self._pump)

    def _told(self, reply: Any) -> Any:
        if reply.status >= 400:
            raise Refused(reply.status, reply.body)
        return reply.body


class OneAtATime(Gateway):
    """The gateway that answers one request at a time: what it has written is followed, by streams and queues, before the next one is answered."""

    def __init__(self, app: Any, base_url: str, streams: Streams, **limits: Any) -> None:
        super().__init__(app, base_url, **limits)
        self._turn, self._streams, self._pump = threading.Lock(), streams, Pump()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        with self._turn:
            self._pump()  # of files that came into the bucket
            answer = super().answer(method, target, headers, body)
            if method == "POST":
                self.settle()
            return answer

    def settle(self) -> None:
        settle(self._streams, self._pump)


def settle(streams: Streams, pump: Pump) -> None:
    """Let everything that was written have its consequences."""
    while streams(tables=streams.HANDLERS) + pump():
        pass
