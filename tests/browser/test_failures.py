"""What an officer sees, and does not lose, when the service refuses, answers nobody, or ends the session; and when somebody else is faster."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Route, expect

from chalicelib.shared import files
from infra.local.sample import LANTERNS
from tests.browser.conftest import AXE
from tests.browser.console import Console
from tests.browser.test_shell import RULEBOOK, TOKEN_LASTS_MS
from tests.browser.test_today import PHOTO
from tests.browser.watching import MOST_SHIFT
from tests.dispute import Dispute
from tests.world import token

REFUSED: Final = {403: "not_allowed", 404: "not_found", 409: "not_in_this_status", 422: "against_a_rule"}
PASSES: Final = (0, 429, 500, 503)
"""What may go well a moment later; 0 is no answer at all."""
WRITTEN: Final = "The carrier lost them, and says so."


def _answers(status: int) -> Callable[[Route], None]:
    """As the API refuses, as a gateway does without a word that can be read, or not at all."""
    told = {"type": "about:blank", "title": f"Refused {status}", "status": status, "code": REFUSED.get(status), "detail": "So it is.", "request_id": "r-1", "doc_url": "/docs", "fix": "Do this."}  # fmt: skip

    def answer(route: Route) -> None:
        if status == 0:
            route.abort()
        elif status in REFUSED:
            route.fulfill(status=status, body=json.dumps(told), content_type="application/problem+json")
        else:
            route.fulfill(status=status, body="<html>", headers={"Retry-After": "7"} if status == 429 else {})

    return answer


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        ("/suppliers", "**/v1/suppliers?*"),
        ("/policies", "**/v1/policies"),
        ("/money", "**/v1/bank-events?*"),
        (f"/members/{LANTERNS}", "**/v1/members/mem_*"),
        ("/today", "**/v1/work?*"),
        ("/trail", "**/v1/entries?*"),
        ("/reports/claims", "**/v1/reports/claims?*"),
    ],
)
def test_what_was_not_answered_is_asked_again_and_what_was_refused_says_why(
    console: Console, place: str, asked: str
) -> None:
    page, main = console.page, console.main()
    console.enter(at="/all")
    here = place.replace(LANTERNS, console.service.sample.ids[LANTERNS])
    hidden = (403, 404) if place == "/money" else ()  # a part of a screen that is not for who looks is left out
    for status in (*REFUSED, *PASSES):
        console.open("/all")
        page.route(asked, _answers(status))
        page.evaluate("place => { location.hash = place }", here)
        if status not in hidden:
            note = main.locator(".note.bad").first
            expect(note).to_contain_text(_said(status))
            assert note.get_by_role("button", name="Try again").count() == (status in PASSES), status
        page.unroute(asked)
        if status in PASSES:
            note.get_by_role("button", name="Try again").press("Enter")
            expect(main.locator(".note.bad")).to_have_count(0)
            console.settle()


def _said(status: int) -> str:
    if status in REFUSED:
        return "Do this."
    return "Wait 7 seconds" if status == 429 else "The service does not answer."


def test_a_command_whose_answer_breaks_off_is_sent_again_under_the_same_key_and_counts_once(console: Console) -> None:
    """Wherever the console sends one: a form, a note, work that is taken."""
    page, main, world = console.page, console.main(), console.service.sample.world
    sent: list[tuple[str, str | None]] = []

    def carried_out_but_not_told(route: Route) -> None:
        answer = route.fetch()
        sent.append((route.request.headers["idempotency-key"], answer.headers.get("idempotent-replayed")))
        route.abort() if len(sent) % 2 else route.fulfill(response=answer)

    supplier = console.service.sample.ids[LANTERNS]
    console.enter(at=f"/suppliers/{supplier}")
    page.route("**/v1/suppliers/*/penalties", carried_out_but_not_told)
    main.get_by_role("button", name="give a penalty").press("Enter")
    form = main.locator("form.action")
    form.get_by_label("Reason", exact=True).fill("failed_delivery")
    for _ in range(2):
        form.locator("button.main").press("Enter")
        form.get_by_text("does not answer").or_(main.get_by_text("Done:")).first.wait_for()
        console.settle()
    main.get_by_role("status").filter(has_text="Done").wait_for()
    given = world.get(f"/v1/suppliers/{supplier}", token("officer", "o", "risk"))["points"]["penalties"]
    assert len(given) == 1

    page.route("**/v1/cases", carried_out_but_not_told)
    note = main.get_by_label("A note that only officers read")
    note.fill(WRITTEN)
    write = main.get_by_role("button", name="Write it down")
    write.press("Enter")
    main.locator(".note.bad").wait_for()
    write.press("Enter")
    expect(main.locator(".said", has_text=WRITTEN)).to_have_count(1)

    console.open("/today")
    page.route("**/v1/work/*/assignment", carried_out_but_not_told)
    row = main.locator("tbody tr").filter(has=page.get_by_role("button", name="Take it")).first
    of = row.get_attribute("data-place")
    row.get_by_role("button", name="Take it").press("Enter")
    main.locator(".note.bad").wait_for()
    main.locator(f"tr[data-place='{of}']").get_by_role("button", name="Take it").press("Enter")
    expect(main.locator(f"tr[data-place='{of}'] td").last).to_have_text("me")

    assert len(sent) == 6
    for (first, once), (second, again) in zip(sent[::2], sent[1::2], strict=True):
        assert (first, once, again) == (second, None, "true")


def test_nothing_that_was_written_is_lost_when_a_session_ends_and_nobody_else_reads_it(console: Console) -> None:
    page, main = console.page, console.main()
    supplier = f"/suppliers/{console.service.sample.ids[LANTERNS]}"
    page.clock.install()

    def end() -> None:
        page.clock.fast_forward(TOKEN_LASTS_MS)
        page.get_by_role("alert").filter(has_text="Your session is over").wait_for()
        page.clock.set_system_time(datetime.now(UTC))
        assert WRITTEN not in page.content()

    def end_by(button: str) -> None:
        """What is sent finds that the session is over."""
        page.route("**/v1/**", lambda route: route.fulfill(status=401, json={"title": "Authentication required.", "detail": "The token is over."}))  # fmt: skip
        main.get_by_role("button", name=button, exact=True).press("Enter")
        page.get_by_role("alert").filter(has_text="The token is over.").wait_for()
        page.unroute("**/v1/**")
        assert WRITTEN not in page.content()

    def come(name: str = "me") -> None:
        page.get_by_role("checkbox", name="risk").press("Space")
        page.get_by_role("checkbox", name="deposits").press("Space")
        page.get_by_label("Called").fill(name)
        page.get_by_role("button", name="Begin").press("Enter")
        console.settle()

    page.goto(f"{console.service.url}/console#{supplier}")
    come()
    main.get_by_label("A note that only officers read").fill(WRITTEN)
    main.get_by_role("button", name="give a penalty").press("Enter")
    reason = main.locator("form.action").get_by_label("Reason", exact=True)
    reason.fill("failed_delivery")
    end_by("Send")
    come()
    expect(reason).to_have_value("failed_delivery")
    expect(main.get_by_label("A note that only officers read")).to_have_value(WRITTEN)
    console.must_be_accessible()
    end_by("Write it down")
    come()
    expect(main.get_by_label("A note that only officers read")).to_have_value(WRITTEN)

    console.open(RULEBOOK.replace("deposit-rulebooks", "rulebook-draft"))
    terms = page.get_by_label("Terms (JSON)")
    begun = terms.input_value().replace('"amounts_minor": [', '"amounts_minor": [\n', 1)
    terms.fill(begun)
    page.get_by_label("Name of the version").fill("EX-2027-01")
    end()
    come()
    expect(terms).to_have_value(begun)
    expect(page.get_by_label("Name of the version")).to_have_value("EX-2027-01")
    main.get_by_text("It may be announced.").wait_for()
    main.get_by_role("button", name="Begin anew").press("Enter")
    expect(page.get_by_label("Name of the version")).to_have_value("")
    assert terms.input_value() != begun

    end()
    come("another")
    console.open(supplier)
    main.get_by_role("button", name="give a penalty").wait_for()
    assert main.locator("form.action").count() == 0
    expect(main.get_by_label("A note that only officers read")).to_have_value("")

    main.get_by_label("A note that only officers read").fill(WRITTEN)
    page.get_by_role("button", name="Sign out").press("Enter")
    come("another")
    expect(main.get_by_label("A note that only officers read")).to_have_value("")


def test_of_two_officers_who_decide_the_same_case_the_second_is_told_and_keeps_what_was_written(
    disputed: Console, dispute: Dispute
) -> None:
    """So it is with two tabs of one officer, too."""
    claim_id = dispute.claim(dispute.late())
    dispute.submitted(claim_id, "buyer", "photos", PHOTO)
    dispute.in_review(claim_id)
    dispute.streams()
    disputed.enter("claims", at=f"/claims/{claim_id}")
    page, main = disputed.page, disputed.main()
    other = page.context.new_page()
    tab = Console(other, disputed.service, AXE)
    _route_files(other)
    tab.enter("claims", at=f"/claims/{claim_id}")
    for each in (main, tab.main()):
        each.get_by_role("button", name="determine").press("Enter")
        each.locator("form.action").get_by_label("Outcome").wait_for()
    form = main.locator("form.action")
    form.get_by_label("Reasoning").fill(WRITTEN)
    tab.main().locator("form.action").get_by_label("Outcome").press("Enter")
    tab.main().locator("form.action button.main").press("Enter")
    tab.main().get_by_role("status").filter(has_text="Done").wait_for()

    disputed.measure_anew()
    form.locator("button.main").press("Enter")
    expect(form.locator(".note.bad")).to_contain_text("Send it once more if it still holds.")
    expect(main.locator("header .badge").first).to_have_text("Determined", ignore_case=True)
    expect(form.get_by_label("Reasoning")).to_have_value(WRITTEN)
    measured = page.evaluate("measured")
    assert measured["shift"] <= MOST_SHIFT, measured
    disputed.must_be_accessible()
    form.locator("button.main").press("Enter")
    expect(form.locator(".note.bad")).to_contain_text("The claim is determined")
    assert len(dispute.see(claim_id, "officer-a").body["decisions"]) == 1
    other.close()

    form.get_by_role("button", name="Cancel").press("Enter")
    assert form.count() == 0
    main.get_by_role("button", name="assign").or_(main.get_by_role("link", name="Who did what")).first.wait_for()


def test_a_file_that_does_not_come_is_not_said_to_be_altered_and_one_that_was_is(
    disputed: Console, dispute: Dispute
) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.submitted(claim_id, "buyer", "photos", PHOTO)
    dispute.in_review(claim_id)
    disputed.page.route(f"**/{files.bucket()}/**", lambda route: route.fulfill(status=403, body="<Error>"))
    disputed.enter("claims", at=f"/claims/{claim_id}")
    side = disputed.main().locator("evidence-file")
    side.locator(".note.bad").wait_for()
    assert "SHA-256" not in side.inner_text()
    disputed.page.unroute(f"**/{files.bucket()}/**")
    disputed.page.route(f"**/{files.bucket()}/**", lambda route: route.fulfill(body=b"another picture"))
    disputed.open("/today")
    disputed.open(f"/claims/{claim_id}")
    expect(side).to_contain_text("its SHA-256 differs")


def test_a_screen_a_language_or_the_console_itself_that_does_not_come_is_asked_for_again(console: Console) -> None:
    page, main = console.page, console.main()
    lost: list[str] = ["**/console/routes"]
    page.route(lost[0], lambda route: route.abort())
    page.goto(f"{console.service.url}/console")
    main.get_by_text("The service does not answer.").wait_for()
    page.unroute(lost[0])
    main.get_by_role("button", name="Try again").press("Enter")
    page.get_by_role("button", name="An officer with every duty").wait_for()
    page.route("**/v1/sandbox/tokens", lambda route: route.abort())
    page.get_by_role("button", name="An officer with every duty").press("Enter")
    main.get_by_text("The service does not answer.").wait_for()
    page.unroute("**/v1/sandbox/tokens")
    page.get_by_role("button", name="An officer with every duty").press("Enter")
    console.settle()

    page.route("**/screen_policies.js", lambda route: route.abort())
    page.evaluate("location.hash = '/policies'")
    console.heading().filter(has_text="has not come").wait_for()
    console.must_be_accessible()
    page.unroute("**/screen_policies.js")
    main.get_by_role("button", name="Try again").press("Enter")
    page.get_by_role("button", name="An officer with every duty").press("Enter")
    console.heading().filter(has_text="Policies").wait_for()

    page.route("**/console/texts/ko", lambda route: route.abort())
    choice = page.locator(".settings select")
    choice.select_option("ko")
    page.get_by_role("alert").filter(has_text="does not answer").wait_for()
    expect(choice).to_have_value("en")
    page.unroute("**/console/texts/ko")
    choice.select_option("ko")
    console.heading().filter(has_text="정책").wait_for()


def _route_files(page: Page) -> None:
    def give(route: Route) -> Any:
        route.fulfill(body=PHOTO, headers={"Access-Control-Allow-Origin": "*"})

    page.route(f"**/{files.bucket()}/**", give)
