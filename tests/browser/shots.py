"""Pictures of every screen and page, to be looked at one by one: `make shots` writes them into build/shots.

A screen or page that is added gets a row in `SHOTS`. `place` says where it is, given the sample of `infra/local/sample/`: `#/…` in the console,
else a path of the API.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, FloatRect

from chalicelib.shared import files
from infra.local.sample import LANTERNS, Sample
from tests.browser.conftest import AXE, Service, file_of_the_bucket
from tests.browser.console import Console

OUT: Final = Path(__file__).parents[2] / "build" / "shots"
README_PICTURE: Final = OUT.parents[1] / "docs" / "pictures" / "console-today.png"
MOST_PICTURE_BYTES: Final = 150_000
WIDTHS: Final = {390: 844, 1400: 900}
"""Of a phone and of a desk, with their heights."""


class Shot(NamedTuple):
    name: str
    place: Callable[[Sample], str]


def _first(sample: Sample, path: str) -> str:
    """The console's address of the first thing in a list."""
    href: str = sample.world.get(path)["items"][0]["href"]
    return f"#{href.removeprefix('/v1')}"


def channel_of(sample: Sample) -> str:
    """The sample's country channel."""
    return str(sample.world.get("/v1/channels")["items"][0]["id"])


def exporter_of(sample: Sample) -> str:
    """A supplier that sells in it."""
    return str(sample.world.get(f"/v1/channels/{channel_of(sample)}/listings")["items"][0]["supplier_id"])


SHOTS: Final = (
    Shot("console-all-lists", lambda sample: "#/all"),
    Shot("console-channels", lambda sample: "#/channels"),
    Shot("storefront", lambda sample: f"/s/{exporter_of(sample)}"),
    Shot("storefront-ko", lambda sample: f"/s/{exporter_of(sample)}?lang=ko"),
    Shot("channel", lambda sample: f"/c/{channel_of(sample)}"),
    Shot("channel-zh", lambda sample: f"/c/{channel_of(sample)}?lang=zh-Hans"),
    Shot("page-missing", lambda sample: "/s/mem_cut_off"),
    Shot("console-suppliers", lambda sample: "#/suppliers"),
    Shot("console-supplier", lambda sample: _first(sample, "/v1/work?kind=supplier")),
    Shot("console-today", lambda sample: "#/today"),
    Shot("console-search", lambda sample: "#/search"),
    Shot("console-member", lambda sample: f"#/members/{sample.ids[LANTERNS]}"),
    Shot("console-money", lambda sample: "#/money"),
    Shot("console-bank-event", lambda sample: _thing(sample, "bank-events", "?status=suspense")),
    Shot("console-deposits", lambda sample: "#/arrears"),
    Shot("console-deposit", lambda sample: _thing(sample, "deposits", "?owes=true")),
    Shot("console-credit", lambda sample: "#/credit"),
    Shot("console-loan", lambda sample: _thing(sample, "loans", "?status=in_arrears")),
    Shot("console-groups", lambda sample: "#/groups"),
    Shot("console-group", lambda sample: _thing(sample, "guarantee-groups", "")),
    Shot("console-call", lambda sample: _thing(sample, "guarantee-calls", "")),
    Shot("console-house", lambda sample: "#/house"),
    Shot("console-run", lambda sample: _thing(sample, "runs", "?job=deposits-monthly")),
    Shot("console-partners", lambda sample: "#/partners"),
    Shot("console-endpoint", lambda sample: _thing(sample, "webhook-endpoints", "")),
    Shot("console-claim", lambda sample: _first(sample, "/v1/work?kind=claim")),
    Shot("console-sanction", lambda sample: _first(sample, "/v1/work?kind=sanction")),
    Shot("console-reconciliation", lambda sample: _first(sample, "/v1/work?kind=reconciliation_item")),
    Shot(
        "console-trail", lambda sample: f"#/trail?aggregate={_first(sample, '/v1/work?kind=claim').rpartition('/')[2]}"
    ),
    Shot("docs", lambda sample: "/docs"),
    Shot("docs-guides", lambda sample: "/docs/guides"),
    Shot("docs-endpoints", lambda sample: "/docs/api/quotes"),
    Shot("docs-states", lambda sample: "/docs/states/order"),
    Shot("docs-events", lambda sample: "/docs/events"),
    Shot("docs-error", lambda sample: "/docs/errors/not_found"),
    Shot("console-alerts", lambda sample: "#/alerts"),
    Shot("console-alert", lambda sample: _thing(sample, "alerts", "?level=red")),
    Shot("console-listing", lambda sample: _thing(sample, "listings", "?status=awaiting_moderation")),
    Shot("console-rulebooks", lambda sample: "#/deposit-rulebooks"),
    Shot("console-rulebook", lambda sample: "#/deposit-rulebooks/EX-2024-01"),
    Shot("console-rulebook-draft", lambda sample: "#/rulebook-draft/EX-2024-01"),
    Shot("console-policies", lambda sample: "#/policies"),
    Shot("console-policy", lambda sample: "#/policies/deposits"),
)


def test_the_picture_of_the_readme(chromium_browser: Browser, service: Service) -> None:
    context = chromium_browser.new_context(viewport={"width": 1400, "height": 780}, color_scheme="light")
    console = Console(context.new_page(), service, AXE)
    console.enter()
    console.open("/today")
    top: FloatRect = {"x": 0, "y": 0, "width": 1400, "height": 780}
    console.page.screenshot(path=README_PICTURE, full_page=True, clip=top)
    assert README_PICTURE.stat().st_size <= MOST_PICTURE_BYTES
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_shots(chromium_browser: Browser, service: Service, width: int, scheme: Literal["light", "dark"]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    context = chromium_browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.route(f"**/{files.bucket()}/**", file_of_the_bucket)
    console = Console(page, service, AXE)
    console.enter()
    for shot in SHOTS:
        place = shot.place(service.sample)
        if place.startswith("#"):
            console.open(place.removeprefix("#"))
        else:
            page = context.new_page()
            page.goto(f"{service.url}{place}")
            page.wait_for_load_state("networkidle")
        page.screenshot(path=OUT / f"{shot.name}-{width}-{scheme}.png", full_page=True)
        page = console.page
    context.close()


def _thing(sample: Sample, folder: str, query: str) -> str:
    """The first thing of a list of the API."""
    [thing, *_] = sample.world.get(f"/v1/{folder}{query}")["items"]
    return f"#/{folder}/{thing.get('seller_id') or thing['id']}"
