"""Rulebooks and policies: an officer writes the next version, is told what is wrong with it and whom it would cost, announces it and tries it out."""

from __future__ import annotations

import json

from tests.browser.console import Console

DRAFT_ID = "EX-2026-05"


def test_an_officer_writes_checks_announces_and_tries_out_a_version_by_keyboard(console: Console) -> None:
    console.enter("deposits")
    console.press("u")
    console.heading().filter(has_text="Rulebooks").wait_for()
    console.must_be_accessible()
    console.main().get_by_role("link", name="Write the next version").press("Enter")
    written = console.page.get_by_label("Terms (JSON)")
    written.wait_for()
    terms = json.loads(written.input_value())
    low = terms["groups"]["G1"]["amounts_minor"][0]
    terms["groups"]["G1"]["amounts_minor"][0] = terms["groups"]["G1"]["amounts_minor"][1] + 1
    written.fill(json.dumps(terms, indent=2))
    console.main().get_by_text("row decreasing").wait_for()
    assert console.main().get_by_role("button", name="Announce").is_disabled()
    written.fill("{")
    console.main().get_by_text("That is no JSON.").wait_for()
    terms["groups"]["G1"]["amounts_minor"][0] = low + 1
    written.fill(json.dumps(terms, indent=2))
    console.main().get_by_text("It may be announced.").wait_for()
    console.main().get_by_text("Groups › G1 › Amounts › 1").wait_for()
    console.must_be_accessible()
    console.page.get_by_label("Name of the version").fill(DRAFT_ID)
    console.page.get_by_label("Takes effect on").fill("2026-05-01")
    console.page.get_by_label("Takes effect on").press("Enter")
    console.heading().filter(has_text=DRAFT_ID).wait_for()
    console.press("1")
    console.page.get_by_role("button", name="Send", exact=True).press("Enter")
    console.main().get_by_text("sellers:").wait_for()
    console.must_be_accessible()


def test_an_officer_reads_what_differs_between_two_versions_of_a_policy(console: Console) -> None:
    console.enter("risk")
    console.press("y")
    console.heading().filter(has_text="Policies").wait_for()
    console.main().locator("tbody th a").first.wait_for()
    names = console.main().locator("tbody th").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    console.must_be_accessible()
    console.main().get_by_role("link", name="Deposits").press("Enter")
    console.heading().filter(has_text="Policy Deposits").wait_for()
    console.page.get_by_label("From").select_option("EX-2021-09")
    console.page.get_by_role("button", name="Compare").press("Enter")
    console.main().get_by_text("From EX-2021-09 to EX-2024-01").wait_for()
    assert console.main().locator("section").first.locator("tbody tr").count()
    console.must_be_accessible()
