"""Peer reports through the API: filed in secret, triaged, answered, found; banks told; the seal opened by two; what a malicious one costs."""

from __future__ import annotations

import hashlib

import pytest
from msgspec.structs import replace

from chalicelib.conduct import examples
from chalicelib.conduct.records.incentives import IncentiveRow
from chalicelib.conduct.records.peer_reports import REPOSITORY
from chalicelib.conduct.service.peer_reports import FILES
from chalicelib.shared import files
from chalicelib.shared.data_keys import DataKeyRow
from chalicelib.shared.files import Arrived
from chalicelib.shared.journal import JournalRow
from chalicelib.webhooks.service.parties import of_peer_report
from tests.bank_events.conftest import bank
from tests.conduct.earning import plant as plant_incentive
from tests.conduct.reporting import ANN, BOB, CLAIMS, LAWYER, Reporting
from tests.credit.borrowing import register
from tests.loans.conftest import lender
from tests.loans.lending import Lender, planned
from tests.readings import openings
from tests.round_trips import calls
from tests.world import token

__all__ = ["bank", "lender"]

JPEG = b"a picture of the yard"


@pytest.fixture
def reporting(lender: Lender) -> Reporting:
    lender.lend(1_000_00, planned(("2026-12-02", 1_000_00, 60_00)))
    names = (register(lender.api, lender.time, name).member_id for name in ("looms-of-suzhou", "silk-of-hangzhou"))
    return Reporting(lender, *names)


def test_a_report_is_acknowledged_triaged_answered_and_found(reporting: Reporting) -> None:
    report_id = reporting.filed()
    assert reporting.act(report_id, "acknowledge", ANN)["status"] == "acknowledged"
    assert reporting.see(report_id, reporting.subject).status == 404, "it is not asked yet"
    assert reporting.act(report_id, "triage", ANN, examples.TRIAGE)["deadlines"][0]["owner"] == "subject"
    shown = reporting.see(report_id, reporting.subject)
    assert (shown["question"], shown["facts"], shown["documents"]) == (examples.TRIAGE["text"], None, None)
    assert reporting.act(report_id, "answer", reporting.subject, examples.ANSWER_REPORT)["status"] == "to_find"
    shown = reporting.see(report_id, reporting.reporter)
    assert (shown["facts"], shown["question"], shown["answer"]) == (examples.REPORT["facts"], None, None)
    found = reporting.find(report_id, "unproven")
    assert (found["status"], found["deadlines"], found["allowed_actions"]) == ("unproven", [], [])
    assert reporting.kinds(report_id) == ["filed", "acknowledged", "asked", "answered", "unproven"]
    assert reporting.kinds(report_id, reporting.subject) == ["asked", "answered", "unproven"]
    again = reporting.find(report_id, "unproven")
    assert (again.status, again["code"]) == (409, "peer_report_not_in_this_status")


def test_no_page_tells_a_firm_that_there_is_a_report_which_it_is_not_asked_about(reporting: Reporting) -> None:
    asked = reporting.asked()
    reporting.lender.time.advance(hours=1)
    reporting.filed(reporting.other)
    page = reporting.lender.api.get("/v1/peer-reports?as=subject&limit=1", reporting.subject)
    assert ([each["id"] for each in page["items"]], page["next_cursor"]) == ([asked], None)
    of_officers = reporting.lender.api.get(f"/v1/peer-reports?subject_id={reporting.lender.firm_id}&limit=1", ANN)
    assert of_officers["next_cursor"]


def test_who_reports_stands_nowhere_in_the_clear(reporting: Reporting) -> None:
    report_id = reporting.answered()
    reporting.act(report_id, "documents", reporting.reporter, examples.REPORT_FILE)
    reporting.granted(report_id)
    reporting.find(report_id, "unproven")
    reporting.lender.bank.streams()
    kept: list[object] = [REPOSITORY.load(report_id), DataKeyRow.get(report_id).owner_id]
    kept += [row.entry() for row in JournalRow.scan() if report_id in str(row.entry())]
    assert len(kept) > 7
    assert [each for each in kept if reporting.reporter_id in str(each)] == []
    for by in (ANN, LAWYER, reporting.subject, reporting.reporter):
        assert reporting.reporter_id.encode() not in reporting.see(report_id, by).raw
        assert (
            reporting.reporter_id.encode()
            not in reporting.lender.api.get(f"/v1/peer-reports/{report_id}/timeline", by).raw
        )


