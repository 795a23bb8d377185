"""The world that guides are read in: what `make run` starts with, in this process, put back before each guide."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

import app
from chalicelib.shared import clock
from chalicelib.shared import files as bucket
from tests.desk import OneAtATime
from tests.guides.shell import Sent, Shell
from tests.machine import machine
from tests.sampled import World
from tests.world import START, StandingClock, empty_engine

URL: Final = "http://127.0.0.1:8000"


class Settled(OneAtATime):
    """The application behind the local gateway; what follows from a request has followed when it is answered."""

    def send(self, sent: Sent) -> tuple[int, Any]:
        told = self.answer(sent.method, sent.url.removeprefix(URL), sent.headers, sent.body)
        is_json = "json" in str(told.headers.get("Content-Type"))
        return told.status, json.loads(told.body) if is_json else told.body.decode()

    def upload(self, form: dict[str, Any], content: bytes) -> None:
        fields = form["fields"]
        bucket.put(fields["key"], content, fields["Content-Type"])
        self.settle()


@pytest.fixture
def settled(sampled: World) -> Iterator[Settled]:
    clock.use(StandingClock(START))
    with empty_engine():
        machine().restore(sampled.snapshot)
        yield Settled(app.app, URL, sampled.streams.again(), seconds=None)
    clock.use(clock.real)


@pytest.fixture
def shell(settled: Settled) -> Shell:
    return Shell(settled.send, settled.upload, {"SURETY": URL})
