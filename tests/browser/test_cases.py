"""The Case screen for what is no claim: a sanction, a difference with a bank, a customer's question, each decided with the keyboard; and a list as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import expect

from infra.local.sample import LANTERNS
from tests.browser.console import Console
from tests.world import token

NOTE: Final = "Nobody answered the telephone."


def test_a_sanction_a_difference_and_a_question_are_noted_on_and_decided(console: Console) -> None:
    console.enter()
    decide(console, "sanction", "approve", "Noticed")
    decide(console, "reconciliation_item", "resolve", "Resolved", "It was booked a day later.")
    question = asked(console)
    decide(console, question, "resolve", "Resolved", "The parcel is on its way.")
    expect(console.main().locator(".said").filter(has_text="Where is it?")).to_be_visible()


def test_an_appeal_against_a_penalty_is_decided_on_its_suppliers_page(console: Console) -> None:
    console.enter("risk")
    page, main = console.page, console.main()
    officer = token("officer", "officer-d", "risk")
    console.open(console.service.sample.world.get("/v1/work?kind=supplier", officer)["items"][0]["href"][3:])
    console.must_be_accessible()
    main.get_by_role("button", name="uphold").press("Enter")
    main.locator("form.action").get_by_role("button", name="Send", exact=True).wait_for()
    page.keyboard.type("The record shows it.")
    main.locator("form.action").get_by_role("button", name="Send", exact=True).press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    expect(main.locator("section.card .badge").first).to_have_text("upheld", ignore_case=True)


def test_a_list_is_saved_as_a_file_with_the_keyboard(console: Console) -> None:
    console.enter(at="/sanctions")
    button = console.main().get_by_role("button", name="CSV")
    with console.page.expect_download() as saving:
        button.press("Enter")
    assert saving.value.suggested_filename == "sanctions.csv"
    header, first, *_ = Path(saving.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert header.startswith("id,")
    assert first.startswith("snc_")
    console.open("/recoveries?supplier_id=nobody")
    console.main().get_by_text("none is as you asked").wait_for()


def asked(console: Console) -> str:
    """A customer's question about its order."""
    world, buyer = console.service.sample.world, console.service.sample.ids[LANTERNS]
    by = token("member", buyer)
    body = {"kind": "question", "about": {"kind": "member", "id": buyer}, "subject": "A parcel", "text": "Where is it?"}
    return str(world.post("/v1/cases", body, by)["id"])


def decide(console: Console, what: str, action: str, then: str, text: str = "") -> None:
    """The first thing of a kind that waits, or one by its id: read, noted on, decided."""
    world = console.service.sample.world
    officer = token("officer", "officer-d", "risk", "payments", "claims", "legal")
    place = f"/cases/{what}" if "_0" in what else world.get(f"/v1/work?kind={what}", officer)["items"][0]["href"][3:]
    page, main = console.page, console.main()
    console.open(place)
    main.get_by_label("A note that only officers read").focus()
    page.keyboard.type(NOTE)
    console.press("Tab", "Enter")
    main.locator(".said", has_text=NOTE).wait_for()
    console.must_be_accessible()
    page.evaluate("document.activeElement.blur()")
    console.press(main.get_by_role("button", name=action).locator("kbd").inner_text())
    form = main.locator("form.action")
    form.get_by_role("button", name="Send", exact=True).wait_for()
    if text:
        console.press("ArrowDown", "Tab")
        page.keyboard.type(text)
    form.get_by_role("button", name="Send", exact=True).press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    expect(main.locator("header .badge").first).to_have_text(then, ignore_case=True)


def test_what_a_side_appeals_with_stands_above_the_draft(console: Console) -> None:
    world = console.service.sample.world
    console.enter("claims")
    main = console.main()
    [appealed, *_] = [each for each in world.get("/v1/work?kind=claim")["items"] if each["status"] == "appealed"]
    console.open(appealed["href"][3:])
    appeal = main.locator("section.card").filter(has=console.page.get_by_role("heading", name="Appeal of the supplier"))
    expect(appeal.locator(".said")).to_contain_text("The moisture was within the agreed limit")
    assert main.get_by_text("Not open to your duties").count() == 0
    console.must_be_accessible()


def test_earlier_cases_that_ones_duties_do_not_open_are_not_said_to_be_none(console: Console) -> None:
    [sanction, *_] = console.service.sample.world.get("/v1/sanctions")["items"]
    console.enter("legal", at=f"/sanctions/{sanction['id']}")
    closed = console.main().get_by_text("Not open to your duties: ")
    expect(closed).to_contain_text("claims, recoveries, cases")
    console.must_be_accessible()


def test_a_difference_with_a_bank_shows_whose_loan_it_is_of_with_its_other_cases(console: Console) -> None:
    world = console.service.sample.world
    [item, *_] = world.get("/v1/reconciliation-items")["items"]
    firm = world.get(f"/v1/loans/{item['aggregate_id']}")["member_id"]
    body = {"kind": "question", "about": {"kind": "member", "id": firm}, "subject": "A lamp", "text": "Is it paid?"}
    world.post("/v1/cases", body, token("member", firm))
    console.enter(at=f"/reconciliation-items/{item['id']}")
    side = console.main().locator(".sides section.card").first
    expect(side.get_by_role("link").first).to_have_text(world.get(f"/v1/members/{firm}")["name"])
    expect(side).to_contain_text("A lamp")
