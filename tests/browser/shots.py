"""Pictures of every screen and page, to be looked at one by one: `make shots` writes them into build/shots.

Where something is cut, lies out of sight, is a code or is hard to read, it says so at its end. A screen or page that is added gets a row in `SHOTS`. `place` says where it is, given the sample of `infra/local/sample/`: `#/…` in the console,
else a path of the API.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final, Literal, NamedTuple

import pytest
from playwright.sync_api import Browser, FloatRect, Page

from chalicelib.shared import files
from infra.local.sample import LANTERNS, Sample
from tests.browser.conftest import AXE, PATIENCE_MS, Service, file_of_the_bucket
from tests.browser.console import Console
from tests.browser.looking import faint_texts, faults
from tests.browser.watching import Watched
from tests.stage import read_settings

OUT: Final = Path(__file__).parents[2] / "build" / "shots"
README_PICTURE: Final = OUT.parents[1] / "docs" / "pictures" / "console-today.png"
MOST_PICTURE_BYTES: Final = 150_000
WIDTHS: Final = {390: 844, 1400: 900}
"""Of a phone and of a desk, with their heights."""


class Shot(NamedTuple):
    """`act` brings the page into the state that is shown, where that is not the one it opens in."""

    name: str
    place: Callable[[Sample], str]
    act: Callable[[Page], None] = lambda _: None
    language: str = "en"
    widths: Collection[int] = tuple(WIDTHS)


def _work(kind: str, status: str = "", query: str = "") -> Callable[[Sample], str]:
    """Where the first thing of a kind waits for officers, or the first of a status."""

    def place(sample: Sample) -> str:
        waiting = sample.world.get(f"/v1/work?kind={kind}")["items"]
        href: str = next(each["href"] for each in waiting if status in (each["status"], ""))
        return f"#{href.removeprefix('/v1')}{query}"

    return place


def _refused(page: Page) -> None:
    """A penalty whose reason is no code."""
    page.get_by_role("button", name="give a penalty").click()
    form = page.locator("form.action")
    form.get_by_label("Reason", exact=True).fill("Not a Code")
    form.locator("button.main").click()
    form.locator(".refused").wait_for()


def _searched(page: Page) -> None:
    page.get_by_role("searchbox").fill("lantern")
    page.locator(".found li").first.wait_for()


def _asked_for_keys(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def _went_nowhere(page: Page) -> None:
    page.evaluate("location.hash = '/nowhere'")
    page.get_by_role("alert").wait_for()


def _opened_menu(page: Page) -> None:
    page.get_by_role("button", name="Menu").click()


def _sought(page: Page) -> None:
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("ship")
    page.locator("dialog.search ol strong").first.wait_for()


def _tried(page: Page) -> None:
    register = page.locator("article", has=page.locator("#members_register"))
    register.get_by_role("button", name="Try it here").click()
    register.get_by_role("button", name="Send").click()
    register.locator("output pre").first.wait_for()


def _asked_too_often(page: Page) -> None:
    page.route("**/v1/search?*", lambda route: route.fulfill(status=429))
    _sought_in_vain(page, "Too much was asked at once.")


def _out_of_reach(page: Page) -> None:
    page.route("**/v1/search?*", lambda route: route.abort())
    _sought_in_vain(page, "The service does not answer.")


def _sought_in_vain(page: Page, why: str) -> None:
    page.get_by_role("searchbox").fill("")
    page.get_by_role("searchbox").fill("lantern")
    page.locator(".note.bad").get_by_text(why).wait_for()
    page.unroute("**/v1/search?*")


def _unfolded(page: Page) -> None:
    """Everything that is folded is open."""
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")


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
    Shot("storefront-zh", lambda sample: f"/s/{exporter_of(sample)}?lang=zh-Hans", _unfolded),
    Shot("storefront-ko", lambda sample: f"/s/{exporter_of(sample)}?lang=ko"),
    Shot("channel", lambda sample: f"/c/{channel_of(sample)}"),
    Shot("channel-ko", lambda sample: f"/c/{channel_of(sample)}?lang=ko"),
    Shot("channel-zh", lambda sample: f"/c/{channel_of(sample)}?lang=zh-Hans"),
    Shot("page-missing", lambda sample: "/s/mem_cut_off"),
    Shot("console-suppliers", lambda sample: "#/suppliers"),
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
    Shot("console-import", lambda sample: _thing(sample, "imports", "?kind=trade_history")),
    Shot("console-reports", lambda sample: "#/reports"),
    Shot("console-report", lambda sample: "#/reports/claims"),
    Shot("console-account", lambda sample: "#/ledger/accounts/bank_clearing:boc?currency=USD"),
    Shot("console-firm", lambda sample: _thing(sample, "firms", "")),
    Shot("console-nomination", lambda sample: _thing(sample, "nominations", "?status=nominated")),
    Shot("console-channel-of-officers", lambda sample: f"#/channels/{channel_of(sample)}"),
    Shot("console-partners", lambda sample: "#/partners"),
    Shot("console-endpoint", lambda sample: _thing(sample, "webhook-endpoints", "")),
    Shot("console-claim", _work("claim")),
    Shot("console-claim-appeal", _work("claim", "appealed")),
    Shot("console-correction", _work("deposit")),
    Shot("console-claim-decide", _work("claim", query="?do=3"), lambda page: page.locator("form.action").wait_for()),
    Shot("console-penalty-appeal", _work("supplier")),
    Shot("console-question", _work("case")),
    Shot("console-sanction", _work("sanction")),
    Shot("console-reconciliation", _work("reconciliation_item")),
    Shot("console-trail", lambda sample: f"#/trail?aggregate={_work('claim')(sample).rpartition('/')[2]}"),
    Shot("console-refusal", lambda sample: f"#/suppliers/{sample.ids[LANTERNS]}", _refused),
    Shot("console-empty", lambda sample: "#/dead-letters"),
    Shot("console-nowhere", lambda sample: "#/policies", _went_nowhere),
    Shot("console-too-often", lambda sample: "#/search", _asked_too_often),
    Shot("console-out-of-reach", lambda sample: "#/search", _out_of_reach),
    Shot("console-claims", lambda sample: "#/claims"),
    Shot("console-orders", lambda sample: "#/orders"),
    Shot("console-order", lambda sample: _thing(sample, "orders", "?status=funded")),
    Shot("console-found", lambda sample: "#/search", _searched),
    Shot("console-keys", lambda sample: "#/policies", _asked_for_keys),
    Shot("console-menu", lambda sample: "#/policies", _opened_menu, widths=(390,)),
    Shot("console-sign-in", lambda sample: "/console"),
    *(
        Shot(f"console-{name}-{tag}", place, language=tag)
        for name, place in (
            ("today", lambda sample: "#/today"),
            ("claim", _work("claim")),
            ("deposit", lambda sample: _thing(sample, "deposits", "?owes=true")),
            ("suppliers", lambda sample: "#/suppliers"),
            ("credit", lambda sample: "#/credit"),
            ("channels", lambda sample: "#/channels"),
        )
        for tag in ("zh-Hans", "ko")
    ),
    Shot("docs", lambda sample: "/docs"),
    Shot("docs-api", lambda sample: "/docs/api"),
    Shot("docs-conventions", lambda sample: "/docs/conventions"),
    Shot("docs-errors", lambda sample: "/docs/errors"),
    Shot("docs-event", lambda sample: "/docs/events/from-bank"),
    Shot("docs-unfolded", lambda sample: "/docs/api/quotes", _unfolded),
    Shot("docs-guides", lambda sample: "/docs/guides"),
    Shot("docs-endpoints", lambda sample: "/docs/api/quotes"),
    Shot("docs-states", lambda sample: "/docs/states/order"),
    Shot("docs-events", lambda sample: "/docs/events"),
    Shot("docs-error", lambda sample: "/docs/errors/not_found"),
    Shot("docs-guide", lambda sample: "/docs/guides/start"),
    Shot("docs-changes", lambda sample: "/docs/changes"),
    Shot("docs-search", lambda sample: "/docs/api/quotes", _sought),
    Shot("docs-try", lambda sample: "/docs/api/members-and-trade-facts", _tried),
    Shot("console-alerts", lambda sample: "#/alerts"),
    Shot("console-alert", lambda sample: _thing(sample, "alerts", "?level=red")),
    Shot("console-listing", lambda sample: _thing(sample, "listings", "?status=awaiting_moderation")),
    Shot("console-rulebooks", lambda sample: "#/deposit-rulebooks"),
    Shot("console-rulebook", lambda sample: "#/deposit-rulebooks/EX-2024-01"),
    Shot("console-rulebook-draft", lambda sample: "#/rulebook-draft/EX-2024-01"),
    Shot("console-policies", lambda sample: "#/policies"),
    Shot("console-policy", lambda sample: "#/policies/deposits"),
)


@pytest.fixture(autouse=True)
def _reached_at_its_address(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages that name the service's own address, in lines to copy, do so here as everywhere else."""
    monkeypatch.setenv("SURETY_BASE_URL", service.url)
    read_settings()
    yield
    monkeypatch.undo()
    read_settings()


