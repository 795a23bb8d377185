"""The world that guides are read in: what `make run` starts with, in this process, put back before each guide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

import app
from chalicelib.shared import clock
from chalicelib.shared import files as bucket
from infra.local.gateway import Gateway
from infra.local.sample import Sample
from tests.guides.shell import Sent, Shell
from tests.machine import Snapshot, machine
from tests.world import START, Api, Pump, StandingClock, Streams, empty_engine, token

URL: Final = "http://127.0.0.1:8000"


class InProcess:
    """Speaks for the sample."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def token(self, role: str, sub: str, *duties: str) -> str:
        return token(role, sub, *duties)

    def get(self, path: str, by: str | None = None) -> Any:
        return self._api.get(path, by).body

    def post(self, path: str, body: Any = None, by: str | None = None, *, key: str = "") -> Any:
        reply = self._api.post(path, body, by, key=key)
        assert reply.status < 300, reply.body
        return reply.body


class Settled:
    """The application behind the local gateway; what follows from a request has followed when it is answered."""

    def __init__(self) -> None:
        self._gateway = Gateway(app.app, URL, seconds=None)
        self._streams, self._pump = Streams(), Pump()

    def answer(
        self, method: str, target: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, bytes, dict[str, Any]]:
        told = self._gateway.answer(method, target, headers, body)
        if method == "POST":
            while self._streams() + self._pump():
                pass
        return told.status, told.body, told.headers

    def send(self, sent: Sent) -> tuple[int, Any]:
        status, body, headers = self.answer(sent.method, sent.url.removeprefix(URL), sent.headers, sent.body)
        return status, json.loads(body) if "json" in str(headers.get("Content-Type")) else body.decode()

    def upload(self, form: dict[str, Any], content: bytes) -> None:
        fields = form["fields"]
        bucket.put(fields["key"], content, fields["Content-Type"])
        while self._streams() + self._pump():
            pass


@pytest.fixture(scope="session")
def sample_world() -> Snapshot:
    clock.use(StandingClock(START))
    with empty_engine():
        Sample(InProcess(Api())).make()
        streams, pump = Streams(), Pump()
        while streams() + pump():
            pass
        kept = machine().snapshot(lasting=True)
    clock.use(clock.real)
    return kept


@pytest.fixture
def settled(sample_world: Snapshot) -> Iterator[Settled]:
    clock.use(StandingClock(START))
    with empty_engine():
        machine().restore(sample_world)
        yield Settled()
    clock.use(clock.real)


@pytest.fixture
def shell(settled: Settled) -> Shell:
    return Shell(settled.send, settled.upload, {"SURETY": URL})
