"""Documents of an application: what a bank asked for or what helps it, read by whom it is for, each reading kept."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.credit.declared import APPLICATIONS
from chalicelib.credit.examples import DOCUMENT, SUPPLY
from chalicelib.credit.records import applications as records
from chalicelib.credit.rules.application import MOST_DOCUMENTS
from chalicelib.credit.service.documents import FILES
from chalicelib.shared import files
from chalicelib.shared.aws import client
from tests.credit.applying import Credit, credit
from tests.credit.borrowing import OFFICER
from tests.readings import openings
from tests.round_trips import calls
from tests.world import Pump, Reply, token

__all__ = ["credit"]

INVOICE: Final = b"an invoice with a stamp"
BOC, CMB, CCB = (token("bank", bank_id) for bank_id in ("boc", "cmb", "ccb"))


def announce(credit: Credit, application_id: str, content: bytes = INVOICE, key: str = "", **fields: Any) -> Reply:
    body = DOCUMENT | {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()} | fields
    return credit.act(application_id, "documents", body, **({"key": key} if key else {}))


def hand_in(credit: Credit, pump: Pump, application_id: str, content: bytes = INVOICE, **fields: Any) -> str:
    announced = announce(credit, application_id, content, **fields)
    assert announced.status == 201, announced.body
    files.put(announced["upload"]["fields"]["key"], content, "application/pdf")
    pump()
    return str(announced["document_id"])


def fetch(credit: Credit, application_id: str, document_id: str, by: str = "") -> Reply:
    return credit.api.get(f"/v1/credit-applications/{application_id}/documents/{document_id}", by or credit.firm)


def kinds(credit: Credit, application_id: str, by: str = "") -> list[str]:
    page = credit.api.get(f"/v1/credit-applications/{application_id}/timeline", by or credit.firm)
    return [item["kind"] for item in page["items"]]


def in_bucket(application_id: str) -> list[str]:
    """Keys of every version of what is in the bucket of an application."""
    prefix = f"{FILES.prefix}{application_id}/"
    listed = client("s3").list_object_versions(Bucket=files.bucket(), Prefix=prefix)
    return [version["Key"] for version in (*listed.get("Versions", []), *listed.get("DeleteMarkers", []))]


def test_what_a_bank_asked_for_is_handed_in_supplied_and_read_by_that_bank(credit: Credit, pump: Pump) -> None:
    application_id = credit.apply("boc", "cmb")
    credit.reviewed("review.started", application_id)
    credit.reviewed("review.info_requested", application_id, items=["Invoice 2026-118"])
    announced = announce(credit, application_id)
    document_id = announced["document_id"]
    early = credit.act(application_id, "supply-information", SUPPLY | {"document_ids": [document_id]})
    assert (early.status, early["code"], early["param"]) == (422, "document_unknown", "document_ids")
    assert fetch(credit, application_id, document_id).status == 404
    files.put(announced["upload"]["fields"]["key"], INVOICE, "application/pdf")
    pump(times=2)
    [document] = credit.see(application_id)["documents"]
    assert (document["status"], document["name"], document["retained_until"]) == (
        "kept", "Invoice 2026-118", "2031-03-02",
    )  # fmt: skip
    assert credit.act(application_id, "supply-information", SUPPLY | {"document_ids": [document_id]}).status == 200
    assert credit.review(application_id, by=BOC)["requests"][0]["document_ids"] == [document_id]
    link = fetch(credit, application_id, document_id, BOC)
    assert (link.status, link["name"], link["sha256"]) == (200, "Invoice 2026-118", document["sha256"])
    assert fetch(credit, application_id, document_id, OFFICER).status == 200
    assert fetch(credit, application_id, document_id).status == 200
    assert kinds(credit, application_id).count("application.document_read") == 1, "the firm's own reading is no entry"
    assert openings(application_id) == [("officer-1", document_id)]


def test_a_document_for_one_bank_is_seen_by_no_other(credit: Credit, pump: Pump) -> None:
    application_id = credit.apply("boc", "cmb")
    for_one = hand_in(credit, pump, application_id)
    for_all = hand_in(credit, pump, application_id, b"for all", bank_id=None, name="Order book")
    assert [each["id"] for each in credit.see(application_id, BOC)["documents"]] == [for_one, for_all]
    assert [each["id"] for each in credit.see(application_id, CMB)["documents"]] == [for_all]
    assert fetch(credit, application_id, for_all, CMB).status == 200
    refused, nobodys = (fetch(credit, application_id, name, CMB) for name in (for_one, "doc_" + "0" * 26))
    assert refused.status == nobodys.status == 404
    assert fetch(credit, application_id, for_all, CCB).status == 404, "a bank that was not asked"
    assert "application.document_announced" in kinds(credit, application_id, BOC)
    assert kinds(credit, application_id, CMB).count("application.document_kept") == 1
    credit.reviewed("review.started", application_id, "cmb")
    credit.reviewed("review.info_requested", application_id, "cmb", items=["The order book"])
    body = SUPPLY | {"bank_id": "cmb"}
    assert credit.act(application_id, "supply-information", body | {"document_ids": [for_one]}).status == 422
    assert credit.act(application_id, "supply-information", body | {"document_ids": [for_all]}).status == 200


def test_without_a_consent_that_is_live_a_bank_reads_none(credit: Credit, pump: Pump) -> None:
    consent_id = credit.borrower.consent("boc")
    credit.consented.add("boc")
    application_id = credit.apply("boc")
    document_id = hand_in(credit, pump, application_id)
    assert fetch(credit, application_id, document_id, BOC).status == 200
    credit.borrower.post(f"/v1/consents/{consent_id}/withdraw")
    assert fetch(credit, application_id, document_id, BOC).status == 404
    credit.borrower.consent("boc", data_classes=["exports"])
    assert credit.see(application_id, BOC).status == 200
    assert fetch(credit, application_id, document_id, BOC).status == 404, "the consent does not cover the profile"


def test_a_bank_reads_of_the_profile_what_it_was_supplied_and_nothing_else(credit: Credit) -> None:
    application_id = credit.apply("boc", "cmb")
    assert fetch(credit, application_id, "doc_1", BOC).status == 404
    credit.reviewed("review.started", application_id)
    credit.reviewed("review.info_requested", application_id, items=["The licence"])
    assert credit.act(application_id, "supply-information", SUPPLY | {"document_ids": ["doc_1"]}).status == 200
    assert fetch(credit, application_id, "doc_1", BOC)["name"] == "business_licence"
    assert fetch(credit, application_id, "doc_1", CMB).status == 404
    assert kinds(credit, application_id, BOC).count("application.document_read") == 1
    assert "application.document_read" not in kinds(credit, application_id, CMB)


def test_a_signer_announces_it_once_and_a_repeated_request_gives_the_form_again(credit: Credit) -> None:
    application_id = credit.draft("boc")
    unsigned = credit.api.post(f"/v1/credit-applications/{application_id}/documents", DOCUMENT, credit.firm)
    assert (unsigned.status, unsigned["code"]) == (403, "signer_not_named")
    first, again = (announce(credit, application_id, key="once") for _ in range(2))
    assert first["document_id"] == again["document_id"]
    assert again["upload"] is not None
    twice = announce(credit, application_id)
    assert (twice.status, twice["code"], twice["document_id"]) == (409, "document_known", first["document_id"])
    stranger = announce(credit, application_id, b"another", bank_id="cib")
    assert (stranger.status, stranger["param"]) == (404, "bank_id")
    assert len(credit.see(application_id)["documents"]) == 1


@pytest.mark.parametrize(
    "fields", [{"size": 0}, {"size": 20_000_001}, {"media_type": "pdf"}, {"sha256": "x"}, {"name": ""}, {"bank_id": ""}]
)
def test_a_document_of_a_wrong_form_is_refused_by_its_field(credit: Credit, fields: dict[str, Any]) -> None:
    reply = announce(credit, credit.draft("boc"), **fields)
    assert (reply.status, reply["param"]) == (400, next(iter(fields)))


def test_no_more_than_so_many_are_kept_and_none_once_no_bank_decides(credit: Credit) -> None:
    application_id = credit.draft("boc")
    for number in range(MOST_DOCUMENTS):
        assert announce(credit, application_id, b"%d" % number).status == 201
    full = announce(credit, application_id)
    assert (full.status, full["code"], full["maximum"]) == (409, "too_many_application_documents", MOST_DOCUMENTS)
    assert credit.act(application_id, "withdraw").status == 200
    late = announce(credit, application_id)
    assert (late.status, late["code"]) == (409, "application_not_in_this_status")


def test_what_is_not_what_was_announced_or_does_not_come_within_a_day_goes(credit: Credit, pump: Pump) -> None:
    application_id = credit.apply("boc")
    announced = announce(credit, application_id)
    files.put(announced["upload"]["fields"]["key"], b"another file", "application/pdf")
    pump()
    announce(credit, application_id, b"never sent")
    assert [each["status"] for each in credit.see(application_id)["documents"]] == ["refused", "awaited"]
    assert in_bucket(application_id) == [], "what nobody wants is not kept"
    credit.time.advance(hours=24, milliseconds=-1)
    APPLICATIONS.sweep(credit.time.at)
    assert len(credit.see(application_id)["documents"]) == 2
    credit.time.advance(milliseconds=1)
    APPLICATIONS.sweep(credit.time.at)
    assert credit.see(application_id)["documents"] == []
    state = records.APPLICATIONS.load(application_id)
    assert state is not None
    assert state.documents == ()


def test_it_is_kept_until_its_retention_ends_be_the_application_over_or_not(credit: Credit, pump: Pump) -> None:
    application_id = credit.apply("boc")
    document_id = hand_in(credit, pump, application_id)
    assert credit.act(application_id, "withdraw").status == 200
    due = APPLICATIONS.due_at(application_id, credit.time.at)
    assert due is not None
    assert due.isoformat() == "2031-03-02T16:00:00+00:00"
    credit.time.at = due - timedelta(milliseconds=1)
    APPLICATIONS.sweep(credit.time.at)
    credit.streams()
    assert in_bucket(application_id) == [FILES.key_of(application_id, document_id)]
    credit.time.at = due
    APPLICATIONS.sweep(credit.time.at)
    credit.streams()
    assert (credit.see(application_id)["documents"], in_bucket(application_id)) == ([], [])


def test_announcing_is_one_read_beside_the_signer_and_one_transaction(credit: Credit, pump: Pump) -> None:
    application_id = credit.apply("boc")
    with calls() as sent:
        announce(credit, application_id)
    assert sent == ["GetItem", "GetItem", "TransactWriteItems"]