def test_the_picture_of_the_readme(chromium_browser: Browser, service: Service) -> None:
    context = chromium_browser.new_context(viewport={"width": 1400, "height": 580}, color_scheme="light")
    console = _console(context.new_page(), service)
    console.open("/today")
    top: FloatRect = {"x": 0, "y": 0, "width": 1400, "height": 580}
    console.page.screenshot(path=README_PICTURE, full_page=True, clip=top)
    assert README_PICTURE.stat().st_size <= MOST_PICTURE_BYTES
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_shots(chromium_browser: Browser, service: Service, width: int, scheme: Literal["light", "dark"]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    context = chromium_browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme=scheme,
        locale="en-GB",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    console = _console(page, service)
    found: dict[str, list[str]] = {}
    before: Shot | None = None
    for shot in (each for each in SHOTS if width in each.widths):
        place = shot.place(service.sample)
        if place.startswith("#"):
            console.page.keyboard.press("Escape")
            console.speak(shot.language)
            if before is None or before.act is not Shot._field_defaults["act"] or before.language != shot.language:
                console.measure_anew()
            console.open(place.removeprefix("#"))
            before = shot
        else:
            page = context.new_page()
            page.goto(f"{service.url}{place}")
            page.wait_for_load_state("networkidle")
        shot.act(page)
        page.evaluate("window.scrollTo(0, 0)")
        page.mouse.move(0, 0)
        page.screenshot(path=OUT / f"{shot.name}-{width}-{scheme}.png", full_page=True)
        found[shot.name] = [*faults(page), *faint_texts(page, AXE)]
        page = console.page
    context.close()
    assert not any(found.values()), "\n".join(f"{name}: {each}" for name, some in found.items() for each in some)


def _console(page: Page, service: Service) -> Console:
    """Signed in, and measured: a screen that moves under the reader's eyes has no picture."""
    Watched(page, service.url)
    page.route(f"**/{files.bucket()}/**", file_of_the_bucket)
    console = Console(page, service, AXE)
    console.enter()
    return console


def _thing(sample: Sample, folder: str, query: str) -> str:
    """The first thing of a list of the API."""
    [thing, *_] = sample.world.get(f"/v1/{folder}{query}")["items"]
    return f"#/{folder}/{thing.get('seller_id') or thing['id']}"
