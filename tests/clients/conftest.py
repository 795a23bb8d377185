"""The running product for clients: over a socket, with its bucket, in the world that `make run` begins with."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, ClassVar

import pytest

from chalicelib.shared import aws
from chalicelib.shared.settings import settings
from infra.clients import python_client
from infra.local.client import Client
from infra.local.gateway import Gateway, LocalServer, Told
from infra.local.sample import Sample
from infra.local.services import OtherServices
from tests.api.api_requests import document
from tests.machine import Snapshot, machine
from tests.world import Pump, StandingClock, Streams, empty_engine


class AllStreams(Streams):
    """The streams of the tests, and that of the day-book."""

    HANDLERS: ClassVar = {**Streams.HANDLERS, "day-book": ("member_id", ["days_changed"])}

    def __call__(self, chance: Any = None, *, tables: Iterable[str] = tuple(HANDLERS)) -> int:
        return super().__call__(chance, tables=tables)


class OneAtATime(Gateway):
    """Answers one request at a time: what it has written is followed, by streams and queues, before the next one is answered."""

    def __init__(self, app: Any, base_url: str) -> None:
        super().__init__(app, base_url)
        self._turn, self._streams, self._pump = threading.Lock(), AllStreams(), Pump()

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Told:
        with self._turn:
            self._pump()  # of files that came into the bucket
            told = super().answer(method, target, headers, body)
            while method == "POST" and self._streams() + self._pump():
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

    kept = _world()
    bucket = OtherServices()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", bucket.url)
    monkeypatch.setenv("SURETY_LOOPBACK_CALLBACKS", "true")
    _forget_settings()
    try:
        with empty_engine():
            machine().restore(kept)
            with _served(app.app) as server:
                yield server.url
    finally:
        aws.client("s3").close()
        bucket.stop()
        monkeypatch.undo()
        _forget_settings()


def _served(app: Any) -> LocalServer:
    server = LocalServer(app)
    server._http.gateway = OneAtATime(app, server.url)
    return server


@lru_cache(maxsize=1)
def _world() -> Snapshot:
    import app

    with empty_engine(), _served(app.app) as server:
        Sample(Client(server.url)).make()
        return machine().snapshot(lasting=True)


def _forget_settings() -> None:
    settings.cache_clear()
    aws.client.cache_clear()
