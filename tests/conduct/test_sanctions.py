"""Sanctions through the API: officers, the firm, banks and the public; what each of them may know, and what holds meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from chalicelib import slices
from chalicelib.conduct.examples import APPEAL, DECIDE_APPEAL, FLAG_INQUIRY, LIFT, REVERSE
from chalicelib.conduct.records import sanctions as records
from chalicelib.conduct.rules.sanction import Policy
from chalicelib.conduct.service.evidence import KNOWN
from chalicelib.credit.examples import APPLICATION
from chalicelib.firms.service import reading as firms_reading
from chalicelib.loans.examples import DRAW
from chalicelib.monitoring.declared import ALERTS
from chalicelib.monitoring.examples import RESOLVE
from chalicelib.reference.schemas import of_sentences
from chalicelib.shared import policies
from chalicelib.shared.journal import JournalRow
from chalicelib.webhooks.service.parties import audiences
from tests.bank_events.conftest import bank
from tests.conduct.earning import plant as plant_incentive
from tests.conduct.sanctioning import LAWYER, ONE, THREE, TWO, Sanctioning, owing
from tests.firms.factories import sign_for
from tests.loans.conftest import lender
from tests.loans.lending import Lender, plant_draw
from tests.monitoring.alerting import plant as plant_alert
from tests.round_trips import calls
from tests.trade import Trade
from tests.world import token

__all__ = ["bank", "lender"]

CLAIMS = token("officer", "officer-9", "claims")
BOC, CMB = token("bank", "boc"), token("bank", "cmb")


@pytest.fixture
def case(lender: Lender) -> Sanctioning:
    return owing(lender)


def default(case: Sanctioning) -> None:
    case.lender.on(2026, 10, 15)
    case.lender.sweep()
    event = case.lender.tell("default.declared", case.loan_id, cause="dpd", amount=1_060_00)
    assert event == ("applied", None)
    case.lender.bank.streams()


def draw(case: Sanctioning) -> Any:
    by = {"Surety_Acting_Person": sign_for(case.lender.firm_id)}
    body = {"purpose": "credit", "bank_ids": ["boc"], "data_classes": ["exports"], "until": "2027-01-31"}
    assert case.lender.api.post("/v1/consents", body, case.lender.firm, **by).status == 201
    return case.lender.api.post(f"/v1/credit-lines/{case.lender.line_id}/draws", DRAW, case.lender.firm, **by)


def test_a_proposal_is_approved_by_somebody_else_and_the_firm_has_notice_before_it_holds(case: Sanctioning) -> None:
    body = {"key": "once"}
    first = case.propose()
    assert first.status == 201, first.body
    name = first["id"]
    assert (first["status"], first["proposed_by"], first["deadlines"][0]["name"]) == (
        "proposed",
        "officer-1",
        "approval",
    )
    assert case.see(name, case.lender.firm).status == 404, "nobody has approved it"
    assert case.act(name, "approve", ONE)["code"] == "sanction_needs_somebody_else"
    assert case.act(name, "approve", CLAIMS).status == 403
    noticed = case.act(name, "approve", TWO, **body)
    assert case.act(name, "approve", TWO, **body).raw == noticed.raw
    assert noticed["status"] == "noticed"
    seen = case.see(name, case.lender.firm)
    assert (seen["reason"], seen["proposed_by"], seen["approved_by"]) == (first["reason"], None, None)
    assert (seen["status"], seen["allowed_actions"]) == ("noticed", ["appeal"])
    assert case.see(name)["effective_at"] == "2026-09-21T02:00:00Z", "a day later"
    case.later()
    assert case.see(name, case.lender.firm)["status"] == "in_force"
    kinds = [each["kind"] for each in case.lender.api.get(f"/v1/sanctions/{name}/timeline", case.lender.firm)["items"]]
    assert kinds == ["sanction.proposed", "sanction.noticed", "sanction.took_effect"]


def test_while_draws_are_held_none_is_accepted_and_afterwards_they_are(case: Sanctioning) -> None:
    name = case.approved()
    case.later()
    refused = draw(case)
    assert (refused.status, refused["code"]) == (409, "credit_held"), refused.body
    assert case.lender.pay(case.loan_id, 1_100_00) == ("applied", None)
    case.lender.bank.streams()
    case.later(days=1)
    assert case.see(name)["status"] == "expired"
    assert draw(case).status == 201


def test_draws_are_held_for_a_red_alert_as_long_as_nobody_resolves_it(case: Sanctioning) -> None:
    """The alert itself holds them for five days; then somebody has to approve, and the alert is the evidence."""
    alert = plant_alert(case.loan_id, "red", "profile_change")
    about: dict[str, Any] = {"ground": "red_alert", "evidence_ids": [alert]}
    assert case.propose(**about | {"evidence_ids": [case.loan_id]})["param"] == "evidence_ids"
    assert case.propose(measure="no_badge", **about)["code"] == "sanction_not_justified"
    name = case.approved(**about)
    case.later(days=6)
    ALERTS.sweep(case.lender.time.at)
    assert case.lender.api.get(f"/v1/alerts/{alert}", ONE)["held_until"] is None
    assert (case.see(name)["status"], draw(case)["code"]) == ("in_force", "credit_held")
    resolved = case.lender.api.post(f"/v1/alerts/{alert}/resolve", RESOLVE, token("officer", "boss", "admin"))
    assert resolved.status == 200, resolved.body
    case.lender.bank.streams()
    case.later(days=0)
    assert (case.see(name)["status"], draw(case).status) == ("expired", 201)
    assert case.propose(**about)["code"] == "sanction_not_justified", "nothing is red"


def test_an_appeal_that_is_granted_ends_it_and_whoever_was_told_is_told_so(case: Sanctioning) -> None:
    default(case)
    name = case.approved(measure="bank_flag", ground="default")
    assert case.act(name, "appeal", case.lender.firm, APPEAL)["status"] == "appealed"
    assert case.act(name, "appeal", case.lender.firm, APPEAL)["code"] == "sanction_not_in_this_status"
    assert case.act(name, "decide-appeal", TWO, DECIDE_APPEAL)["code"] == "sanction_needs_somebody_else"
    upheld = case.act(name, "decide-appeal", THREE, DECIDE_APPEAL | {"outcome": "upheld"})
    assert upheld["status"] == "in_force", upheld.body
    answer = case.lender.api.post(f"/v1/members/{case.lender.firm_id}/flag-inquiries", FLAG_INQUIRY, CMB)
    assert [each["sanction_id"] for each in answer["flags"]] == [name]
    lifted = case.act(name, "lift", ONE, LIFT)
    assert (lifted["status"], lifted["why"], lifted["readers"]) == ("lifted", LIFT["note"], ["cmb"])
    last = max(
        (row.entry() for row in JournalRow.scan() if row.entry().aggregate_id == name), key=lambda entry: entry.seq
    )
    assert (last.event.kind, last.event.payload["bank_ids"]) == ("sanction.lifted", ["boc", "cmb"])


def test_every_reading_by_a_bank_is_an_entry_with_its_purpose_which_the_firm_reads(case: Sanctioning) -> None:
    path = f"/v1/members/{case.lender.firm_id}/flag-inquiries"
    default(case)
    name = case.approved(measure="bank_flag", ground="default")
    assert case.lender.api.post(path, FLAG_INQUIRY, CMB)["flags"] == [], "not in force"
    case.later(days=15)
    for bank_token in (CMB, CMB, BOC):
        assert [each["measure"] for each in case.lender.api.post(path, FLAG_INQUIRY, bank_token)["flags"]] == [
            "bank_flag"
        ]
    timeline = case.lender.api.get(f"/v1/sanctions/{name}/timeline", case.lender.firm)["items"]
    reads = [each["payload"] for each in timeline if each["kind"] == "sanction.read"]
    assert [(each["read_by"], each["purpose"]) for each in reads] == [
        ("cmb", FLAG_INQUIRY["purpose"]),
        ("cmb", FLAG_INQUIRY["purpose"]),
        ("boc", FLAG_INQUIRY["purpose"]),
    ]
    assert case.lender.api.post(path, {}, CMB).status == 400
    assert case.lender.api.post(path, FLAG_INQUIRY, case.lender.firm).status == 403
    assert case.lender.api.post("/v1/members/mem_unknown/flag-inquiries", FLAG_INQUIRY, CMB).status == 404


def test_a_bank_that_gives_all_its_requests_one_name_leaves_an_entry_of_each_reading(case: Sanctioning) -> None:
    path = f"/v1/members/{case.lender.firm_id}/flag-inquiries"
    default(case)
    name = case.approved(measure="bank_flag", ground="default")
    case.later(days=15)
    for purpose in ("An application.", "A look."):
        answer = case.lender.api.post(path, FLAG_INQUIRY | {"purpose": purpose}, CMB, X_Request_Id="cmb")
        assert len(answer["flags"]) == 1
    timeline = case.lender.api.get(f"/v1/sanctions/{name}/timeline", case.lender.firm)["items"]
    purposes = [each["payload"]["purpose"] for each in timeline if each["kind"] == "sanction.read"]
    assert purposes == ["An application.", "A look."]


def test_no_page_tells_a_firm_of_a_sanction_that_is_only_proposed(case: Sanctioning) -> None:
    noticed = case.approved()
    case.lender.on(2026, 10, 15)
    assert case.propose(measure="no_badge").status == 201
    page = case.lender.api.get("/v1/sanctions?limit=1", case.lender.firm)
    assert ([each["id"] for each in page["items"]], page["next_cursor"]) == ([noticed], None)
    assert case.lender.api.get(f"/v1/sanctions?member_id={case.lender.firm_id}&limit=1", ONE)["next_cursor"]


def test_a_suspended_firm_hands_no_application_in(case: Sanctioning) -> None:
    default(case)
    case.approved(measure="suspension", ground="false_data")
    case.later(days=15)
    assert draw(case)["code"] == "credit_held"
    by = {"Surety_Acting_Person": sign_for(case.lender.firm_id)}
    draft = case.lender.api.post("/v1/credit-applications", APPLICATION, case.lender.firm, **by)
    assert draft.status == 201, draft.body
    refused = case.lender.api.post(f"/v1/credit-applications/{draft['id']}/submit", None, case.lender.firm, **by)
    assert (refused.status, refused["code"]) == (409, "credit_held")


def test_a_firm_that_lost_its_badge_shows_none_until_ninety_days_after_its_cure(case: Sanctioning) -> None:
    api, firm_id = case.lender.api, case.lender.firm_id
    for subject_id in ("lon_1", "lon_2"):
        plant_incentive(firm_id, subject_id)
    by = {"Surety_Acting_Person": sign_for(firm_id)}
    shown = {"purpose": "publish_integrity", "data_classes": ["integrity"], "until": "2027-08-31"}
    assert api.post("/v1/consents", shown, case.lender.firm, **by).status == 201

    def levels() -> tuple[str | None, str | None, bool]:
        """On the storefront, in what the firm hands on, and on its page."""
        public = api.get(f"/v1/storefronts/{firm_id}/integrity")
        statement = api.get(f"/v1/members/{firm_id}/integrity/statement", case.lender.firm)
        return public["level"], statement["level"], b"bronze" in api.get(f"/s/{firm_id}").raw

    case.lender.on(2026, 10, 5)
    name = case.approved(measure="no_badge")
    case.later(days=2)
    assert levels() == ("bronze", "bronze", True), "it has three days' notice"
    case.later()
    assert case.see(name)["status"] == "in_force"
    assert levels() == (None, None, False)
    assert api.get(f"/v1/members/{firm_id}/integrity", case.lender.firm)["points"] == 15, "they are its own"
    assert case.lender.pay(case.loan_id, 1_200_00) == ("applied", None)
    case.lender.bank.streams()
    case.later(days=89)
    assert levels() == (None, None, False)
    case.later()
    assert case.see(name)["status"] == "expired"
    assert levels() == ("bronze", "bronze", True)


def test_points_that_were_taken_for_false_data_stand_again_when_an_appeal_finds_them_true(case: Sanctioning) -> None:
    case.lender.bank.streams()
    [earned] = case.lender.api.get(f"/v1/members/{case.lender.firm_id}/incentives", ONE)["items"]
    path = f"/v1/incentives/{earned['id']}"
    name = case.approved(measure="suspension", ground="false_data", evidence_ids=[earned["id"]])
    assert case.lender.api.post(f"{path}/reverse", REVERSE, ONE).status == 200
    case.act(name, "appeal", case.lender.firm, APPEAL)
    for _ in range(2):
        assert case.lender.api.get(path, ONE)["status"] == "reversed"
        case.lender.bank.streams()
    assert case.act(name, "decide-appeal", THREE, DECIDE_APPEAL)["status"] == "overturned"
    case.lender.bank.streams()
    seen = case.lender.api.get(path, case.lender.firm)
    assert (seen["status"], seen["why"]) == ("standing", None)
    last = case.lender.api.get(f"{path}/timeline", case.lender.firm)["items"][-1]
    assert (last["kind"], last["payload"]["sanction_id"]) == ("incentive.restored", name)


def test_hardship_that_is_asked_for_forbids_it(case: Sanctioning) -> None:
    body = {"from_on": "2026-09-21", "to_on": "2026-10-21", "reason": "The kiln burnt down."}
    by = {"Surety_Acting_Person": sign_for(case.lender.firm_id)}
    path = f"/v1/loans/{case.loan_id}/hardship-requests"
    name = case.propose()["id"]
    assert case.lender.api.post(path, body, case.lender.firm, **by).status == 200
    assert case.propose(measure="no_badge")["code"] == "sanction_blocked"
    assert case.act(name, "approve", TWO)["code"] == "sanction_blocked"


def test_a_complaint_about_the_loan_forbids_it_until_it_is_answered(case: Sanctioning) -> None:
    about = {"kind": "loan", "id": case.loan_id}
    body = {"kind": "complaint", "about": about, "subject": "Booked on another loan", "text": "See our transfer."}
    opened = case.lender.api.post("/v1/cases", body, case.lender.firm)
    assert opened.status == 201, opened.body
    for _ in range(11):
        assert case.lender.api.post("/v1/cases", body | {"kind": "question"}, case.lender.firm).status == 201
    assert case.propose()["code"] == "sanction_blocked", "whatever else the firm has asked since"
    answer = {"outcome": "declined", "text": "There was no transfer."}
    assert case.lender.api.post(f"/v1/cases/{opened['id']}/resolve", answer, CLAIMS).status == 200
    assert case.propose().status == 201


def test_an_event_that_nobody_could_help_forbids_it_in_its_region(
    case: Sanctioning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the version in force on the day, whichever policy the sanction pinned."""
    known, name = policies.versions, case.propose()["id"]
    event = {"name": "Flood", "regions": ["CN-33"], "from_on": "2026-09-01", "until_on": "2026-09-30"}
    [none] = known("force-majeure")
    declared = replace(none, hash="declared", effective_on=date(2026, 9, 1), values={"events": [event]})
    monkeypatch.setattr(policies, "versions", lambda of: (none, declared) if of == "force-majeure" else known(of))
    for region, status in (("CN-33", 409), ("CN-ZJ", 409), ("CN-44", 200)):
        monkeypatch.setattr(firms_reading, "profile", lambda member_id, at=region: SimpleNamespace(region=at))
        assert case.act(name, "approve", TWO).status == status


