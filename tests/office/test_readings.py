"""Officers who open files: each reading is an entry, and changes nothing of the thing that the file is of."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

import pytest

from chalicelib.shared.files import LINK_LASTS, Link
from tests.api.api_requests import endpoints, name
from tests.dispute import Dispute
from tests.world import token

ADMIN: Final = token("officer", "officer-1", "admin")
CHANNELS: Final = token("officer", "officer-2", "channels")

OF_SOMEBODY: Final = {
    "GET /v1/claims/{claim_id}/evidence/{evidence_id}": "tests.office.test_readings::test_an_officer_who_opens_evidence_leaves_an_entry_for_as_long_as_the_address_lasts",
    "GET /v1/credit-applications/{application_id}/documents/{document_id}": "tests.credit.test_application_documents::test_what_a_bank_asked_for_is_handed_in_supplied_and_read_by_that_bank",
    "GET /v1/nominations/{nomination_id}/documents/{document_id}": "tests.channels.test_nominations::test_a_document_is_fetched_by_the_agency_and_officers_and_goes_when_its_retention_ends",
    "GET /v1/peer-reports/{report_id}/documents/{document_id}": "tests.conduct.test_peer_reports::test_files_come_past_us_and_each_reading_by_an_officer_is_an_entry",
}
OF_GOODS: Final = {"GET /v1/listings/{listing_id}/documents/{document_id}"}
"""Pictures of what is on sale, or was to be, tell nothing of anybody."""


def opened(dispute: Dispute, about: str, by: str = ADMIN) -> list[dict[str, Any]]:
    """Who opened what of a thing, the newest first."""
    dispute.streams(tables=["journal"])
    page = dispute.trade.api.get(f"/v1/entries?about={about}", by)
    return [entry for entry in page["items"] if entry["type"] == "file.opened"]


def test_an_officer_who_opens_evidence_leaves_an_entry_for_as_long_as_the_address_lasts(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.received(), "quality_mismatch")
    evidence_id = dispute.submitted(claim_id, "buyer", "photos")
    path, before = f"/evidence/{evidence_id}", dispute.see(claim_id)["version"]
    for who in ("buyer", "supplier", "officer-a", "officer-a", "officer-b"):
        assert dispute.see(claim_id, who, path).status == 200
    entries = opened(dispute, claim_id)
    assert sorted(entry["actor"] for entry in entries) == ["officer-a", "officer-b"], "parties open their own files"
    assert {entry["about"] for entry in entries} == {claim_id}
    assert [entry["payload"]["document_id"] for entry in entries] == [evidence_id] * 2
    assert {entry["href"] for entry in entries} == {f"/v1/claims/{claim_id}"}
    assert dispute.see(claim_id)["version"] == before, "what is decided about it meanwhile is not stale"
    dispute.trade.time.advance(seconds=LINK_LASTS.total_seconds())
    assert dispute.see(claim_id, "officer-a", path).status == 200
    assert [entry["actor"] for entry in opened(dispute, claim_id)].count("officer-a") == 2


def test_a_reading_is_seen_by_whose_duty_opens_the_thing_and_by_no_party(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.received(), "quality_mismatch")
    evidence_id = dispute.submitted(claim_id, "buyer", "photos")
    dispute.see(claim_id, "officer-a", f"/evidence/{evidence_id}")
    assert len(opened(dispute, claim_id, dispute.token("officer-b"))) == 1
    assert opened(dispute, claim_id, CHANNELS) == []
    assert dispute.trade.api.get(f"/v1/entries?about={claim_id}", dispute.trade.buyer).status == 403
    own = dispute.trade.api.get("/v1/entries", dispute.token("officer-a"))["items"]
    assert "file.opened" in [entry["type"] for entry in own]
    kinds = [entry["kind"] for entry in dispute.see(claim_id, "buyer", "/timeline")["items"]]
    assert "file.opened" not in kinds


def test_what_is_refused_is_no_reading(dispute: Dispute) -> None:
    claim_id = dispute.claim(dispute.received(), "quality_mismatch")
    staged = dispute.evidence(claim_id, "buyer", "photos")
    assert dispute.see(claim_id, "officer-a", "/evidence/evd_none").status == 404
    assert dispute.see(claim_id, "supplier", f"/evidence/{staged}").status == 404
    assert opened(dispute, claim_id) == []


def test_every_file_of_somebody_that_officers_open_is_among_those_whose_readings_are_tested() -> None:
    opened_by_officers = {
        name(endpoint) for endpoint in endpoints() if endpoint.response is Link and "officer" in endpoint.by.roles
    }
    assert opened_by_officers == OF_SOMEBODY.keys() | OF_GOODS


@pytest.mark.parametrize("place", OF_SOMEBODY.values())
def test_the_tests_of_readings_are_where_they_are_said_to_be(place: str) -> None:
    module, _, test = place.partition("::")
    assert hasattr(import_module(module), test)
