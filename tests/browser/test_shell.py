"""The console's frame: the way in, the keys, the languages, and what a browser lets it do."""

from __future__ import annotations

from tests.browser.console import Console


def test_somebody_signs_in_and_finds_a_list_by_keyboard_alone(console: Console) -> None:
    console.enter()
    console.press("l")
    console.heading().filter(has_text="All lists").wait_for()
    console.must_be_accessible()
    console.open("/members")
    console.page.locator("tr[data-place='0'] a").wait_for()
    console.must_be_accessible()
    console.press("j", "Enter")
    console.heading().filter(has_text="Member").wait_for()
    console.must_be_accessible()
