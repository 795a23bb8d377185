"""Alerts: an officer finds what waits, sees its course, and deals with it by keyboard alone."""

from __future__ import annotations

from infra.local.sample import LANTERNS
from tests.browser.alerting import silent_firm
from tests.browser.console import Console
from tests.world import StandingClock


def test_an_officer_looks_at_the_course_of_an_alert_and_resolves_it_by_keyboard(
    console: Console, time: StandingClock
) -> None:
    alert_id = silent_firm(console.service.sample.ids[LANTERNS], time)
    console.enter()
    console.press("r")
    console.heading().filter(has_text="Alerts").wait_for()
    console.main().get_by_role("link", name="login silence").wait_for()
    console.must_be_accessible()
    console.press("j", "Enter")
    console.heading().filter(has_text=alert_id).wait_for()
    chart = console.page.locator("figure-chart")
    chart.locator("canvas").wait_for()
    chart.get_by_text("The figures").press("Enter")
    assert chart.locator("tbody tr").last.inner_text().split() == ["2026-02-28", "5", "2", "4", "6"]
    console.main().get_by_text("with a chance of 6.3%").wait_for()
    console.must_be_accessible()
    resolve = console.main().get_by_role("button", name="resolve")
    console.press(resolve.locator("kbd").inner_text())
    console.page.get_by_label("Outcome").select_option("explained")
    console.page.get_by_label("Note").fill("They take stock.")
    console.must_be_accessible()
    console.page.get_by_role("button", name="Send", exact=True).press("Enter")
    console.main().get_by_text("They take stock.").first.wait_for()
    assert console.main().locator("header .badge").inner_text() == "resolved"