def test_a_report_is_filed_once_however_often_it_is_sent(reporting: Reporting) -> None:
    first, second = (reporting.lender.api.post(
        "/v1/peer-reports", examples.REPORT | {"subject_id": reporting.lender.firm_id}, reporting.reporter, key="report-1"
    ) for _ in range(2))  # fmt: skip
    assert (first.status, second.status, second["id"]) == (201, 201, first["id"])
    assert len([row for row in DataKeyRow.scan() if row.subject_id.startswith("rpt_")]) == 1
    refused = reporting.file()
    assert (refused.status, refused["code"]) == (422, "peer_report_refused"), "one of it is open"
    assert reporting.file(reporting.other).status == 201
    for _ in range(2):
        sent = reporting.act(first["id"], "documents", reporting.reporter, examples.REPORT_FILE, key="file-1")
        assert (sent.status, sent["upload"]["fields"]["Content-Type"]) == (201, "image/jpeg")
    assert len(reporting.see(first["id"])["documents"]) == 1


def test_what_is_urgent_reaches_the_bank_at_once_as_unverified_and_so_does_what_became_of_it(
    reporting: Reporting,
) -> None:
    report_id = reporting.asked(category="flight")
    reporting.asked(reporting.other, category="false_data")
    assert reporting.told() == [("report.unverified", "unverified")]
    assert reporting.kinds(report_id, reporting.reporter)[0] == "filed"
    timeline = reporting.lender.api.get(f"/v1/peer-reports/{report_id}/timeline", reporting.reporter)
    assert (b"boc" in timeline.raw, reporting.see(report_id, reporting.reporter)["bank_ids"]) == (False, None)
    reporting.act(report_id, "answer", reporting.subject, examples.ANSWER_REPORT)
    reporting.find(report_id, "unproven")
    assert sorted(reporting.told()) == [("report.cleared", "unproven"), ("report.unverified", "unverified")]


def test_what_is_verified_reaches_the_bank_and_what_is_not_leaves_no_trace(
    reporting: Reporting,
) -> None:
    first, second = (
        reporting.answered(category="false_data"),
        reporting.answered(reporting.other, category="false_data"),
    )
    assert reporting.find(first, "verified").status == reporting.find(second, "verified").status == 200
    third = reporting.answered(category="misused_loan")
    reporting.find(third, "unproven")
    assert reporting.told() == [("report.verified", "verified"), ("report.verified", "verified")]


def test_the_seal_is_opened_by_two_for_one_of_them_for_a_day(reporting: Reporting) -> None:
    report_id = reporting.asked()
    wanted = reporting.act(report_id, "unseal", ANN, examples.UNSEAL)
    body = {"unsealing_id": wanted["unsealings"][0]["id"]}
    assert reporting.act(report_id, "reporter-inquiries", ANN, body).status == 404
    alone = reporting.act(report_id, "decide-unsealing", ANN, examples.DECIDE_UNSEALING)
    assert (alone.status, alone["code"]) == (409, "another_officer_needed")
    refused = reporting.act(report_id, "decide-unsealing", BOB, examples.DECIDE_UNSEALING | {"decision": "refused"})
    assert refused["unsealings"][0]["decision"] == "refused"
    assert reporting.act(report_id, "reporter-inquiries", ANN, body).status == 404
    again = reporting.act(report_id, "unseal", ANN, examples.UNSEAL)
    assert len(again["unsealings"]) == 2, "none replaces another"
    assert reporting.act(report_id, "decide-unsealing", LAWYER, examples.DECIDE_UNSEALING).status == 200
    body = {"unsealing_id": again["unsealings"][1]["id"]}
    assert reporting.act(report_id, "reporter-inquiries", ANN, body)["member_id"] == reporting.reporter_id
    assert reporting.act(report_id, "reporter-inquiries", LAWYER, body).status == 404, "who granted it did not ask"
    reporting.later(days=1)
    assert reporting.act(report_id, "reporter-inquiries", ANN, body).status == 404
    seals = ["unsealing_asked", "unsealing_refused", "unsealing_asked", "unsealing_granted", "reporter_read"]
    assert reporting.kinds(report_id, reporting.reporter)[2:] == seals, "whoever reports knows of it"
    assert reporting.kinds(report_id, reporting.subject) == ["asked"]


