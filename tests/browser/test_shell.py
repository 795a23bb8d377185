"""The console's frame: the way in, the keys, the languages, and what a browser lets it do."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from playwright.sync_api import Browser, ViewportSize

from chalicelib.shared import files
from infra.local.sample import LANTERNS, Sample
from tests.browser.conftest import AXE, Service, file_of_the_bucket, serving
from tests.browser.console import Console
from tests.browser.looking import faults
from tests.browser.shots import exporter_of
from tests.browser.test_today import PHOTO
from tests.browser.watching import DRAWN, MEASURING, MOST_SHIFT, MOST_TASK_MS, TRACED, go, longest_tasks
from tests.claims.refunds import Refunds, usd
from tests.desk import Desk
from tests.dispute import Dispute, file_of

RULEBOOK: Final = "/deposit-rulebooks/EX-2024-01"
TOKEN_LASTS_MS: Final = 25 * 60 * 60 * 1000
ENGLISH_NAMES: Final = """
() => {
  const named = "label, legend, small, button, option, thead th, dt, h2, figcaption, summary, .lists dd, .deadline, p.faint";
  const plain = (node) => [...node.childNodes].map((each) => each.nodeType === Node.TEXT_NODE ? each.data : !each.matches || each.matches("code, kbd") ? "" : each.innerText).join("");
  return [...document.querySelectorAll("surety-console :is(" + named + ")")].map(plain).filter((text) => /[A-Za-z]{3,} [a-z]{2,}/.test(text));
}
"""
"""What the console says of itself in English: names, hints and choices. What people wrote stands in other places."""
TOO_SMALL: Final = """
() => [...document.querySelectorAll("button, select, input, summary, a")]
  .filter((each) => !each.matches(".skip, .anchor") && each.checkVisibility({visibilityProperty: true}))
  .filter((each) => each.localName !== "a" || each.closest("nav") || (!document.querySelector("surety-console") && ![...each.parentElement.childNodes].some((beside) => beside.nodeType === Node.TEXT_NODE && beside.data.trim())))
  .map((each) => each.type === "checkbox" ? each.closest("label") : each.closest(".cards > li") ?? each)
  .filter((each) => { const {width, height} = each.getBoundingClientRect(); return width < 44 || height < 44; })
  .map((each) => each.outerHTML.slice(0, 100))
