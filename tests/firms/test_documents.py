"""Documents of a firm: exactly what was announced is kept, until its retention ends or its person is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.firms.declared import FIRMS
from chalicelib.firms.service import uploads
from chalicelib.shared import files
from chalicelib.shared.aws import client
from chalicelib.shared.files import Arrived
from tests.firms.office import LICENCE, OFFICER, Office, office

__all__ = ["office"]


def versions(office: Office) -> list[str]:
    """Keys of everything of the firm's that is in the bucket, once for each version."""
    prefix = f"{uploads.FILES.prefix}{office.firm_id}/"
    listed = client("s3").list_object_versions(Bucket=files.bucket(), Prefix=prefix)
    return [version["Key"] for version in (*listed.get("Versions", []), *listed.get("DeleteMarkers", []))]


def test_a_document_is_kept_if_it_is_what_was_announced(office: Office) -> None:
    office.register()
    announced = office.document()
    assert announced["upload"]["most_bytes"] == len(LICENCE)
    assert [each["status"] for each in announced["firm"]["documents"]] == ["awaited"]
    assert office.see(f"/documents/{announced['document_id']}").status == 404
    files.put(announced["upload"]["fields"]["key"], LICENCE, "application/pdf")
    office.pump(times=2)
    [document] = office.see()["documents"]
    assert (document["status"], document["retained_until"]) == ("kept", "2031-03-02")
    link = office.see(f"/documents/{document['id']}")
    assert (link["name"], link["sha256"]) == ("business_licence", document["sha256"])
    assert office.see(f"/documents/{document['id']}", OFFICER).status == 403
    assert "business_licence" not in office.see()["missing"]


def test_another_file_than_was_announced_is_refused_and_can_be_removed(office: Office) -> None:
    office.register()
    document_id = office.hand_in(arrives=b"another file")
    assert [each["status"] for each in office.see()["documents"]] == ["refused"]
    assert "business_licence" in office.see()["missing"]
    assert versions(office) == [], "what nobody wants is not kept"
    assert office.do(f"documents/{document_id}/remove")["documents"] == []


def test_a_document_that_does_not_come_within_a_day_is_awaited_no_longer(office: Office) -> None:
    office.register()
    announced = office.document()
    office.time.advance(hours=24, milliseconds=-1)
    FIRMS.sweep(office.time.at)
    assert [each["status"] for each in office.see()["documents"]] == ["awaited"]
    office.time.advance(milliseconds=1)
    FIRMS.sweep(office.time.at)
    assert office.see()["documents"] == []
    files.put(announced["upload"]["fields"]["key"], LICENCE, "application/pdf")
    office.pump()
    assert (office.see()["documents"], versions(office)) == ([], [])


def test_the_same_file_is_announced_once_and_a_repeated_request_gives_the_form_again(office: Office) -> None:
    office.register()
    body = {"kind": "articles", "media_type": "application/pdf", "size": 3, "sha256": "a" * 64}
    first, again = (office.do("documents", body, key="k") for _ in range(2))
    assert first["document_id"] == again["document_id"]
    assert again["upload"] is not None
    twice = office.ask("documents", body)
    assert (twice.status, twice["code"], twice["document_id"]) == (409, "document_known", first["document_id"])


def test_a_kept_document_goes_when_its_retention_ends_and_no_sooner(office: Office) -> None:
    office.register()
    document_id = office.hand_in()
    refused = office.ask(f"documents/{document_id}/remove")
    assert (refused.status, refused["code"], refused["retained_until"]) == (409, "document_kept", "2031-03-02")
    office.time.at = FIRMS.due_at(office.firm_id, office.time.at) or office.time.at
    while (due := FIRMS.due_at(office.firm_id, office.time.at)) and due.year < 2031:
        office.time.at = due
        FIRMS.sweep(office.time.at)
    assert due is not None
    office.time.at = due - timedelta(milliseconds=1)
    FIRMS.sweep(office.time.at)
    office.streams()
    assert len(versions(office)) == 1
    office.time.at = due
    FIRMS.sweep(office.time.at)
    office.streams()
    assert (office.see()["documents"], versions(office)) == ([], [])


def test_a_file_of_somebody_who_was_erased_meanwhile_is_not_kept(office: Office) -> None:
    office.register()
    person_id = office.person()
    announced = office.document(kind="identity", person_id=person_id)
    office.do(f"people/{person_id}/erase", {"reason": "asked for"})
    key = announced["upload"]["fields"]["key"]
    files.put(key, LICENCE, "application/pdf")
    office.pump()
    assert versions(office) == []


def test_a_file_that_is_told_of_twice_stays(office: Office) -> None:
    office.register()
    document_id = office.hand_in()
    key = uploads.FILES.key_of(office.firm_id, document_id)
    uploads.FILES.file_arrived(Arrived(key, len(LICENCE), ""))
    assert versions(office) == [key]


@pytest.mark.parametrize("fields", [{"size": 0}, {"size": 20_000_001}, {"media_type": "pdf"}, {"sha256": "x"}])
def test_a_document_of_a_wrong_form_is_refused_by_its_field(office: Office, fields: dict[str, object]) -> None:
    office.register()
    body = {"kind": "articles", "media_type": "application/pdf", "size": 3, "sha256": "a" * 64} | fields
    reply = office.ask("documents", body)
    assert (reply.status, reply["param"]) == (400, next(iter(fields)))


def test_a_document_is_about_a_person_of_the_firm(office: Office) -> None:
    office.register()
    body = {"kind": "identity", "media_type": "image/png", "size": 3, "sha256": "a" * 64}
    assert office.ask("documents", body | {"person_id": "per_0000000000000000000000000Z"}).status == 404
