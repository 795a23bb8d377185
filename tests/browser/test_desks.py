"""What officers do all day at each desk, with the keyboard alone: money, deposits, credit, groups, the books, partners."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.console import Console
from tests.world import token


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


def test_a_correction_is_decided_where_it_stands_beside_what_is(console: Console) -> None:
    console.enter()
    opened(console, "d", "Deposits")
    main = console.main()
    section = main.locator("section.card").filter(has=console.page.get_by_role("heading", name="Corrections to decide"))
    section.locator("tbody th a").press("Enter")
    card = main.locator("section.card").filter(has=console.page.get_by_role("heading", name="Correction to decide"))
    expect(card).to_contain_text("Three orders were refunded before the cut-off")
    values = [card.locator("dt", has_text=name).locator("xpath=following-sibling::dd[1]").inner_text() for name in ("Base now", "Base as proposed")]  # fmt: skip
    assert values == ["100.00 CNY", "50.00 CNY"]
    console.must_be_accessible()
    card.get_by_role("button", name="approve correction").press("Enter")
    main.locator("form.action button.main").press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    expect(card).to_have_count(0)
    required = main.locator("section.card").filter(has=console.page.get_by_role("heading", name="Required"))
    expect(required.locator("dd").first).to_have_text("50.00 CNY")


def test_a_call_is_followed_as_it_happens_and_an_objection_is_decided_beside_its_reason(console: Console) -> None:
    world, page, main = console.service.sample.world, console.page, console.main()
    [call, *_] = world.get("/v1/guarantee-calls")["items"]
    page.clock.install()
    console.enter(at=f"/guarantee-calls/{call['id']}")
    steps = main.locator(".timeline").first.locator("li")
    expect(steps).to_have_count(3)
    assert main.get_by_role("heading", name="Objections").count() == 0
    share = call["shares"][0]
    path = f"/v1/guarantee-calls/{call['id']}/shares/{share['seat']}/objections"
    world.post(path, {"reason": "The sheet was signed by nobody of ours."}, token("member", share["member_id"]))
    page.clock.fast_forward(5_000)
    expect(steps).to_have_count(4)
    expect(main.locator("svg text", has_text="objected")).to_have_count(1)
    card = main.locator("section.card").filter(has=page.get_by_role("heading", name="Objections"))
    expect(card).to_contain_text("The sheet was signed by nobody of ours.")
    console.must_be_accessible()
    card.get_by_role("button", name="decide").press("Enter")
    form = main.locator("form.action")
    form.locator("select").first.wait_for()
    form.locator("select").first.select_option(index=1)
    form.get_by_label("Answer").fill("The sheet of version 1 bears its seal.")
    form.locator("button.main").press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    expect(card).to_contain_text("The sheet of version 1 bears its seal.")
    assert card.get_by_role("button", name="decide").count() == 0


def test_from_what_passed_through_a_bank_every_entry_is_reached(console: Console) -> None:
    console.enter()
    opened(console, "p", "Money")
    main = console.main()
    card = main.locator("section.card").filter(has_text="Settled in USD")
    came_in = card.locator("tbody tr", has_text="Bank of China").locator("td").first.inner_text()
    card.get_by_role("link", name="Bank of China").press("Enter")
    console.heading().filter(has_text="Bank clearing").wait_for()
    expect(main.locator("section.card dt", has_text="Debit").locator("xpath=following-sibling::dd[1]")).to_have_text(
        came_in
    )
    expect(main.locator(".rows thead")).to_contain_text("Balance")
    expect(main.locator(".rows tbody tr").first).to_contain_text("Order: payment received")
    console.must_be_accessible()
    console.press("j", "Enter")
    console.page.locator("main[data-place^='/orders/'] h1").wait_for()


def test_a_report_is_read_by_day_and_by_month_and_saved(console: Console) -> None:
    """The figures that subscribers keep, with how each is counted."""
    console.enter("claims")
    opened(console, "s", "Reports")
    main = console.main()
    main.get_by_role("link", name="Claims", exact=True).press("Enter")
    console.heading().filter(has_text="Claims").wait_for()
    columns = main.locator("section.card .scroll thead").last
    expect(columns).to_contain_text("Time to decide, in days")
    filed = main.locator("section.card table").last.locator("tbody tr td:nth-child(2)")
    assert sum(map(int, filed.all_inner_texts())) == 5
    main.get_by_text("How it is counted").press("Enter")
    main.get_by_text("claims brought before an officer").wait_for()
    console.must_be_accessible()
    main.get_by_label("A row is of").select_option("month")
    main.get_by_role("button", name="Find").press("Enter")
    periods = main.locator("section.card table").last.locator("tbody th")
    expect(periods.first).to_have_text(re.compile(r"^\d{4}-\d\d$"))
    assert sum(map(int, filed.all_inner_texts())) == 5
    with console.page.expect_download() as saving:
        main.get_by_role("button", name="CSV").press("Enter")
    assert saving.value.suggested_filename == "claims.csv"
    main.get_by_label("From").fill("2030-01-01")
    main.get_by_role("button", name="Find").press("Enter")
    main.locator(".note.bad").wait_for()
    assert main.get_by_label("From").input_value() == "2030-01-01"
    opened(console, "s", "Reports")
    assert main.get_by_role("link", name="Credit lines and loans").count() == 0


def test_an_import_shows_how_far_it_is_and_gives_the_rows_that_it_refused(console: Console) -> None:
    console.enter()
    opened(console, "r", "Runs and books")
    enter_row(console, "Trade history")
    main = console.main()
    expect(main.get_by_role("progressbar")).to_have_attribute("aria-label", re.compile(r"^(\d+) of \1 bytes$"))
    rows = main.get_by_role("link", name="The rows that were refused")
    assert "rejected-rows.csv" in str(rows.get_attribute("href"))
    assert "X-Amz-Signature" not in main.inner_text()
    console.must_be_accessible()


def test_a_bank_that_could_not_carry_something_out_is_one_to_look_at(console: Console) -> None:
    console.enter()
    opened(console, "b", "Webhooks and banks")
    row = console.main().locator("tbody tr", has_text="Bank of China").first
    expect(row).to_contain_text("look at it", ignore_case=True)
    assert int(row.locator("td[data-name='Not carried out']").inner_text()) >= 1
    enter_row(console, "Claims desk")
    attempt = console.main().locator("tbody tr", has_text="pinged").locator("td[data-name='Attempts']")
    expect(attempt).to_contain_text("host", ignore_case=True)


def test_a_channel_is_opened_from_its_figures_and_what_officers_do_with_it_is_there(console: Console) -> None:
    console.enter("channels")
    opened(console, "n", "Channels")
    main = console.main()
    main.get_by_role("link", name="Korea channel").press("Enter")
    console.heading().filter(has_text="Korea channel").wait_for()
    expect(main.locator("dl.facts").first).to_contain_text("Simplified Chinese")
    main.get_by_role("button", name="pause").press("Enter")
    form = main.locator("form.action")
    for field in form.locator("input[required], textarea[required]").all():
        field.fill("A holiday of three days.")
    form.locator("button.main").press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    expect(main.locator("header .badge").first).to_have_text("Paused", ignore_case=True)


def test_a_nomination_is_checked_with_its_document_and_what_is_sealed_is_read_for_a_reason(console: Console) -> None:
    console.enter()
    opened(console, "n", "Channels")
    main, page = console.main(), console.page
    main.get_by_role("link", name="새벽도자기").press("Enter")
    console.heading().filter(has_text="Nomination").filter(has_text="Saebyeok Ceramics").wait_for()
    expect(main.locator("td.number")).to_contain_text("bytes")
    assert main.locator("iframe").count() == 0
    main.get_by_role("button", name="Open business registration").press("Enter")
    assert str(main.locator("iframe").get_attribute("src")).startswith("blob:")
    console.must_be_accessible()

    world = console.service.sample.world
    [firm, *_] = world.get("/v1/firms")["items"]
    console.open(f"/firms/{firm['id']}")
    said = main.locator("dl.facts").first
    expect(said).to_contain_text(str(firm["founded_year"]))
    people = main.locator("section.card").filter(has=page.get_by_role("heading", name="People"))
    expect(people.locator("dl.facts").first).to_contain_text("Id number")
    expect(main.locator("header")).to_contain_text("created ")
    main.get_by_role("button", name="disclose").press("Enter")
    main.locator("form.action").get_by_label("Reason").fill("A court asks.")
    main.locator("form.action button.main").press("Enter")
    sealed = main.locator("section.card").filter(has=page.get_by_role("heading", name="What was sealed"))
    expect(sealed).to_contain_text("Id number", ignore_case=True)
    console.must_be_accessible()
    entries = world.get(f"/v1/entries?aggregate=firm:{firm['id']}&limit=1")["items"]
    assert (entries[0]["type"], entries[0]["actor"]) == ("firm.disclosed", "me")
    console.open("/today")
    console.open(f"/firms/{firm['id']}")
    assert sealed.count() == 0
