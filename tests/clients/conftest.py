"""The running product for clients: over a socket, with its bucket, in the world that `make run` begins with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.shared import aws
from infra.clients import python_client
from infra.local.gateway import LocalServer
from infra.local.services import OtherServices
from tests.api.api_requests import document
from tests.desk import OneAtATime
from tests.machine import machine
from tests.sampled import World
from tests.stage import read_settings
from tests.world import StandingClock, empty_engine


@pytest.fixture(scope="session", autouse=True)
def generated() -> None:
    """The Python client is what the document says now."""
    python_client.current(document())


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, sampled: World, time: StandingClock) -> Iterator[str]:
    """Where the product answers. Files go to a bucket over HTTP; business time stands still until the sandbox moves it."""
    import app

    bucket = OtherServices()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", bucket.url)
    monkeypatch.setenv("SURETY_LOOPBACK_CALLBACKS", "true")
    _read_anew()
    try:
        with empty_engine():
            machine().restore(sampled.snapshot)
            with LocalServer(app.app) as server:
                server._http.gateway = OneAtATime(app.app, server.url, sampled.streams.again())
                yield server.url
    finally:
        aws.client("s3").close()
        bucket.stop()
        monkeypatch.undo()
        _read_anew()


def _read_anew() -> None:
    read_settings()
    aws.client.cache_clear()
