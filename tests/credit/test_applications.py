"""Applications through the API and the banks' signed events: handed in complete, screened for reasons, reviewed by each bank in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from chalicelib.banks.rules import feed
from chalicelib.credit.declared import APPLICATIONS, REVIEWS
from chalicelib.credit.examples import SCREENED_OUT, SCREENED_PASSED, SUPPLY
from chalicelib.credit.records import applications as records
from chalicelib.credit.service import packs
from chalicelib.shared import observe
from tests.credit.applying import Credit, told
from tests.credit.borrowing import OFFICER, register
from tests.ledger.books import project_all
from tests.registry.test_expired_answers import entries
from tests.round_trips import calls
from tests.world import token

BOC, CMB, CCB = (token("bank", bank_id) for bank_id in ("boc", "cmb", "ccb"))
CLAIMS = token("officer", "officer-2", "claims")
UNTIL = {"boc": "2026-12-31", "cmb": "2026-03-02"}


def kinds(credit: Credit, application_id: str, by: str) -> list[str]:
    project_all()
    items = credit.api.get(f"/v1/credit-applications/{application_id}/timeline", by)["items"]
    return [item["kind"] for item in items]


def statuses(credit: Credit, application_id: str) -> dict[str, str]:
    reply = credit.api.get(f"/v1/credit-applications/{application_id}/decisions", credit.firm)
    return {item["bank_id"]: item["status"] for item in reply["items"]}


def test_everything_that_is_missing_is_named_at_once_and_the_rest_is_kept(credit: Credit) -> None:
    other = register(credit.api, credit.time, "pans-of-yiwu")
    incomplete = Credit(credit.api, credit.time, credit.streams, other)
    other.consent("boc", data_classes=["exports"])
    application_id = incomplete.draft("boc", "cmb")
    reply = incomplete.act(application_id, "submit")
    assert (reply.status, reply["code"]) == (422, "application_incomplete")
    assert reply["missing"] == [
        "profile.legal_representative", "profile.controller", "profile.settlement_account", "profile.business_licence",
        "consent.boc.profile", "consent.cmb.profile", "consent.cmb.exports",
    ]  # fmt: skip
    assert incomplete.see(application_id)["status"] == "draft"


def test_one_consent_has_to_cover_all_banks_for_they_decide_on_one_document(credit: Credit) -> None:
    for bank_id in ("boc", "cmb"):
        credit.borrower.consent(bank_id)
    application_id = credit.draft("boc", "cmb")
    reply = credit.act(application_id, "submit")
    assert reply["missing"] == ["consent.boc.profile", "consent.boc.exports"]
    assert "one consent for all banks" in reply["fix"]
    credit.borrower.consent("boc", "cmb")
    assert credit.act(application_id, "submit").status == 200


def test_an_application_is_handed_in_by_a_signer_with_a_pack_of_what_is_known(credit: Credit) -> None:
    credit.borrower.consent("boc")
    application_id = credit.draft("boc")
    unsigned = credit.api.post(f"/v1/credit-applications/{application_id}/submit", None, credit.firm)
    assert (unsigned.status, unsigned["code"]) == (403, "signer_not_named")
    pack = f"/v1/credit-applications/{application_id}/data-pack"
    assert credit.api.get(pack, credit.firm)["code"] == "data_pack_not_ready"
    submitted = credit.act(application_id, "submit", key="once")
    again = credit.act(application_id, "submit", key="once")
    assert (submitted.status, submitted.raw) == (200, again.raw)
    assert (submitted["status"], submitted["submitted_by"]) == ("submitted", credit.borrower.person_id)
    assert credit.api.get(pack, credit.firm)["id"] == submitted["pack_id"]


def test_nobody_else_sees_a_draft_and_a_bank_sees_what_it_was_asked_while_it_has_consent(credit: Credit) -> None:
    consent_id = credit.borrower.consent("boc", "cmb")
    application_id = credit.draft("boc", "cmb")
    assert credit.see(application_id, OFFICER).status == 404
    credit.act(application_id, "submit")
    assert credit.see(application_id, OFFICER).status == 200
    unasked = credit.see(application_id, BOC)
    credit.act(application_id, "screen", SCREENED_PASSED, OFFICER)
    credit.streams()
    shown = credit.see(application_id, BOC)
    assert ([part["bank_id"] for part in shown["parts"]], shown["screening"]) == (["boc"], None)
    seen = credit.api.get(f"/v1/credit-applications/{application_id}/decisions", BOC)["items"]
    assert [item["bank_id"] for item in seen] == ["boc"]
    assert credit.see(application_id, CCB).status == 404
    assert credit.api.get(f"/v1/credit-applications/{application_id}/data-pack", BOC).status == 200
    credit.borrower.withdraw(consent_id)
    for path in ("", "/decisions", "/data-pack", "/timeline"):
        assert credit.api.get(f"/v1/credit-applications/{application_id}{path}", BOC).status == 404
    hidden = credit.see(application_id, BOC)
    assert {name: value for name, value in hidden.body.items() if name != "request_id"} == {
        name: value for name, value in unasked.body.items() if name != "request_id"
    }
    assert credit.see(application_id, register(credit.api, credit.time, "someone-else").token).status == 404


def test_who_is_screened_out_is_told_why_and_applies_again_after_thirty_days(credit: Credit) -> None:
    application_id = credit.submit("boc")
    assert credit.act(application_id, "screen", SCREENED_PASSED, CLAIMS).status == 403
    unknown = {"passed": False, "reasons": [{"code": "no_such_code"}]}
    assert credit.act(application_id, "screen", unknown, OFFICER)["code"] == "unknown_reason"
    assert credit.act(application_id, "screen", {"passed": False}, OFFICER)["code"] == "reasons_needed"
    screened = credit.act(application_id, "screen", SCREENED_OUT, OFFICER)
    assert (screened["status"], screened["screening"]["by"]) == ("screened_out", "officer-1")
    view = credit.see(application_id)["screening"]
    assert (view["by"], view["reasons"][0]["zh"]) == (None, "平台出口额低于最低要求。")
    second = credit.draft("boc")
    refused = credit.act(second, "submit")
    assert (refused.status, refused["code"], refused["from"]) == (409, "applied_too_soon", "2026-04-01T02:15:00Z")
    credit.time.advance(days=29, hours=23)
    assert credit.act(second, "submit")["code"] == "applied_too_soon"
    third = credit.draft("boc")
    credit.time.advance(hours=1)
    assert credit.act(third, "submit")["status"] == "submitted"


def test_no_number_of_applications_hides_that_one_was_screened_out(credit: Credit) -> None:
    credit.act(credit.submit("boc"), "screen", SCREENED_OUT, OFFICER)
    names = [credit.draft("boc") for _ in range(25)]
    assert {credit.act(name, "submit")["code"] for name in (names[0], names[-1])} == {"applied_too_soon"}
    assert credit.act(names[0], "withdraw")["status"] == "withdrawn"


def test_who_is_screened_out_while_another_application_is_handed_in_is_not_let_through(
    credit: Credit, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = credit.submit("boc")
    second, make = credit.draft("boc"), packs.make

    def screened_meanwhile(*args: Any) -> Any:
        assert credit.act(first, "screen", SCREENED_OUT, OFFICER).status == 200
        return make(*args)

    monkeypatch.setattr(packs, "make", screened_meanwhile)
    refused = credit.act(second, "submit")
    assert (refused.status, refused["code"], refused["from"]) == (409, "applied_too_soon", "2026-04-01T02:15:00Z")
    assert credit.see(second)["status"] == "draft"


def test_nobody_is_turned_down_because_no_officer_looked_and_it_rings(
    credit: Credit, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(observe, "count", lambda signal, value=1: rung.append(signal))
    application_id = credit.submit("boc")
    credit.time.advance(days=2)
    APPLICATIONS.sweep(credit.time.at)
    assert rung.count("ScreeningOverdue") == 1
    shown = credit.see(application_id)
    assert (shown["status"], shown["deadlines"][0]["owner"]) == ("submitted", "officer")


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"amount": {"amount": "1.00", "currency": "CNY"}}, "amount_outside_product"),
        ({"amount": {"amount": "500000.00", "currency": "USD"}}, "amount_outside_product"),
        ({"months": 5}, "amount_outside_product"),
        ({"product_ids": ["boc-term", "boc-revolving"], "method": "bullet"}, "bank_chosen_twice"),
        ({"product_ids": ["boc-nothing"]}, "no_such_credit_product"),
    ],
)
def test_what_no_chosen_product_lends_is_refused_by_name(credit: Credit, other: dict[str, Any], code: str) -> None:
    body = {
        "product_ids": ["boc-term"],
        "amount": {"amount": "500000.00", "currency": "CNY"},
        "months": 6,
        "method": "annuity",
        "purpose": "Steel.",
    }
    reply = credit.borrower.post("/v1/credit-applications", body | other)
    assert (reply.status in (404, 422), reply["code"]) == (True, code)


# The banks' clocks


def test_the_banks_clock_stands_still_while_the_firm_looks_for_what_it_asked(credit: Credit) -> None:
    application_id = credit.apply("boc")
    credit.reviewed("review.started", application_id)
    begun = credit.review(application_id)["deadlines"][0]
    assert (begun["owner"], begun["due_at"]) == ("bank", "2026-03-09T16:00:00Z")
    credit.time.advance(days=1)
    credit.reviewed("review.info_requested", application_id, items=["Invoice 2026-118"])
    asked = credit.review(application_id)
    assert (asked["status"], asked["deadlines"][0]["owner"]) == ("info_requested", "applicant")
    credit.time.advance(days=3)
    unknown = SUPPLY | {"document_ids": ["doc_9"]}
    assert credit.act(application_id, "supply-information", unknown)["code"] == "document_unknown"
    assert credit.act(application_id, "supply-information", SUPPLY | {"bank_id": "cmb"}).status == 404
    supplied = credit.act(application_id, "supply-information", SUPPLY | {"document_ids": ["doc_1"]})
    assert (supplied["status"], supplied["requests"][0]["document_ids"]) == ("in_review", ["doc_1"])
    assert supplied["deadlines"][0]["due_at"] == "2026-03-12T16:00:00Z"


def test_one_consent_has_to_cover_all_banks_whichever_else_there_are(credit: Credit) -> None:
    for bank_ids in (["boc"], ["cmb"], ["ccb", "cmb"]):
        credit.borrower.consent(*bank_ids)
    application_id = credit.draft("boc", "cmb", "ccb")
    assert credit.act(application_id, "submit")["missing"] == ["consent.boc.profile", "consent.boc.exports"]
    credit.borrower.consent("boc", "cmb", "ccb")
    assert credit.act(application_id, "submit").status == 200


@pytest.mark.parametrize("ending", ["withdrawn", "expired"])
def test_a_bank_whose_consent_is_gone_before_it_is_asked_never_hears_of_the_application(
    credit: Credit, ending: str
) -> None:
    """The firm consented when it handed in; a day later, when an officer has screened it, it does not."""
    consents = {bank_id: credit.borrower.consent(bank_id, until=until) for bank_id, until in UNTIL.items()}
    everybody = credit.borrower.consent(*UNTIL, until="2026-03-02")
    credit.consented.update(UNTIL)
    application_id = credit.submit("boc", "cmb")
    if ending == "withdrawn":
        credit.borrower.withdraw(everybody)
        credit.borrower.withdraw(consents["cmb"])
    else:
        credit.time.advance(days=1)
    for _ in range(2):
        credit.act(application_id, "screen", SCREENED_PASSED, OFFICER, key="once")
        credit.streams.forget()
        credit.streams()
    parts = {part["bank_id"]: part["status"] for part in credit.see(application_id)["parts"]}
    assert (parts, statuses(credit, application_id)) == ({"boc": "open", "cmb": "not_asked"}, {"boc": "sent"})
    heard = {entry.aggregate_id for entry in entries() if entry.event.kind == "application.submitted"}
    assert heard == {application_id, feed.name_of("boc")}
    [told] = [entry for entry in entries() if entry.event.kind == "application.bank_not_asked"]
    assert (told.event.payload["bank_id"], told.event.payload["why"]) == ("cmb", "consent_missing")

    credit.borrower.consent("cmb")
    credit.streams.forget()
    credit.streams()
    assert credit.see(application_id, CMB).status == 404, "nor does it later, by another consent"
    assert credit.api.get("/v1/credit-applications", CMB)["items"] == []
    credit.reviewed("review.started", application_id)
    credit.reviewed("review.rejected", application_id, reasons=[{"code": "outside_policy"}])
    assert credit.see(application_id)["status"] == "unsuccessful"


def test_an_application_that_no_bank_may_be_asked_about_any_more_is_over(credit: Credit) -> None:
    consent_id = credit.borrower.consent("boc", "cmb")
    credit.consented.update(("boc", "cmb"))
    application_id = credit.submit("boc", "cmb")
    credit.borrower.withdraw(consent_id)
    credit.act(application_id, "screen", SCREENED_PASSED, OFFICER)
    credit.streams()
    over = credit.see(application_id)
    assert (over["status"], over["deadlines"], statuses(credit, application_id)) == ("unsuccessful", [], {})
    assert kinds(credit, application_id, credit.firm)[-2:] == ["application.bank_not_asked"] * 2
    credit.consented.clear()
    credit.submit("boc", "cmb")


def test_a_firm_answers_no_bank_that_it_lets_read_nothing(credit: Credit) -> None:
    consent_id = credit.borrower.consent("boc")
    credit.consented.add("boc")
    application_id = credit.apply("boc")
    credit.reviewed("review.started", application_id)
    credit.reviewed("review.info_requested", application_id, items=["Invoice 2026-118"])
    credit.borrower.withdraw(consent_id)
    refused = credit.act(application_id, "supply-information", SUPPLY)
    assert (refused.status, refused["code"], refused["bank_id"]) == (422, "consent_missing", "boc")
    credit.borrower.consent("boc")
    assert credit.act(application_id, "supply-information", SUPPLY)["status"] == "in_review"


def test_what_is_not_supplied_in_ten_business_days_ends_the_review_of_that_bank(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    for bank_id in ("boc", "cmb"):
        credit.reviewed("review.started", application_id, bank_id)
    credit.reviewed("review.info_requested", application_id, items=["Invoice 2026-118"], due_date="2026-03-03")
    credit.time.advance(days=13)
    REVIEWS.sweep(credit.time.at)
    assert credit.review(application_id)["status"] == "info_requested"
    credit.time.advance(days=2)
    REVIEWS.sweep(credit.time.at)
    ended = credit.review(application_id)
    assert (ended["status"], ended["why"]) == ("withdrawn", "information_not_supplied")
    assert credit.see(application_id)["status"] == "with_banks"


def test_a_silent_bank_is_chased_and_in_the_end_the_firm_is_told_that_no_answer_came(credit: Credit) -> None:
    application_id = credit.apply("boc")
    for _ in range(4):
        credit.time.advance(days=4)
        REVIEWS.sweep(credit.time.at)
    ended = credit.review(application_id)
    assert (ended["status"], ended["why"], ended["chasers"]) == ("unanswered", "bank_did_not_answer", 3)
    assert credit.see(application_id)["status"] == "unsuccessful"
    review_id = ended["id"]
    why = credit.refused("review.started", review_id, {"review_id": review_id})
    assert why == "review_not_in_this_status"


def test_a_bank_is_chased_for_each_of_its_parts_in_turn(credit: Credit) -> None:
    application_id = credit.apply("boc")
    awaited = []
    for step in ("", "application.received", "review.started", "review.approved"):
        if step:
            data: dict[str, Any] = {"limit": 1_000_000} if step == "review.approved" else {}
            credit.reviewed(step, application_id, **data)
        [deadline] = credit.review(application_id)["deadlines"]
        credit.time.at = datetime.fromisoformat(deadline["due_at"])
        for _ in range(2):
            REVIEWS.sweep(credit.time.at)
        assert credit.review(application_id)["chasers"] == 1, "each part has tries of its own, and is chased for once"
        awaited.append((deadline["name"], deadline["due_at"]))
    assert awaited == [
        ("acknowledgement", "2026-03-03T16:00:00Z"),
        ("begin", "2026-03-06T16:00:00Z"),
        ("decision", "2026-03-13T16:00:00Z"),
        ("offer", "2026-03-18T16:00:00Z"),
    ]
    credit.streams()
    assert [event.payload["awaited"] for event in told("boc") if event.kind == "review.overdue"] == [
        "application.received", "review.started", "review.approved or review.rejected", "offer.created",
    ]  # fmt: skip


def test_an_application_is_withdrawn_until_a_bank_has_approved_and_the_banks_are_told(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    credit.reviewed("review.started", application_id)
    assert credit.act(application_id, "withdraw")["status"] == "withdrawn"
    assert statuses(credit, application_id) == {"boc": "withdrawn", "cmb": "withdrawn"}, "before anything is written"
    review_id = records.APPLICATIONS.load(application_id).parts[0].review_id  # type: ignore[union-attr]
    assert credit.refused("review.approved", review_id, {"review_id": review_id, "limit": 1}) == (
        "review_not_in_this_status"
    )
    credit.streams()
    for part in credit.see(application_id)["parts"]:
        review = records.REVIEWS.load(part["review_id"])
        assert review is not None
        assert (review.status, review.why) == ("withdrawn", "application_withdrawn")
    approved = credit.apply("boc")
    credit.approve(approved)
    refused = credit.act(approved, "withdraw")
    assert (refused.status, refused["code"]) == (409, "application_not_in_this_status")


def test_a_review_begun_late_for_an_application_taken_home_is_not_begun(credit: Credit) -> None:
    application_id = credit.submit("boc")
    credit.act(application_id, "screen", SCREENED_PASSED, OFFICER)
    credit.act(application_id, "withdraw")
    credit.streams()
    part = credit.see(application_id)["parts"][0]
    assert records.REVIEWS.load(part["review_id"]) is None


def test_a_bank_approves_no_more_than_was_asked_and_tells_only_of_its_own_reviews(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    review_id = credit.review(application_id, "cmb")["id"]
    event_id = credit.tell("review.started", review_id, {"review_id": review_id}, bank_id="boc")
    event = credit.api.get(f"/v1/bank-events/{event_id}", token("officer", "o", "admin"))
    assert (event["status"], event["reason"]) == ("parked", "bank_event_target_unknown")
    own = credit.review(application_id)["id"]
    assert credit.refused("review.approved", own, {"review_id": own, "limit": 50_000_001}) == "approved_beyond_asked"
    assert credit.refused("offer.created", own, _offer(own, credit)) == "review_not_in_this_status"


def _offer(review_id: str, credit: Credit) -> dict[str, Any]:
    terms = {"amount": 1, "rate_bp": 1, "day_count": "ACT/360", "method": "bullet", "term_months": 1}
    return {"review_id": review_id, "offer_ref": "O-1", "terms": terms, "expires_at": "2026-03-09T00:00:00Z"}


def test_events_that_come_in_disorder_and_twice_count_in_order_and_once(credit: Credit) -> None:
    application_id = credit.apply("boc")
    review_id = credit.review(application_id)["id"]
    data = {"review_id": review_id}
    credit.tell("review.approved", review_id, data | {"limit": 40_000_000}, seq=2)
    assert credit.review(application_id)["status"] == "sent"
    credit.tell("review.started", review_id, data, seq=1)
    credit.tell("review.started", review_id, data, seq=1)
    approved = credit.review(application_id)
    assert (approved["status"], approved["limit"]["amount"]) == ("approved", "400000.00")


# Lists, the timeline, what it costs


def test_lists_are_a_firms_own_a_banks_own_and_officers_work(credit: Credit) -> None:
    first = credit.apply("boc", "cmb")
    credit.time.advance(minutes=1)
    second = credit.submit("boc")
    credit.time.advance(minutes=1)
    draft = credit.draft("boc")

    def ids(query: str, by: str) -> list[str]:
        return [item["id"] for item in credit.api.get(f"/v1/credit-applications{query}", by)["items"]]

    assert ids("", credit.firm) == [first, second, draft]
    assert ids("?status=submitted", OFFICER) == [second]
    assert ids("", OFFICER) == [second, first], "by status"
    assert ids(f"?member_id={credit.borrower.member_id}", OFFICER) == [first, second]
    assert ids("", BOC) == ids("", CMB) == [first]
    assert ids("", CCB) == []
    assert ids("?limit=1", credit.firm) == [first]


def test_the_timeline_tells_the_firm_of_all_banks_and_a_bank_of_itself(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    credit.approve(application_id, "boc")
    credit.reviewed("review.rejected", application_id, "cmb", reasons=[{"code": "outside_policy"}])
    own = ["application.opened", "application.submitted", "application.sent"]
    assert kinds(credit, application_id, credit.firm) == [*own, "review.approved", "review.rejected"]
    assert kinds(credit, application_id, CMB) == [*own, "review.rejected"]


def test_a_command_reads_once_what_it_decides_on_and_writes_once(credit: Credit) -> None:
    application_id = credit.submit("boc")
    with calls() as sent:
        assert credit.act(application_id, "screen", SCREENED_PASSED, OFFICER).status == 200
    assert sent == ["GetItem", "TransactWriteItems"]
