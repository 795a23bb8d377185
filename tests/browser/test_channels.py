"""Country channels in the console: a listing is looked at with its pictures and put on sale, by keyboard alone; figures stand beside their targets."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.console import Console


def test_a_listing_that_waits_is_seen_with_its_picture_and_published(console: Console) -> None:
    console.enter()
    console.press("n")
    console.heading().filter(has_text="Channels").wait_for()
    main = console.main()
    main.get_by_text("Suppliers with a valid badge").first.wait_for()
    main.locator("listing-picture img").first.wait_for()
    console.must_be_accessible()
    main.locator("article a").first.press("Enter")
    console.heading().filter(has_text="Listing").wait_for()
    picture = main.locator("listing-picture img").first
    assert picture.evaluate("picture => picture.decode().then(() => picture.src)").startswith("blob:")
    console.must_be_accessible()
    place = [each.inner_text().split("\n")[0].lower() for each in main.locator(".actions button").all()]
    console.press(str(next(number for number, said in enumerate(place, 1) if said.startswith("publish"))))
    main.locator("form.action").get_by_role("button", name="Send").press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    expect(main.locator("header .badge").first).to_have_text("Published", ignore_case=True)
