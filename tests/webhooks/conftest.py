"""A receiver that takes what is sent to it, or does not, and remembers everything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.webhooks import transport
from chalicelib.webhooks.rules.delivery import Outcome
from tests.trade import Trade
from tests.world import Pump, Streams

URL = "https://receiver.example/surety"
TAKEN = Outcome(code=204)


@dataclass
class Sent:
    url: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    def __getitem__(self, name: str) -> Any:
        return json.loads(self.body)[name]


@dataclass
class Receiver:
    """Answers `outcome` to everybody, and keeps what was sent, also what it did not take."""

    outcome: Outcome = TAKEN
    sent: list[Sent] = field(default_factory=list)

    def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        self.sent.append(Sent(url, headers, body))
        return self.outcome

    @property
    def kinds(self) -> list[str]:
        return [sent["type"] for sent in self.sent]

    def goes_down(self) -> None:
        self.outcome = Outcome(why="timed_out")

    def comes_back(self) -> None:
        self.outcome = TAKEN


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    listening = Receiver()
    transport.use(listening)
    yield listening
    transport.use(None)


@dataclass
class Desk:
    """A party's own way to its endpoints; `run` lets everything happen that waits in streams and queues."""

    trade: Trade
    streams: Streams
    pump: Pump
    receiver: Receiver

    def register(self, by: str, *kinds: str, url: str = URL) -> Any:
        reply = self.trade.api.post("/v1/webhook-endpoints", {"url": url, "kinds": kinds or ["*"]}, by)
        assert reply.status == 201, reply.body
        return reply

    def run(self) -> list[Sent]:
        """What was sent on this turn."""
        before = len(self.receiver.sent)
        while self.streams() + self.pump():
            pass
        return self.receiver.sent[before:]

    def log(self, endpoint_id: str, by: str, query: str = "") -> list[Any]:
        reply = self.trade.api.get(f"/v1/webhook-endpoints/{endpoint_id}/deliveries{query}", by)
        assert reply.status == 200, reply.body
        items: list[Any] = reply["items"]
        return items

    def do(
        self, endpoint_id: str, action: str, by: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> Any:
        return self.trade.api.post(f"/v1/webhook-endpoints/{endpoint_id}/{action}", body, by, key=key, **headers)


@pytest.fixture
def desk(trade: Trade, streams: Streams, pump: Pump, receiver: Receiver) -> Desk:
    desk = Desk(trade, streams, pump, receiver)
    desk.run()
    return desk
