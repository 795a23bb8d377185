"""Alerts: an officer finds what waits, sees its course, and deals with it by keyboard alone."""

from __future__ import annotations

from tests.browser.console import Console


def test_an_officer_looks_at_the_course_of_an_alert_and_resolves_it_by_keyboard(console: Console) -> None:
    """The sample's loan is three days late."""
    console.enter()
    console.press("e")
    console.heading().filter(has_text="Alerts").wait_for()
    rules = console.main().locator("td:nth-child(2) a")
    rules.first.wait_for()
    console.must_be_accessible()
    console.press(*["j"] * (rules.all_inner_texts().index("repayment") + 1), "Enter")
    console.heading().filter(has_text="Alert repayment").wait_for()
    chart = console.page.locator("figure-chart")
    chart.locator("canvas").wait_for()
    chart.get_by_text("The figures").press("Enter")
    assert chart.locator("tbody tr").last.inner_text().split()[1:] == ["3", "1", "31"]
    console.must_be_accessible()
    assert console.main().get_by_role("link", name="Who opened its files").count() == 0, "its evidence is numbers"
    console.press(console.main().get_by_role("button", name="resolve").locator("kbd").inner_text())
    console.page.get_by_label("Outcome").select_option("explained")
    console.page.get_by_label("Note", exact=True).fill("They pay tomorrow.")
    console.must_be_accessible()
    console.page.get_by_role("button", name="Send", exact=True).press("Enter")
    console.main().get_by_text("They pay tomorrow.").first.wait_for()
    assert console.main().locator("header .badge").text_content() == "resolved"
