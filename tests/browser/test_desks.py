"""What officers do all day at each desk, with the keyboard alone: money, deposits, credit, groups, the books, partners."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.console import Console


def opened(console: Console, key: str, title: str) -> None:
    """A screen of the menu by its key, without a fault that axe sees."""
    console.press(key)
    console.heading().filter(has_text=title).wait_for()
    console.must_be_accessible()


def enter_row(console: Console, text: str) -> None:
    """Down the rows to the one that says so, and into it."""
    rows = console.main().locator("tbody tr th a")
    rows.first.wait_for()
    for _ in range(rows.count()):
        console.press("j")
        if text in (console.page.locator("tr:focus-within").text_content() or ""):
            console.press("Enter")
            return
    raise AssertionError(f"No row says {text!r}")


def test_suspended_money_is_allocated_to_the_order_that_awaits_just_so_much(console: Console) -> None:
    console.enter()
    opened(console, "p", "Money")
    enter_row(console, "Nordlys ApS")
    choice = console.main().get_by_role("button", name="Allocate to this order").first
    choice.wait_for()
    console.must_be_accessible()
    choice.press("Enter")
    field = console.main().locator("#field-order_id")
    expect(field).to_have_value(console.page.locator(".choices code").first.inner_text())
    field.press("Enter")
    console.main().get_by_role("status").filter(has_text="Done").wait_for()
    expect(console.main().locator(".badge").first).to_have_text("allocated")


def test_who_owes_is_seen_with_what_follows_and_how_its_base_came_about(console: Console) -> None:
    console.enter()
    opened(console, "d", "Deposits")
    expect(console.main().locator("tbody tr").first).to_contain_text("settlement delayed 15 days")
    enter_row(console, "Slow Linen")
    picture = console.main().get_by_role("img", name="101–500: 600.00 CNY").first
    picture.wait_for()
    assert "240 orders" in str(picture.get_attribute("aria-label"))
    console.must_be_accessible()


def test_a_loan_that_is_late_is_found_first_and_its_schedule_says_which_instalment(console: Console) -> None:
    console.enter()
    opened(console, "c", "Credit")
    expect(console.main()).to_contain_text("how much is late")
    vintages = console.main().locator("section.card").filter(has_text="By the month in which they were lent")
    expect(vintages.locator("tbody th").first).to_have_text(re.compile(r"\d{4}-\d\d"))
    enter_row(console, "in arrears")
    console.heading().filter(has_text="Loan").wait_for()
    expect(console.main().locator("tbody tr").first).to_contain_text("late")
    console.must_be_accessible()


def test_a_call_is_followed_step_by_step_and_its_group_shows_what_each_may_bear(console: Console) -> None:
    console.enter()
    opened(console, "g", "Groups")
    enter_row(console, "noticed")
    console.heading().filter(has_text="Guarantee call").wait_for()
    expect(console.main()).to_contain_text("302,910.00 CNY called for: 0.00 CNY paid")
    console.must_be_accessible()
    console.main().get_by_role("link", name="The group").press("Enter")
    console.main().locator("table.matrix").wait_for()
    expect(console.main().locator("table.matrix td.warning").first).to_contain_text("23.1 %")
    console.must_be_accessible()


def test_the_books_are_verified_and_balance_and_a_run_shows_its_certificate(console: Console) -> None:
    console.enter()
    opened(console, "r", "Runs and books")
    expect(console.main()).to_contain_text("every entry is as it was written")
    expect(console.main()).to_contain_text("balanced")
    under_way = {"status": "running", "shards_done": 8}
    console.page.route(
        "**/v1/runs/run_*", lambda route: route.fulfill(json={**dict(route.fetch().json()), **under_way})
    )
    enter_row(console, "Deposits monthly")
    expect(console.main()).to_contain_text("8 of 16 parts")
    under_way.clear()
    console.heading().filter(has_text="Deposits monthly 2026-03").wait_for()
    expect(console.main()).to_contain_text("16 of 16 parts")
    console.must_be_accessible()


def test_what_an_address_did_not_take_is_sent_again_once_it_is_enabled(console: Console) -> None:
    console.enter()
    opened(console, "b", "Webhooks and banks")
    enter_row(console, "Operations of the marketplace")
    console.heading().filter(has_text="Operations of the marketplace").wait_for()
    console.must_be_accessible()
    console.press("2")
    console.main().get_by_role("button", name="Send", exact=True).press("Enter")
    console.main().get_by_role("status").filter(has_text="Done").wait_for()
    again = console.main().get_by_role("button", name="that did not arrive again")
    again.press("Enter")
    console.main().get_by_role("status").filter(has_text="on their way again").wait_for()


def test_what_the_service_says_is_said_anew_in_the_language_that_is_chosen(console: Console) -> None:
    """A page that lies open: its words are the console's, the lines of its statement the service's."""
    console.enter()
    opened(console, "d", "Deposits")
    enter_row(console, "Slow Linen")
    statement = console.main().locator(".timeline")
    statement.get_by_text("Not paid in time, level 1: settlement delayed 15 days.").wait_for()
    console.speak("ko")
    statement.get_by_text("정산 15일 지연").wait_for()
