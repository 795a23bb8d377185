"""Pages in a real browser: one service over a world made once, and one Chromium, for each worker.

    def test_…(console: Console) -> None:
        console.enter("claims")
        console.open("/claims/clm_…")

Every page is watched from its first request to its last: nothing is asked of anybody but this service and its bucket, nothing is complained of in
the browser's console, nothing moves under the reader's eyes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from chalicelib.console import vendor
from chalicelib.shared import files
from infra.local import browser as chromium
from infra.local.gateway import LocalServer
from infra.local.sample import Sample
from tests.browser.console import Console
from tests.browser.watching import Watched
from tests.desk import Desk, OneAtATime
from tests.dispute import Dispute
from tests.machine import machine
from tests.sampled import World
from tests.world import StandingClock, Streams, empty_engine

ROOT: Final = Path(__file__).parents[2]
PATIENCE_MS: Final = 60_000
"""A busy machine is no fault."""
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Browser]:
    """The worker's browser. Skips where there is none to be had."""
    executable = chromium.path()
    if executable is None:
        pytest.skip("there is no Chromium here: make test installs it where it may")
    if not AXE.is_file() or not (vendor.FOLDER / "lit.js").is_file():
        pytest.skip("what package-lock.json names is not installed: make test installs it")
    expect.set_options(timeout=PATIENCE_MS)  # it has five seconds of its own, whatever a page's context is given
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(chromium.FLAGS))
        yield browser
        browser.close()


class Service(NamedTuple):
    """The application over HTTP: `url` is where, `sample` what there is."""

    url: str
    sample: Sample
    streams: Streams


@contextmanager
def serving(sample: Sample, streams: Streams) -> Iterator[Service]:
    """The service over the engine as it is."""
    import app

    with LocalServer(app.app) as server:
        server._http.gateway = OneAtATime(app.app, server.url, streams)
        yield Service(server.url, sample, streams)


@pytest.fixture
def service(sampled: World, time: StandingClock) -> Iterator[Service]:
    """The service over the sample's world as it was made."""
    with empty_engine():
        machine().restore(sampled.snapshot)
        with serving(sampled.sample, sampled.streams.again()) as running:
            yield running


@pytest.fixture
def page(chromium_browser: Browser) -> Iterator[Page]:
    context = chromium_browser.new_context(
        viewport={"width": 1400, "height": 900}, locale="en-GB", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def console(service: Service, page: Page) -> Iterator[Console]:
    """The console in a browser, watched, over the sample's world."""
    yield from _watched(page, service)


@pytest.fixture
def disputed(dispute: Dispute, page: Page) -> Iterator[Console]:
    """The console over a world of its own, in which the test makes a claim by `dispute`."""
    with serving(Sample(Desk(dispute.trade.api)), dispute.streams) as running:
        yield from _watched(page, running)


def _watched(page: Page, service: Service) -> Iterator[Console]:
    """The bucket answers from the engine, as it does elsewhere over HTTP."""
    watched = Watched(page, service.url, allowed=(files.link("any").url.partition("/any?")[0],))
    page.route(f"**/{files.bucket()}/**", file_of_the_bucket)
    yield Console(page, service, AXE)
    watched.must_be_clean()


def file_of_the_bucket(route: Route) -> None:
    key = unquote(urlsplit(route.request.url).path).partition(f"/{files.bucket()}/")[2]
    route.fulfill(body=files.read(key), headers={"Access-Control-Allow-Origin": "*"})
