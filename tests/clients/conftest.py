"""The running product for clients: over a socket, with its bucket, in the world that `make run` begins with."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from chalicelib.shared import aws, clock
from infra.clients import python_client
from infra.local.gateway import Gateway, LocalServer, Told
from infra.local.services import OtherServices
from tests.api.api_requests import document
from tests.machine import machine
from tests.sampled import world
from tests.stage import read_settings
from tests.world import Pump, StandingClock, Streams, empty_engine


class OneAtATime(Gateway):
    """Answers one request at a time: what it has written is followed, by streams and queues, before the next one is answered."""

    def __init__(self, app: Any, base_url: str, streams: Streams) -> None:
        super().__init__(app, base_url)
        self._turn, self._streams, self._pump = threading.Lock(), streams, Pump()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Told:
        with self._turn:
            self._pump()  # of files that came into the bucket
            told = super().answer(method, target, headers, body)
            while method == "POST" and self._streams(tables=self._streams.HANDLERS) + self._pump():
                pass
            return told


@pytest.fixture(scope="session", autouse=True)
def generated() -> None:
    """The Python client is what the document says now."""
    python_client.current(document())


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, time: StandingClock) -> Iterator[str]:
    """Where the product answers. Files go to a bucket over HTTP; business time stands still until the sandbox moves it."""
    import app

    kept = world()
    clock.use(time)
    bucket = OtherServices()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", bucket.url)
    monkeypatch.setenv("SURETY_LOOPBACK_CALLBACKS", "true")
    _read_anew()
    try:
        with empty_engine():
            machine().restore(kept.snapshot)
            with LocalServer(app.app) as server:
                server._http.gateway = OneAtATime(app.app, server.url, kept.streams.again())
                yield server.url
    finally:
        aws.client("s3").close()
        bucket.stop()
        monkeypatch.undo()
        _read_anew()


def _read_anew() -> None:
    read_settings()
    aws.client.cache_clear()
