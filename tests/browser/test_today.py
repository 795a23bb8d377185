"""An officer's day: what waits, a case with both sides and the draft, and the decision. By keyboard alone."""

from __future__ import annotations

import base64
from typing import Final

from playwright.sync_api import expect

from tests.browser.console import Console
from tests.dispute import Dispute

PHOTO: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PAPER: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def test_what_waits_is_taken_and_decided_as_the_rules_draft_it(disputed: Console, dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.late())
    dispute.submitted(claim_id, "buyer", "photos", PHOTO)
    dispute.submitted(claim_id, "supplier", "correspondence", PAPER, name="letter.pdf", media_type="application/pdf")
    dispute.in_review(claim_id)
    dispute.streams()
    disputed.enter("claims")
    page, main = disputed.page, disputed.main()
    main.get_by_text(claim_id).wait_for()
    disputed.must_be_accessible()
    disputed.press("j", "o")
    main.get_by_text("As the rules draft it").wait_for()
    assert (
        main.get_by_role("img", name="photos.png")
        .evaluate("picture => picture.decode().then(() => picture.src)")
        .startswith("blob:")
    )
    assert str(main.locator("iframe[title='letter.pdf']").get_attribute("src")).startswith("blob:")
    disputed.must_be_accessible()

    page.get_by_label("A note that only officers read").focus()
    page.keyboard.type("The photograph is of another parcel.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    main.locator(".said", has_text="another parcel").wait_for()

    page.evaluate("document.activeElement.blur()")
    place = [each.inner_text().split("\n")[0].lower() for each in main.locator(".actions button").all()]
    disputed.press(str(next(n for n, said in enumerate(place, 1) if said.startswith("determine"))))
    form = main.locator("form.action")
    assert form.get_by_label("Supplier's part of the fault, in percent").input_value() == "100"
    disputed.must_be_accessible()
    form.get_by_label("Outcome").press("Enter")
    form.get_by_role("button", name="Send").press("Enter")
    main.get_by_role("status").filter(has_text="Done").wait_for()
    decided = dispute.see(claim_id, "officer-a").body
    assert (decided["status"], decided["decisions"][0]["approved"]["amount"]) == ("determined", "1000.00")

    dispute.streams()
    main.get_by_role("link", name="Who opened its files").press("Enter")
    main.locator(".trail li").nth(1).wait_for()
    assert set(main.locator(".trail button").all_inner_texts()) == {"File: opened"}
    assert main.locator(".trail a", has_text=claim_id).count() == 2, "the photograph and the letter"
    disputed.must_be_accessible()


def test_what_waits_stands_by_due_time_with_counts_for_each_queue_and_what_is_mine(console: Console) -> None:
    console.enter()
    page, main = console.page, console.main()
    rows = main.locator("table.work tbody tr")
    rows.first.wait_for()
    due = main.locator("table.work time").evaluate_all("times => times.map((each) => each.dateTime)")
    assert len(due) > 10
    assert due == sorted(due)
    overdue = rows.filter(has_text="overdue").count()
    counts = main.locator(".counts button").all_inner_texts()
    assert sum(int(each.split("overdue")[0].split()[-1]) for each in counts if "overdue" in each) == overdue > 0
    kind = main.locator(".counts button", has_text="sanction")
    kind.press("Enter")
    expect(rows).to_have_count(int(kind.locator("strong").inner_text()))
    expect(rows.first).to_contain_text("snc_")
    console.press("j", "a")
    expect(rows.first.locator("td").last).to_have_text("me")
    kind.press("Enter")
    page.evaluate("document.activeElement.blur()")
    console.press("m")
    expect(rows).to_have_count(1)
    console.must_be_accessible()
    console.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("take what is chosen")