def test_of_two_proposals_of_a_measure_at_one_moment_one_is_made_and_another_once_that_is_over(
    case: Sanctioning, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index of what has not ended comes a moment after what was committed."""
    monkeypatch.setattr(records, "open_ids", lambda member_id: iter(()))
    first = case.propose()
    assert first.status == 201
    again = case.propose(TWO)
    assert (again.status, again["code"], again["param"]) == (422, "sanction_not_justified", "measure")
    assert case.act(first["id"], "withdraw", ONE).status == 200
    assert case.propose(TWO).status == 201


def test_bad_proposals_are_refused_by_name(case: Sanctioning) -> None:
    assert case.propose(measure="no_badge")["code"] == "sanction_not_justified"
    assert case.propose(measure="public_note", ground="court_document")["code"] == "sanction_not_justified"
    assert case.propose(loan_id="lon_unknown").status == 404
    drawn = plant_draw(case.lender.line_id, case.lender.firm_id, 1_000_00)
    assert case.propose(loan_id=drawn)["code"] == "sanction_not_justified", "nothing has been lent"
    assert case.propose(evidence_ids=[]).status == 400
    assert case.propose(by=CLAIMS).status == 403
    assert case.propose(by=case.lender.firm).status == 403
    assert case.propose().status == 201
    assert case.propose()["code"] == "sanction_not_justified", "there is one of the kind"


def test_evidence_that_leads_nowhere_is_named_where_it_is_known_what_it_would_be(case: Sanctioning) -> None:
    nowhere = [f"{prefix}_01JV8QZ7N4K3T5W6X8Y9ABCDEF" for prefix in KNOWN]
    refused = case.propose(evidence_ids=[case.loan_id, *nowhere[:9]])
    assert (refused.status, refused["param"], refused["missing"]) == (404, "evidence_ids", nowhere[:9])
    assert case.propose(evidence_ids=nowhere[9:])["missing"] == nowhere[9:]
    [entry, *_] = JournalRow.scan()
    proof = [plant_alert(case.loan_id), entry.entry_id, "(2026) Hu 0101", "doc_01JV8QZ7N4K3T5W6X8Y9ABCDEF"]
    proposed = case.propose(evidence_ids=proof)
    assert (proposed.status, proposed["evidence_ids"]) == (201, proof)


def test_who_sees_which(case: Sanctioning, trade: Trade) -> None:
    name = case.approved()
    api = case.lender.api
    assert [each["id"] for each in api.get("/v1/sanctions", case.lender.firm)["items"]] == [name]
    assert [each["id"] for each in api.get("/v1/sanctions?status=noticed", ONE)["items"]] in ([name], [])
    assert [each["id"] for each in api.get(f"/v1/sanctions?member_id={case.lender.firm_id}", LAWYER)["items"]] == [name]
    assert api.get("/v1/sanctions", trade.buyer)["items"] == []
    assert api.get(f"/v1/sanctions?member_id={case.lender.firm_id}", trade.buyer)["items"] == []
    assert api.get("/v1/sanctions?member_id=mem_1&status=nothing", ONE).status == 400
    assert case.see(name, trade.buyer).status == case.see("snc_unknown").status == 404
    assert api.get(f"/v1/storefronts/{case.lender.firm_id}/notes").body == {
        "member_id": case.lender.firm_id,
        "notes": [],
    }


def test_a_command_is_few_reads_and_one_transaction(case: Sanctioning) -> None:
    name = case.propose()["id"]
    with calls() as round_trips:
        assert case.act(name, "withdraw", ONE).status == 200
    assert round_trips.count("TransactWriteItems") == 1
    assert case.act(name, "withdraw", ONE)["code"] == "sanction_not_in_this_status"


def test_the_months_report_counts_what_became_of_them(case: Sanctioning) -> None:
    case.act(case.propose()["id"], "withdraw", ONE)
    name = case.approved()
    case.later(days=5)
    case.act(name, "lift", ONE, LIFT)
    reply = case.lender.api.get("/v1/conduct-reports?month=2026-09", ONE)
    [counted] = [each for each in reply["measures"] if each["measure"] == "no_draws"]
    shown = {name: number for name, number in counted.items() if number}
    assert shown == {
        "measure": "no_draws",
        "proposed": 2,
        "withdrawn": 1,
        "noticed": 1,
        "in_force": 1,
        "lifted": 1,
        "days_in_force": 4,
    }
    assert case.lender.api.get("/v1/conduct-reports?month=2026-13", ONE).status == 400
    assert case.lender.api.get("/v1/conduct-reports?month=2026-09", case.lender.firm).status == 403


FIVE_YEARS = timedelta(days=1_827)
REFUSED_WORDS = ("wanted", "blacklist", "family", "spouse", "relative", "marri", "lie_detect", "photo_of_owner")
"""What the source did to debtors and their people (docs/decisions/0113): no request, view or measure has a name for it."""


def test_what_the_source_did_to_debtors_has_no_name_here() -> None:
    forms = {
        form
        for routes in slices.every()
        for endpoint in routes.endpoints
        for form in (endpoint.request, endpoint.response, endpoint.query)
        if form
    }
    structs = [form for form in forms if isinstance(form, type)]
    text = msgspec.json.encode(msgspec.json.schema_components(structs, schema_hook=of_sentences)).decode().lower()
    assert [word for word in REFUSED_WORDS if word in text] == []


def test_no_measure_of_any_version_is_for_ever() -> None:
    for version in policies.versions("sanctions"):
        for terms in version.read_as(Policy).measures.values():
            assert 0 < terms.most_days <= FIVE_YEARS.days


def test_the_firm_hears_of_a_sanction_from_its_notice_on_and_none_of_those_it_trades_with(case: Sanctioning) -> None:
    name = case.approved()
    case.later()
    entries = sorted(
        (row.entry() for row in JournalRow.scan() if row.aggregate_id == name), key=lambda entry: entry.seq
    )
    heard = {entry.event.kind: dict(each.sides) for entry, each in zip(entries, audiences(entries), strict=True)}
    firm_id = case.lender.firm_id
    assert heard.pop("sanction.proposed") == {}
    assert heard == {"sanction.noticed": {firm_id: "firm"}, "sanction.took_effect": {firm_id: "firm"}}
    view = [entry.event.payload.get("bank_ids", []) for entry in entries]
    assert view == [[], [], ["boc"]], "the bank that lent, and nobody else"
