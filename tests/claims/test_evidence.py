"""Files of evidence, from the announcement to the link, with everything that can go wrong on the way."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from msgspec.structs import replace

from chalicelib.claims.service import evidence
from chalicelib.shared import files as bucket
from chalicelib.shared.aws import client
from tests.dispute import Dispute, file_of, upload


def claimed(dispute: Dispute) -> str:
    return dispute.claim(dispute.received(), "quality_mismatch")


def status_of(dispute: Dispute, claim_id: str, evidence_id: str, by: str = "buyer") -> str | None:
    found = [file["status"] for file in dispute.see(claim_id, by)["evidence"] if file["id"] == evidence_id]
    return found[0] if found else None


def test_the_form_takes_exactly_the_announced_file(dispute: Dispute) -> None:
    body = file_of(b"proof", "photos")
    announced = dispute.do(claimed(dispute), "evidence", "buyer", body)
    fields = announced["upload"]["fields"]
    assert fields["key"].startswith("uploads/evidence/clm_")
    assert (fields["Content-Type"], announced["upload"]["most_bytes"]) == ("image/png", 5)
    assert fields["x-amz-checksum-sha256"] == "aM7i1wGZGFMpVfUSMjW9tEy9CAT1BpYvxqp10i2Ff5Q=" or len(
        fields["x-amz-checksum-sha256"]
    ) == len("aM7i1wGZGFMpVfUSMjW9tEy9CAT1BpYvxqp10i2Ff5Q=")


def test_a_file_is_staged_when_it_arrives_and_seen_by_the_other_side_when_it_is_submitted(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    evidence_id = dispute.evidence(claim_id, "buyer", "photos")
    assert status_of(dispute, claim_id, evidence_id) == "staged"
    assert status_of(dispute, claim_id, evidence_id, "supplier") is None
    assert dispute.see(claim_id, "supplier", f"/evidence/{evidence_id}").status == 404
    dispute.do(claim_id, f"evidence/{evidence_id}/submit", "buyer")
    assert status_of(dispute, claim_id, evidence_id, "supplier") == "submitted"
    link = dispute.see(claim_id, "supplier", f"/evidence/{evidence_id}")
    assert link["name"] == "photos.png"
    checklist = dispute.see(claim_id)["required_evidence"]
    assert next(item for item in checklist if item["code"] == "photos")["satisfied"]


def test_what_is_for_the_platform_only_stays_with_it(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    evidence_id = dispute.submitted(claim_id, "buyer", "photos", visibility="platform")
    assert status_of(dispute, claim_id, evidence_id, "supplier") is None
    assert status_of(dispute, claim_id, evidence_id, "officer-a") == "submitted"
    kinds = [entry["kind"] for entry in dispute.see(claim_id, "supplier", "/timeline")["items"]]
    assert not [kind for kind in kinds if "evidence" in kind]
    assert dispute.see(claim_id, "supplier", f"/evidence/{evidence_id}").status == 404


@pytest.mark.parametrize("content", [b"other", b"longer than announced", b""])
def test_another_file_than_was_announced_is_refused_by_name(dispute: Dispute, content: bytes) -> None:
    claim_id = claimed(dispute)
    announced = dispute.do(claim_id, "evidence", "buyer", file_of(b"proof", "photos"))
    upload(announced, content)
    dispute.pump(times=2)
    file = dispute.see(claim_id)["evidence"][0]
    assert (file["status"], file["why"][:16]) == ("refused", "evidence_differs")
    assert dispute.act(claim_id, f"evidence/{file['id']}/submit", "buyer")["code"] == "evidence_handed_in"


def test_another_type_than_was_announced_is_refused(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    upload(dispute.do(claim_id, "evidence", "buyer", file_of(b"proof", "photos")), b"proof", "text/html")
    dispute.pump()
    assert dispute.see(claim_id)["evidence"][0]["status"] == "refused"


def test_a_file_that_is_swapped_after_it_arrived_changes_nothing(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    announced = dispute.do(claim_id, "evidence", "buyer", file_of(b"proof", "photos"))
    upload(announced, b"proof")
    dispute.pump()
    upload(announced, b"forged")
    dispute.pump()
    assert status_of(dispute, claim_id, announced["evidence_id"]) == "staged"


def test_a_form_that_is_used_again_after_submission_changes_nothing_that_anybody_reads(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    body = file_of(b"proof", "photos")
    announced = dispute.do(claim_id, "evidence", "buyer", body)
    upload(announced, b"proof")
    dispute.pump()
    dispute.do(claim_id, f"evidence/{announced['evidence_id']}/submit", "buyer")
    upload(announced, b"forged")
    dispute.pump()
    for by in ("buyer", "supplier", "officer-a"):
        link = dispute.see(claim_id, by, f"/evidence/{announced['evidence_id']}")
        assert (downloaded(link["url"]), link["sha256"]) == (b"proof", body["sha256"])


def test_the_version_that_arrived_counts_however_late_its_event_is_heard(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    announced = dispute.do(claim_id, "evidence", "buyer", file_of(b"proof", "photos"))
    upload(announced, b"proof")
    upload(announced, b"forged")
    dispute.pump()
    assert status_of(dispute, claim_id, announced["evidence_id"]) == "staged"
    assert downloaded(dispute.see(claim_id, "buyer", f"/evidence/{announced['evidence_id']}")["url"]) == b"proof"


def test_a_file_that_is_gone_or_is_not_what_it_was_is_given_to_nobody(
    dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_id = claimed(dispute)
    evidence_id = dispute.submitted(claim_id, "buyer", "photos")
    path, seen = f"/evidence/{evidence_id}", bucket.seen
    with monkeypatch.context() as patch:
        patch.setattr(bucket, "seen", lambda arrived: replace(seen(arrived), sha256="0" * 64))
        for by in ("buyer", "supplier", "officer-a"):
            refused = dispute.see(claim_id, by, path)
            assert (refused.status, refused["code"]) == (409, "evidence_altered")
    assert dispute.see(claim_id, "supplier", path).status == 200
    version = parse_qs(urlsplit(dispute.see(claim_id, "buyer", path)["url"]).query)["versionId"][0]
    key = f"uploads/evidence/{claim_id}/{evidence_id}"
    client("s3").delete_object(Bucket=bucket.bucket(), Key=key, VersionId=version)
    bucket.put(key, b"proof", "image/png")
    assert dispute.see(claim_id, "supplier", path)["code"] == "evidence_altered"


def test_a_bucket_that_keeps_no_versions_takes_no_evidence(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    announced = dispute.do(claim_id, "evidence", "buyer", file_of(b"proof", "photos"))
    data = {"ContentLength": 5, "ContentType": "image/png"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client("s3"), "head_object", lambda **asked: data)
        with pytest.raises(bucket.KeepsNoVersions):
            evidence.file_arrived(bucket.Arrived(announced["upload"]["fields"]["key"], 5, "etag"))
    assert status_of(dispute, claim_id, announced["evidence_id"]) == "awaited"


def downloaded(url: str) -> bytes:
    """What a link leads to, fetched as its address says."""
    where = urlsplit(url)
    version = parse_qs(where.query)["versionId"][0]
    key = unquote(where.path).partition(f"{bucket.bucket()}/")[2]
    content: bytes = client("s3").get_object(Bucket=bucket.bucket(), Key=key, VersionId=version)["Body"].read()
    return content


def test_the_same_file_twice_is_named(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    evidence_id = dispute.evidence(claim_id, "buyer", "photos")
    again = dispute.act(claim_id, "evidence", "buyer", file_of(b"proof", "photos"))
    assert (again.status, again["code"], again["evidence_id"]) == (409, "evidence_known", evidence_id)
    assert dispute.act(claim_id, "evidence", "supplier", file_of(b"proof", "test_report")).status != 409


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": 10_000_001}, "file_too_large"),
        ({"size": 0}, "file_empty"),
        ({"code": "hearsay"}, "unknown_evidence"),
        ({"media_type": "application/zip"}, "media_type_not_taken"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_name(dispute: Dispute, changes: dict[str, Any], code: str) -> None:
    refused = dispute.act(claimed(dispute), "evidence", "buyer", file_of(b"proof", "photos") | changes)
    assert (refused.status, refused["code"]) == (422, code)


def test_the_room_of_a_round_is_that_of_one_party(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    for number in range(5):
        dispute.do(claim_id, "evidence", "buyer", file_of(b"%d" % number, "photos") | {"size": 10_000_000})
    refused = dispute.act(claim_id, "evidence", "buyer", file_of(b"6", "photos"))
    assert (refused["code"], refused["maximum"]) == ("too_much_in_all", 0)
    announced = dispute.see(claim_id)["evidence"][0]["id"]
    dispute.do(claim_id, f"evidence/{announced}/remove", "buyer")
    assert dispute.act(claim_id, "evidence", "buyer", file_of(b"6", "photos")).status == 201


def test_nothing_is_submitted_that_has_not_arrived(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    announced = dispute.do(claim_id, "evidence", "buyer", file_of(b"proof", "photos"))["evidence_id"]
    refused = dispute.act(claim_id, f"evidence/{announced}/submit", "buyer")
    assert (refused.status, refused["code"]) == (409, "evidence_not_arrived")


def test_what_was_handed_in_stays(dispute: Dispute) -> None:
    claim_id = claimed(dispute)
    evidence_id = dispute.submitted(claim_id, "buyer", "photos")
    assert dispute.act(claim_id, f"evidence/{evidence_id}/remove", "buyer")["code"] == "evidence_handed_in"
    assert dispute.act(claim_id, f"evidence/{evidence_id}/remove", "supplier").status == 404


def test_a_file_of_no_claim_is_left_alone(dispute: Dispute) -> None:
    bucket.put("uploads/evidence/clm_01JAZ3V5W8N0R4T6Y8B1D3F5H7_01/evd_1", b"x", "image/png")
    bucket.put("uploads/evidence/nonsense", b"x", "image/png")
    assert dispute.pump() == 2


def test_bytes_do_not_pass_through_where_the_bucket_knows_the_sum(
    dispute: Dispute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bucket of the cloud computes the SHA-256 of what it takes; only one that keeps none has its file read."""
    kept = "aM7i1wGZGFMpVfUSMjW9tEy9CAT1BpYvxqp10i2Ff5Q="
    data = {"ContentLength": 5, "ContentType": "image/png", "ChecksumSHA256": kept, "VersionId": "v1"}
    monkeypatch.setattr(client("s3"), "head_object", lambda **asked: data | {"asked": asked})
    monkeypatch.setattr(client("s3"), "get_object", lambda **asked: pytest.fail("the file was read"))
    seen = bucket.seen(bucket.Arrived("uploads/evidence/x", 5, "etag", "v1"))
    assert (seen.size_bytes, seen.media_type, len(seen.sha256)) == (5, "image/png", 64)


def test_what_was_handed_in_for_a_claim_that_lapsed_is_in_the_next_one_and_can_be_fetched(dispute: Dispute) -> None:
    order_id = dispute.received()
    first = dispute.claim(order_id, "quality_mismatch")
    name = dispute.submitted(first, "supplier", "test_report")
    dispute.trade.time.advance(hours=72)
    dispute.do(first, "escalate", "buyer")
    dispute.do(first, "open-evidence", "officer-a")
    dispute.trade.time.advance(hours=120)
    reply = dispute.see(first)
    assert (reply["status"], reply["why"][:4]) == ("lapsed", "EV-1")
    second = dispute.claim(order_id, "quality_mismatch")
    (file,) = dispute.see(second)["evidence"]
    assert (file["id"], file["status"], file["carried_from"], file["round"]) == (name, "submitted", first, 0)
    assert dispute.see(second, "supplier", f"/evidence/{name}").status == 200
    link = dispute.see(second, "buyer", f"/evidence/{name}")
    assert first in link["url"]
