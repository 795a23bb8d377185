"""The documentation in a browser: read with and without script, searched, tried, by keyboard, narrow and wide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from chalicelib.documentation import service as documentation
from infra.local.gateway import LocalServer
from tests.browser.conftest import AXE, Service
from tests.browser.console import Console
from tests.browser.shots import WIDTHS
from tests.browser.watching import MOST_SHIFT, Watched
from tests.world import StandingClock

PAGES: Final = (
    "docs",
    "docs/guides/start",
    "docs/api/webhooks",
    "docs/states/order",
    "docs/events/from-bank",
    "docs/errors/not_found",
    "docs/changes",
)
FIRST_HITS: Final = {
    "ship": "POST /v1/orders/{order_id}/ship",
    "cover quotes": "POST /v1/cover-quotes",
    "idempotency_key_required": "idempotency_key_required",
    "key reused": "idempotency_key_reused",
    "incoterm": "incoterm",
    "buyer_id": "buyer_id",
    "money": "Money",
    "writing twice": "Writing twice",
    "loan.overdue": "loan.overdue",
    "payment.received": "payment.received",
    "order states": "States: order",
    "register a company": "POST /v1/members",
    "day-book": "GET /v1/members/{member_id}/day-book",
    "storefront badge": "GET /v1/storefronts/{member_id}/badge",
}


@pytest.fixture
def site(aws: None, time: StandingClock) -> Iterator[str]:
    """Where the documentation is served, over an engine with nothing in it."""
    import app

    documentation.file("docs")  # the first page is made for seconds, which no browser is to wait for here
    with LocalServer(app.app) as server:
        yield server.url


@pytest.fixture
def watched(site: str, page: Page) -> Iterator[Watched]:
    watched = Watched(page, site)
    yield watched
    watched.must_be_clean()


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_can_be_read_by_everybody_and_stay_where_they_are(site: str, watched: Watched, width: int) -> None:
    page = watched.page
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    for path in PAGES:
        page.goto(f"{site}/{path}", wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert watched.measured()["shift"] <= MOST_SHIFT, path
        Console(page, None, AXE).must_be_accessible()


def test_what_is_sought_is_found_first(site: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{site}/docs")
    page.keyboard.press("/")
    page.keyboard.type("ship")
    page.locator("dialog.search ol strong").first.wait_for()  # what is sought in has come
    found = {}
    for query, title in FIRST_HITS.items():
        page.get_by_role("searchbox").fill(query)
        first = page.locator("dialog.search ol strong").first
        try:
            expect(first).to_have_text(title, timeout=2_000)
        except AssertionError:
            found[query] = page.locator("dialog.search ol strong").all_inner_texts()[:3]
    assert found == {}


def test_search_goes_where_it_found_something_by_keyboard_alone(site: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{site}/docs/errors/not_found")
    page.keyboard.press("/")
    page.keyboard.type("incoterm")
    expect(page.get_by_role("status")).to_contain_text("found")
    Console(page, None, AXE).must_be_accessible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/docs/api/*#*incoterm")
    expect(page.locator(":target")).to_contain_text("incoterm")


def test_a_language_is_chosen_once_and_by_keyboard(site: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{site}/docs/api/quotes")
    first = page.locator(".tabs").first
    expect(first.get_by_role("tabpanel")).to_contain_text("curl -sS")
    first.get_by_role("tab", name="curl").press("ArrowRight")
    expect(first.get_by_role("tabpanel")).to_contain_text("import httpx")
    page.goto(f"{site}/docs/api/webhooks")
    expect(page.locator(".tabs").last.get_by_role("tabpanel")).to_contain_text("import httpx")


def test_a_request_is_tried_from_its_page(site: str, watched: Watched) -> None:
    page = watched.page
    page.goto(f"{site}/docs/api/members-and-trade-facts")
    register = page.locator("article", has=page.locator("#members_register"))
    register.get_by_role("button", name="Try it here").press("Enter")
    register.get_by_role("button", name="Send").press("Enter")
    expect(register.locator("output")).to_contain_text("201 Created")
    expect(register.locator("output")).to_contain_text('"external_ref": "acme-1"')
    listed = page.locator("article", has=page.locator("#members_member"))
    listed.get_by_role("button", name="Try it here").click()
    listed.get_by_role("button", name="Send").click()
    expect(listed.locator("output")).to_contain_text("404 Not Found")
    expect(listed.locator("output")).to_contain_text('"code": "not_found"')
    Console(page, None, AXE).must_be_accessible()


def test_what_is_tried_is_about_what_there_is_in_the_sandbox(service: Service, page: Page) -> None:
    """Whoever opens a request finds an id in its path, a member whose it is, and in its body what it is about."""
    documentation.file("docs")
    watched = Watched(page, service.url)
    tried = {
        "orders#orders_order": "200 OK",
        "orders#orders_cover_quote": "200 OK",
        "credit#credit_agreement": "200 OK",
        "credit#credit_give": "201 Created",
    }
    for place, status in tried.items():
        page.goto(f"{service.url}/docs/api/{place}")
        article = page.locator("article", has=page.locator(f'[id="{place.partition("#")[2]}"]'))
        article.get_by_role("button", name="Try it here").click()
        article.get_by_role("button", name="Send").click()
        expect(article.locator("output")).to_contain_text(status)
    watched.must_be_clean()


def test_a_token_and_an_id_are_asked_for_once_however_many_examples_need_them(service: Service, page: Page) -> None:
    documentation.file("docs")
    asked: Counter[str] = Counter()
    page.on("request", lambda request: asked.update([f"{request.url} {request.post_data or ''}"]))
    page.goto(f"{service.url}/docs/api/orders")
    for name in ("orders_order", "orders_timeline", "orders_cover_quote"):
        article = page.locator("article", has=page.locator(f'[id="{name}"]'))
        article.get_by_role("button", name="Try it here").click()
        for _ in range(2):
            article.get_by_role("button", name="Send").click()
            expect(article.locator("output pre").first).to_contain_text("200 OK")
    once = ("v1/sandbox/tokens", "external_ref=", "as=supplier&limit=1", "samples.json")
    counted = {request: count for request, count in asked.items() if any(each in request for each in once)}
    assert len(counted) >= len(once)
    assert set(counted.values()) == {1}, counted


def test_a_token_about_to_end_is_used_no_more_and_what_failed_is_asked_for_again(site: str, page: Page) -> None:
    tokens: Counter[str] = Counter()

    def about_to_end(route: Route) -> None:
        response = route.fetch()
        tokens[route.request.post_data or ""] += 1
        ends = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
        route.fulfill(response=response, json=response.json() | {"expires_at": ends})

    page.route("**/docs/samples.json", lambda route: route.abort(), times=1)
    page.route("**/v1/sandbox/tokens", about_to_end)
    page.goto(f"{site}/docs/api/members-and-trade-facts")
    article = page.locator("article", has=page.locator("#members_register"))
    article.get_by_role("button", name="Try it here").click()
    for status in ("201 Created", "409 Conflict"):  # of the second sending: it is registered already
        article.get_by_role("button", name="Send").click()
        expect(article.locator("output")).to_contain_text(status)
    assert max(tokens.values()) > 1


def test_pages_are_read_without_script(site: str, chromium_browser: Browser) -> None:
    context = chromium_browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/docs/api/quotes")
    for language in ("curl", "Python", "JavaScript"):
        expect(page.locator(f"section[data-language={language}] pre").first).to_be_visible()
    for name in ("Search", "Try it here", "Copy"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    context.close()
