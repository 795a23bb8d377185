"""Lists and forms: ten thousand rows stay quick, and a refusal stands where it belongs."""

from __future__ import annotations

import json
from typing import Final
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Route, ViewportSize

from infra.local.sample import LANTERNS
from tests.browser.console import Console
from tests.browser.looking import faults
from tests.browser.watching import MOST_TASK_MS, TRACED, go, longest_tasks

MANY: Final = 10_000
MOST_DRAWN: Final = 100
SCROLLED: Final = """
async rows => {
  for (let at = 0; at < rows.scrollHeight; at += 20_000) {
    rows.scrollTop = at;
    await new Promise(requestAnimationFrame);
  }
  rows.scrollTop = rows.scrollHeight;
  await new Promise(requestAnimationFrame);
}
"""
FULL_PAGES: Final = """
const ask = window.fetch;
window.fetch = async (address, options) => {
  const answer = await ask(address, options);
  const limit = Number(new URL(address, location).searchParams.get("limit"));
  if (!limit || !answer.ok) return answer;
  const page = await answer.json();
  return Response.json({...page, items: Array.from({length: page.items?.length && limit}, (_, place) => page.items[place % page.items.length])});
};
"""
"""What a list tells, again and again until its page is full."""
CUT: Final = "heads => heads.filter((head) => head.scrollWidth > head.clientWidth).map((head) => head.textContent)"
"""The names of columns for which there is no room."""
MEMBERS: Final = "main a[href^='#/members/mem_'], main a[href^='#/suppliers/mem_']"
UNNAMED: Final = "links => links.filter((link) => /^mem_/.test(link.textContent.trim()) && !link.closest('tr')?.querySelector('a:not(:has(code))')).map((link) => link.hash)"
"""Of members that a page names, those that it does not call by their name: not in their own row either."""
LINES: Final = "rows => rows.map((row) => [row.scrollHeight, row.offsetHeight])"
"""How high what a row holds is, and how high the row."""
STATUSES: Final = ("active", "suspended", "applied")


def test_ten_thousand_rows_stay_quick(console: Console, chromium_browser: Browser) -> None:
    console.page.route("**/v1/suppliers?*", _page_of_many)
    console.enter(at="/suppliers")
    page = console.page
    chromium_browser.start_tracing(page=page, categories=TRACED)
    go(page, "all of them")
    page.get_by_role("button", name="All of them").press("Enter")
    page.get_by_text("10,000 in all").or_(page.get_by_text("10000 in all")).wait_for()
    page.get_by_role("status").filter(has_text="in all").wait_for()
    go(page, "down the rows")
    page.locator(".rows").evaluate(SCROLLED)
    tasks = longest_tasks(chromium_browser.stop_tracing())
    assert tasks.keys() == {"all of them", "down the rows"}
    assert max(tasks.values()) <= MOST_TASK_MS, tasks
    page.get_by_role("link", name=_id_of(MANY - 1)).wait_for()
    assert page.locator(".rows tbody tr").count() < MOST_DRAWN
    console.must_be_accessible()


def test_every_list_with_a_full_page_keeps_nobody_waiting_and_stays_where_it_is(
    console: Console, chromium_browser: Browser
) -> None:
    console.page.add_init_script(FULL_PAGES)
    console.enter(at="/all")
    console.settle()
    places = console.page.locator(".lists a").evaluate_all("links => links.map((link) => link.hash.slice(1))")
    rows: dict[str, int] = {}
    cut: dict[str, list[str]] = {}
    chromium_browser.start_tracing(page=console.page, categories=TRACED)
    for place in places:
        go(console.page, place)
        console.open(place)
        console.main().get_by_text("Looking…").wait_for(state="detached")
        rows[place] = console.page.locator(".rows tbody tr[data-place]").count()
        assert console.main().locator(".note.bad").count() == 0, place
        cut[place] = console.page.locator(".rows thead th").evaluate_all(CUT)
    tasks = longest_tasks(chromium_browser.stop_tracing())
    assert tasks.keys() == set(places)
    assert max(tasks.values()) <= MOST_TASK_MS, tasks
    assert sum(map(bool, rows.values())) > len(places) / 2, rows
    assert {place: heads for place, heads in cut.items() if heads} == {}