def test_a_malicious_report_costs_its_reporter_the_newest_points(reporting: Reporting) -> None:
    incentive_id = plant_incentive(reporting.reporter_id, "lon_1")
    left_in_the_index(plant_incentive(reporting.reporter_id, "lon_2"))
    report_id = reporting.answered()
    refused = reporting.find(report_id, "malicious")
    assert (refused.status, refused["code"]) == (409, "seal_not_opened")
    reporting.granted(report_id)
    assert reporting.find(report_id, "malicious")["status"] == "malicious"
    shown = reporting.lender.api.get(f"/v1/incentives/{incentive_id}", reporting.reporter)
    assert (shown["status"], shown["why"], shown["note"]) == ("reversed", "malicious_report", examples.FIND["note"])
    kinds = [each["kind"] for each in
             reporting.lender.api.get(f"/v1/incentives/{incentive_id}/timeline", reporting.reporter)["items"]]  # fmt: skip
    assert kinds == ["incentive.earned", "peer_report.malicious"]
    for officer in (ANN, token("officer", "officer-7", "payments")):
        seen = reporting.lender.api.get(f"/v1/incentives/{incentive_id}", officer)
        assert (seen["why"], seen["note"]) == ("malicious_report", None), (
            "by the words they would know whose report it is"
        )
        told = reporting.lender.api.get(f"/v1/incentives/{incentive_id}/timeline", officer)
        assert [each["kind"] for each in told["items"]] == ["incentive.earned"]
        assert report_id.encode() not in seen.raw + told.raw
    loaded = REPOSITORY.load(report_id)
    assert loaded is not None
    for number in range(11):
        later = replace(loaded, id=f"rpt_Z{number}", status="unproven", version=1)
        REPOSITORY.put(later, None).row.save()
    paused = reporting.file()
    assert (paused.status, paused["code"]) == (409, "peer_reports_paused"), "however many it has filed besides"
    assert reporting.file(reporting.other).status == 201, "nobody else pays for it"
    reporting.later(days=180)
    another = reporting.answered()
    reporting.granted(another)
    assert reporting.find(another, "malicious").status == 200, "there are no points left to lose"


def left_in_the_index(incentive_id: str) -> None:
    """As the index shows for a moment one that is newest and was reversed just now."""
    row = IncentiveRow.find(incentive_id)
    assert row is not None
    row.body, row.earned = replace(row.body, status="reversed"), f"9999-12-31#{incentive_id}"
    row.save()


def test_files_come_past_us_and_each_reading_by_an_officer_is_an_entry(reporting: Reporting) -> None:
    report_id = reporting.asked()
    body = examples.REPORT_FILE | {"size": len(JPEG), "sha256": hashlib.sha256(JPEG).hexdigest()}
    announced = reporting.act(report_id, "documents", reporting.reporter, body)
    path = f"/v1/peer-reports/{report_id}/documents/{announced['document_id']}"
    assert reporting.lender.api.get(path, ANN).status == 404, "it has not come"
    key = announced["upload"]["fields"]["key"]
    files.put(key, JPEG, "image/jpeg")
    FILES.file_arrived(Arrived(key, len(JPEG), ""))
    assert reporting.see(report_id)["documents"][0]["status"] == "kept"
    assert reporting.lender.api.get(path, reporting.reporter)["sha256"] == body["sha256"]
    assert reporting.lender.api.get(path, ANN).status == 200
    assert reporting.lender.api.get(path, reporting.subject).status == 404
    assert reporting.kinds(report_id)[-2:] == ["document_announced", "document_kept"]
    assert openings(report_id) == [("ann", announced["document_id"])]
    assert reporting.act(report_id, "documents", reporting.other, body).status == 404
    assert reporting.act(report_id, "documents", reporting.subject, body).status == 404