"""
"""What a finger misses: less than 44 pixels wide or high. Not so a link in a sentence (WCAG 2.5.8), or in what the console tells of a thing."""
PHONE: Final = ViewportSize(width=390, height=844)


def test_somebody_signs_in_and_finds_a_list_by_keyboard_alone(console: Console) -> None:
    console.enter()
    console.press("l")
    console.heading().filter(has_text="All lists").wait_for()
    console.must_be_accessible()
    console.open("/members")
    console.page.locator("tr[data-place='0'] a").first.wait_for()
    console.must_be_accessible()
    console.press("j", "Enter")
    console.page.locator("main[data-place^='/members/'] h1").wait_for()
    console.must_be_accessible()


def test_five_clicks_at_most_lead_from_the_address_that_make_run_prints_to_a_covered_order(console: Console) -> None:
    page = console.page
    page.goto(f"{console.service.url}/console")
    clicks = [
        page.get_by_role("button", name="An officer with every duty"),
        page.get_by_role("link", name="All lists"),
        page.get_by_role("link", name="Orders", exact=True),
        page.get_by_role("row").filter(has=page.get_by_text("funded", exact=True)).first.get_by_role("link").first,
    ]
    for click in clicks:
        click.click()
    cover = page.locator("dt").filter(has_text=re.compile("^Cover$")).last.locator("xpath=following-sibling::dd[1]")
    active = cover.locator("dt").filter(has_text="Active").locator("xpath=following-sibling::dd[1]")
    assert float(active.inner_text().split()[0].replace(",", "")) > 0
    assert len(clicks) <= 5


def test_something_is_seen_before_any_script_has_come(service: Service, chromium_browser: Browser) -> None:
    context = chromium_browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.url}/console")
    for seen in (".brand", "noscript a"):
        page.locator(seen).wait_for()
    context.close()


def test_who_comes_next_sees_nothing_of_what_was_shown_before_and_a_session_ends_with_its_token(
    console: Console,
) -> None:
    page, name = console.page, console.main().get_by_role("heading", name="Lantern Works")
    page.clock.install()
    console.enter(at=f"/members/{console.service.sample.ids[LANTERNS]}")
    name.wait_for()
    page.get_by_role("button", name="Sign out").press("Enter")
    page.route("**/v1/members/*", lambda route: route.abort())
    page.get_by_role("button", name="An officer with every duty").press("Enter")
    console.main().get_by_text("The service does not answer").first.wait_for()
    assert name.count() == 0
    page.clock.fast_forward(TOKEN_LASTS_MS)
    page.get_by_role("alert").filter(has_text="Your session is over").wait_for()
    assert page.get_by_role("navigation").count() == 0


def test_the_console_speaks_three_languages_and_keeps_what_was_chosen(console: Console) -> None:
    console.enter()
    page = console.page
    page.get_by_role("heading", name="Today").wait_for()
    for tag, today, claim in (("zh-Hans", "今日", "索赔"), ("ko", "오늘", "클레임")):
        page.get_by_role("banner").locator("select").select_option(tag)
        page.get_by_role("heading", name=today).wait_for()
        page.locator(".counts").get_by_text(claim).first.wait_for()
        assert page.evaluate("document.documentElement.lang") == tag
        console.must_be_accessible()
    page.locator(".settings button").first.press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.reload()
    page.get_by_role("heading", name="담당자 콘솔").wait_for()
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dataset.theme].join()") == "ko,light"
    console.press("?")
    page.get_by_role("dialog").wait_for()
    console.must_be_accessible()


def test_a_korean_console_says_nothing_of_itself_in_english(console: Console) -> None:
    """Lists, things with a form for every action, a rulebook, a policy: what they say comes from declarations and from policies."""
    sample = console.service.sample
    claim, deposit, case = (_waiting(console, kind) for kind in ("claim", "deposit", "case"))
    console.enter(at="/search")
    console.settle()
    console.speak("ko")
    said: dict[str, list[str]] = {}
    forms = 0
    places = (claim, deposit, case, f"/suppliers/{sample.ids[LANTERNS]}", RULEBOOK, "/policies/scorecard", "/all")
    for place in (*places, "/reports", "/reports/money", "/ledger/accounts/bank_clearing", "/imports"):
        console.open(place)
        said[place] = console.page.evaluate(ENGLISH_NAMES)
        for action in console.page.locator("section.actions button:enabled").all():
            action.press("Enter")
            console.page.locator("form.action h2").wait_for()
            said[place] += console.page.evaluate(ENGLISH_NAMES)
            forms += 1
    assert forms > 10
    assert not {place: found for place, found in said.items() if found}
    console.open(RULEBOOK)
    console.main().get_by_text("위조 상품").first.wait_for(state="attached")


def _waiting(console: Console, kind: str) -> str:
    """The page of the first thing of a kind that waits for officers."""
    [first, *_] = console.service.sample.world.get(f"/v1/work?kind={kind}")["items"]
    return str(first["href"]).removeprefix("/v1")


def test_every_screen_of_the_menu_fits_a_phone_stays_where_it_is_and_keeps_nobody_waiting(
    console: Console, chromium_browser: Browser
) -> None:
    page = console.page
    page.set_viewport_size(PHONE)
    console.enter()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Policies").click()
    console.heading().filter(has_text="Policies").wait_for()
    assert not page.get_by_role("navigation").is_visible()
    console.must_be_accessible()
    places = page.locator("nav a").evaluate_all("links => links.map((link) => link.hash.slice(1))")
    assert len(places) == len(set(places)) > 10
    chromium_browser.start_tracing(page=page, categories=TRACED)
    for place in (*places, "/suppliers"):
        go(page, place)
        console.measure_anew()
        console.open(place)
        assert faults(page) == [], place
        measured = page.evaluate(DRAWN)
        assert measured["shift"] <= MOST_SHIFT, (place, measured)
    lanterns = console.service.sample.world.get(f"/v1/members/{console.service.sample.ids[LANTERNS]}")
    console.main().get_by_role("link", name=lanterns["name"]).wait_for()
    console.must_be_accessible()
    tasks = longest_tasks(chromium_browser.stop_tracing())
    assert max(tasks.values()) <= MOST_TASK_MS, tasks


def test_a_newcomer_with_a_phone_comes_from_a_storefront_by_its_documentation_to_a_claim(
    service: Service, chromium_browser: Browser
) -> None:
    """Everything that is touched on the way has room for a finger. The choice of a language moves nothing, nor does a form that is loaded anew."""
    context = chromium_browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB")
    page = context.new_page()
    page.add_init_script(MEASURING)
    console = Console(page, service, AXE)
    small: dict[str, list[str]] = {}

    def look(place: str) -> None:
        page.wait_for_load_state()  # a link stands in the document before its stylesheet has come
        small[place] = page.evaluate(TOO_SMALL)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], place

    page.goto(f"{service.url}/s/{exporter_of(service.sample)}")
    look("storefront")
    page.get_by_role("link", name="The statement of protection").tap()
    page.get_by_text('"statement"').wait_for()
    page.go_back()
    page.get_by_role("link", name="The API and its documentation").tap()
    page.get_by_role("link", name="Start: five steps to a covered order").first.wait_for()
    look("documentation")
    page.locator("main").get_by_role("link", name="Start: five steps to a covered order").tap()
    page.wait_for_url("**/docs/guides/start")
    look("guide")
    page.get_by_role("button", name="Search").tap()
    page.get_by_role("searchbox").fill("ship")
    page.locator("dialog.search ol strong").first.wait_for()
    look("search")
    page.locator("dialog.search ol a").first.tap()
    page.wait_for_url("**/docs/api/**")
    look("endpoints")
    page.goto(f"{service.url}/console")
    page.get_by_role("button", name="An officer with every duty").wait_for()
    small["sign in"] = page.evaluate(TOO_SMALL)
    page.get_by_role("button", name="An officer with every duty").tap()
    page.locator("main[data-place]").wait_for()
    console.open("/orders?status=funded")
    page.locator("tr[data-place='0'] a").first.tap()
    page.locator("main[data-place^='/orders/ord_'] h1").wait_for()
    for place in ("/today", f"{_waiting(console, 'claim')}?do=3", f"{_waiting(console, 'deposit')}?do=1"):
        console.open(place)
        look(place)
        for language in ("ko", "en"):
            console.speak(language)
            console.settle()
    console.must_be_still()
    page.reload()
    page.get_by_role("button", name="An officer with every duty").tap()
    page.locator("form.action h2").wait_for()
    console.settle()
    console.must_be_still()
    page.get_by_role("button", name="Menu").tap()
    small["menu"] = page.evaluate(TOO_SMALL)
    page.locator(".settings select").select_option("ko")
    page.locator("html[lang='ko']").wait_for()
    context.close()
    assert not {place: found for place, found in small.items() if found}


def test_a_buyer_and_a_supplier_with_a_phone_settle_a_claim_and_an_officer_sees_the_refund(
    dispute: Dispute, chromium_browser: Browser
) -> None:
    """From the claim over a file of evidence, the supplier's offer and the buyer's yes to the money, each tried at its page of the documentation."""
    order_id = dispute.late()
    with serving(Sample(Desk(dispute.trade.api)), dispute.streams) as service:
        context = chromium_browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB")
        page = context.new_page()
        page.add_init_script(MEASURING)
        page.route(f"**/{files.bucket()}/**", file_of_the_bucket)
        small: dict[str, list[str]] = {}

        def try_it(endpoint: str, path: str, by: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
            """Sends the request from its page, as this member; what came back."""
            page.goto(f"{service.url}/docs/api/claims")
            article = page.locator("article", has=page.locator(f"#{endpoint}"))
            article.get_by_role("button", name="Try it here").tap()
            article.get_by_label("Whose token").fill(by)
            article.get_by_label("Path").fill(path)
            if body is not None:
                article.get_by_label("Body").fill(json.dumps(body))
            small[endpoint] = page.evaluate(TOO_SMALL)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], endpoint
            article.get_by_role("button", name="Send").tap()
            head, answer = (article.locator("output pre").nth(place) for place in (0, 1))
            answer.wait_for()
            assert head.inner_text().startswith("20"), answer.inner_text()
            told: dict[str, Any] = json.loads(answer.inner_text())
            return told

        buyer, supplier = dispute.trade.buyer_id, dispute.trade.supplier_id
        asked = {"reason": "late_shipment", "amount": usd("1000.00"), "statement": "Nine days late."}
        claim_id = try_it("claims_file", f"/v1/orders/{order_id}/claims", buyer, asked)["id"]
        at = f"/v1/claims/{claim_id}"
        announced = try_it("claims_announce", f"{at}/evidence", buyer, file_of(PHOTO, "photos"))
        bucket_form = announced["upload"]["fields"]
        files.put(bucket_form["key"], PHOTO, bucket_form["Content-Type"])
        dispute.pump()
        offer = {"kind": "partial", "amount": usd("500.00")}
        offered = try_it("claims_offer", f"{at}/offers", supplier, offer)
        assert [(each["by"], each["status"]) for each in offered["offers"]] == [("supplier", "open")]
        agreed = try_it("claims_accept_offer", f"{at}/offers/{offered['offers'][0]['id']}/accept", buyer)
        assert (agreed["status"], agreed["refund"]["from_held"]) == ("payable", usd("500.00"))
        Refunds(dispute).settle(order_id)
        paid = try_it("claims_claim", at, buyer)
        assert (paid["status"], paid["refund"]["settled"]) == ("paid", usd("500.00"))

        console = Console(page, service, AXE)
        console.enter(at=f"/claims/{claim_id}")
        console.settle()
        main = console.main()
        main.locator("header .pill, header .badge").filter(has_text="Paid").first.wait_for()
        assert main.get_by_text("500.00 USD").count() > 1
        main.get_by_text("Claim: paid").wait_for()
        small["claim"] = page.evaluate(TOO_SMALL)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        console.must_be_still()
        console.must_be_accessible()
        context.close()
    assert {place: found for place, found in small.items() if found} == {}