def test_a_member_is_called_by_its_name_wherever_it_is_named_and_one_request_asks_for_those_of_a_page(
    console: Console,
) -> None:
    """In every list, and on the page of the first thing of each."""
    asked: list[str] = []
    console.page.on("request", lambda request: asked.append(request.url) if "/v1/members?ids=" in request.url else None)
    console.enter(at="/all")
    console.settle()
    places = console.page.locator(".lists a").evaluate_all("links => links.map((link) => link.hash.slice(1))")
    by_id: dict[str, list[str]] = {}
    named = set[str]()

    def look(place: str) -> None:
        asked.clear()
        console.open(place)
        console.main().get_by_text("Looking…").wait_for(state="detached")
        by_id[place] = console.page.locator(MEMBERS).evaluate_all(UNNAMED)
        ids = [each for url in asked for each in parse_qs(urlsplit(url).query)["ids"][0].split(",")]
        assert len(ids) == len(set(ids)), place
        assert not named & {*ids}, place
        named.update(ids)

    for place in places:
        look(place)
        first = console.page.locator(".rows tbody tr[data-place='0'] a").first
        if first.count():
            look(str(first.get_attribute("href")).removeprefix("#"))
    assert {place: found for place, found in by_id.items() if found} == {}
    assert len(named) > 3
    console.open("/orders")
    console.main().get_by_text("Looking…").wait_for(state="detached")
    heads = console.page.locator(".rows thead th").all_inner_texts()
    assert {"Buyer", "Supplier"} <= {*heads}
    console.must_be_accessible()


def test_suppliers_show_the_limit_of_their_cover_on_a_desk_and_every_head_has_room(console: Console) -> None:
    console.enter(at="/suppliers")
    for language, limit in (("en", "Limit of cover"), ("zh-Hans", "保障额度"), ("ko", "보장 한도")):
        console.speak(language)
        console.settle()
        heads = console.page.locator(".rows thead th")
        assert limit in heads.all_inner_texts()
        assert heads.evaluate_all(CUT) == []
    console.must_be_accessible()


def test_a_row_on_a_phone_tells_debit_and_credit_and_no_count_in_place_of_a_moment(console: Console) -> None:
    console.page.set_viewport_size(ViewportSize(width=390, height=844))
    console.enter(at="/ledger/accounts/bank_clearing:boc?currency=USD")
    console.settle()
    row = console.main().locator(".rows tbody tr[data-place]")
    row.filter(has_text="450.00 USD").wait_for()
    for place, names in (("", {"Event", "Debit", "Credit"}), ("/orders", {"Buyer", "Created at"})):
        if place:
            console.open(place)
        row.first.wait_for()
        shown = row.first.locator("td[data-name]").evaluate_all("cells => cells.map((cell) => cell.dataset.name)")
        assert names == {*shown}
        heights = row.evaluate_all(LINES)
        assert heights
        assert all(inner <= outer for inner, outer in heights)
        assert faults(console.page) == []
    console.must_be_accessible()


def test_an_officer_whose_duties_do_not_open_members_reads_ids_and_is_refused_nothing(console: Console) -> None:
    asked: list[str] = []
    console.page.on("request", lambda request: asked.append(request.url))
    console.enter("legal", at="/sanctions")
    console.settle()
    console.page.locator(MEMBERS).first.wait_for()
    assert console.page.locator(MEMBERS).evaluate_all(UNNAMED)
    assert not [url for url in asked if "/v1/members?" in url]


def test_a_refusal_stands_at_its_field_and_what_was_not_answered_is_sent_under_the_same_key(console: Console) -> None:
    keys: list[str] = []

    def penalise(route: Route) -> None:
        """The second try is lost on its way."""
        keys.append(route.request.headers["idempotency-key"])
        route.abort() if len(keys) == 2 else route.continue_()

    console.page.route("**/penalties", penalise)
    console.enter(at=f"/suppliers/{console.service.sample.ids[LANTERNS]}")
    main = console.main()
    main.get_by_role("button", name="give a penalty").press("Enter")
    form = main.locator("form.action")
    reason, send = form.get_by_label("Reason", exact=True), form.locator("button.main")
    reason.fill("Not a Code")
    send.press("Enter")
    form.locator(".refused").wait_for()
    assert reason.get_attribute("aria-invalid") == "true"
    console.must_be_accessible()
    reason.fill("failed_delivery")
    send.press("Enter")
    form.get_by_text("does not answer").wait_for()
    send.press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    assert keys[0] != keys[1] == keys[2]


def _id_of(number: int) -> str:
    return f"mem_{number:026d}"


def _page_of_many(route: Route) -> None:
    query = parse_qs(urlsplit(route.request.url).query)
    first, limit = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
    items = [
        {"id": _id_of(number), "status": STATUSES[number % 3], "limit": {"amount": f"{number}.00", "currency": "USD"}}
        for number in range(first, first + limit)
    ]
    data = {"items": items, "next_cursor": str(first + limit) if first + limit < MANY else None}
    route.fulfill(body=json.dumps(data), headers={"Content-Type": "application/json"})
