"""The world that guides are read in: what `make run SAMPLE=small` starts with, in this process, put back before each guide."""

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
from tests.desk import Desk
from tests.guides.shell import Sent, Shell
from tests.machine import Snapshot, machine
from tests.world import START, Api, Pump, StandingClock, Streams, empty_engine

URL: Final = "http://127.0.0.1:8000"


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
        Sample(desk := Desk(Api())).make_small()
        desk.settle()
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
