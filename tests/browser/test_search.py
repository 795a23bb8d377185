"""Looking somebody up, everything of a member, and who did what. By keyboard alone."""

from __future__ import annotations

from infra.local.sample import LANTERNS
from tests.browser.console import Console


def test_a_member_is_found_by_the_beginning_of_its_name_and_seen_on_one_page(console: Console) -> None:
    console.enter()
    main = console.main()
    console.press("/")
    console.page.locator("input[type=search]:focus").wait_for()
    console.page.keyboard.type("lantern")
    main.get_by_role("link", name="Lantern Works").first.wait_for()
    console.must_be_accessible()
    console.press("Enter")
    main.locator(".found a:focus").wait_for()
    console.press("Enter")
    main.get_by_role("heading", name="Lantern Works").wait_for()
    main.get_by_role("link", name="Cover").wait_for()
    main.get_by_role("heading", name="Points").wait_for()
    assert "antern" not in console.page.url
    assert console.service.sample.ids[LANTERNS] in console.page.url
    console.must_be_accessible()


def test_an_entry_is_followed_to_what_came_of_it(console: Console) -> None:
    console.enter(at="/trail")
    page, main = console.page, console.main()
    page.get_by_label("Who acted").fill("sample-officer")
    page.get_by_label("Who acted").press("Enter")
    first = main.locator(".trail button").first
    first.press("Enter")
    main.get_by_text("Postings").wait_for()
    assert main.get_by_text("sample-officer").count() > 1
    console.must_be_accessible()