def test_what_officers_leave_counts_nothing_against_the_firm_and_rings(
    reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[str] = []
    monkeypatch.setattr("chalicelib.shared.observe.count", lambda name, value=1: rung.append(name))
    report_id = reporting.filed(category="flight")
    reporting.later(days=4)
    assert reporting.see(report_id)["status"] == "acknowledged"
    reporting.later(days=10)
    assert reporting.see(report_id)["status"] == "unproven"
    assert rung.count("PeerReportLeft") == 2
    assert ("report.cleared", "unproven") in reporting.told()
    assert reporting.see(report_id, reporting.subject).status == 404, "nobody asked it"


def test_who_may_do_what_and_who_sees_which(reporting: Reporting) -> None:
    first, second = reporting.filed(), reporting.asked(reporting.other)
    api = reporting.lender.api

    def ids(query: str, by: str) -> list[str]:
        return [each["id"] for each in api.get(f"/v1/peer-reports{query}", by)["items"]]

    assert (ids("", reporting.reporter), ids("", reporting.other)) == ([first], [second])
    assert (ids("?as=subject", reporting.subject), ids("", reporting.subject)) == ([second], [])
    assert sorted(ids("", ANN)) == sorted([first, second]) == sorted(ids("", LAWYER))
    assert ids("?status=asked", ANN) == [second]
    assert ids(f"?subject_id={reporting.lender.firm_id}&status=filed", ANN) == [first]
    assert reporting.see(first, CLAIMS).status == 403
    assert reporting.see(first, reporting.other).status == reporting.see("rpt_unknown").status == 404
    assert reporting.act(first, "triage", LAWYER, examples.TRIAGE).status == 403
    assert reporting.act(second, "answer", reporting.other, examples.ANSWER_REPORT).status == 403, "it asked"
    assert reporting.file(subject_id=reporting.reporter_id)["code"] == "peer_report_refused"
    assert reporting.file(subject_id="mem_unknown").status == 404
    assert reporting.file(category="gossip").status == 400
    assert reporting.file(ANN).status == 403
    dismissed = reporting.act(first, "triage", BOB, examples.DISMISS)
    assert (dismissed["status"], dismissed["note"]) == ("dismissed", examples.DISMISS["text"])


def test_a_command_is_one_read_and_one_transaction(reporting: Reporting) -> None:
    report_id = reporting.asked()
    with calls() as sent:
        assert reporting.act(report_id, "answer", reporting.subject, examples.ANSWER_REPORT).status == 200
    assert sent == ["GetItem", "TransactWriteItems"]


def test_the_firm_hears_by_webhook_from_being_asked_on_and_whoever_reports_never(reporting: Reporting) -> None:
    report_id = reporting.filed(category="flight")
    for action, body in (("acknowledge", None), ("triage", examples.TRIAGE)):
        assert reporting.act(report_id, action, ANN, body).status == 200
    reporting.granted(report_id)
    reporting.act(report_id, "answer", reporting.subject, examples.ANSWER_REPORT)
    reporting.find(report_id, "unproven")
    dismissed = reporting.filed(reporting.other)
    reporting.act(dismissed, "triage", ANN, examples.DISMISS)
    entries = [row.entry() for row in JournalRow.scan() if row.entry().aggregate_id in (report_id, dismissed)]
    heard = {entry.event.kind: of_peer_report(entry).sides for entry in entries}
    sides = {reporting.lender.firm_id: "subject"}
    assert {kind for kind, told in heard.items() if told == sides} == {
        "peer_report.asked", "peer_report.answered", "peer_report.unproven",
    }  # fmt: skip
    assert all(told in (sides, {}) for told in heard.values())
