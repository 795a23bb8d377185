"""Pages in a real browser: one service over a world made once, and one Chromium, for each worker.

    def test_…(console: Console) -> None:
        console.enter("claims")
        console.open("/claims/clm_…")

Every page is watched from its first request to its last: nothing is asked of anybody but this service and its bucket, nothing is complained of in
the browser's console, nothing moves under the reader's eyes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from chalicelib.console import vendor
from infra.local import browser as chromium
from infra.local.client import Refused
from infra.local.gateway import Gateway, LocalServer, Told
from infra.local.sample import Sample
from tests.browser.console import Console
from tests.browser.watching import Watched
from tests.machine import Snapshot, machine
from tests.world import Api, StandingClock, Streams, empty_engine, token

ROOT: Final = Path(__file__).parents[2]
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """The worker's browser. Skips where there is none to be had."""
    executable = chromium.found()
    if executable is None:
        pytest.skip("there is no Chromium here: make test installs it where it may")
    if not AXE.is_file() or not (vendor.FOLDER / "lit.js").is_file():
        pytest.skip("what package-lock.json names is not installed: make test installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.FLAGS))
        yield browser
        browser.close()


class OneAtATime(Gateway):
    """The gateway that answers one request at a time: what it has written is followed before the next one is answered."""

    def __init__(self, app: Any, base_url: str, streams: Streams) -> None:
        super().__init__(app, base_url)
        self._turn, self._streams = threading.Lock(), streams

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Told:
        with self._turn:
            told = super().answer(method, target, headers, body)
            if method == "POST":
                self._streams()
            return told


class World(NamedTuple):
    """What the sample made, and the engine as it then was."""

    sample: Sample
    snapshot: Snapshot


class Service(NamedTuple):
    """The application over HTTP: `url` is where, `sample` what there is."""

    url: str
    sample: Sample
    streams: Streams


class InProcess:
    """Speaks to the application as `infra.local.client.Client` does, without a socket: the sample's way in."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def token(self, role: str, sub: str, *duties: str) -> str:
        return token(role, sub, *duties)

    def get(self, path: str, by: str | None = None) -> Any:
        return self._told(self.api.get(path, by))

    def post(self, path: str, body: Any = None, by: str | None = None, *, key: str = "", person: str = "") -> Any:
        headers = {"Surety-Acting-Person": person} if person else {}
        return self._told(self.api.post(path, {} if body is None else body, by, key=key or None, **headers))

    def _told(self, reply: Any) -> Any:
        if reply.status >= 400:
            raise Refused(reply.status, reply.body)
        return reply.body


@lru_cache(maxsize=1)
def _world() -> World:
    """The sample's world, made once in a worker and put back for each test."""
    with empty_engine():
        sample = Sample(InProcess(Api()))
        sample.make()
        Streams()()
        return World(sample, machine().snapshot(lasting=True))


@pytest.fixture
def service(time: StandingClock) -> Iterator[Service]:
    """The service over the sample's world as it was made."""
    import app

    kept = _world()
    with empty_engine():
        machine().restore(kept.snapshot)
        streams = Streams()
        with LocalServer(app.app) as server:
            server._http.gateway = OneAtATime(app.app, server.url, streams)
            yield Service(server.url, kept.sample, streams)


@pytest.fixture
def page(chromium_browser: Browser) -> Iterator[Page]:
    context = chromium_browser.new_context(
        viewport={"width": 1400, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def console(service: Service, page: Page) -> Iterator[Console]:
    """The console in a browser, watched."""
    watched = Watched(page, service.url)
    yield Console(page, service, AXE)
    watched.must_be_clean()
