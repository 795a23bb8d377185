"""A bank reads who stands behind a firm while the firm consents to that, each time with an entry; any other bank finds nothing."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.firms.examples import ACCOUNT, ERASE, SIGNER
from tests.credit.borrowing import Borrower
from tests.firms.office import OFFICER, Office, office
from tests.world import Reply, token

__all__ = ["office"]

BOC, CMB = token("bank", "boc"), token("bank", "cmb")


def read(office: Office, by: str = BOC) -> Reply:
    return office.see("/persons", by)


def consents(office: Office, person_id: str, *data_classes: str) -> Borrower:
    borrower = Borrower(office.api, office.time, office.firm_id, person_id)
    borrower.consent("boc", data_classes=list(data_classes))
    return borrower


def test_a_bank_with_a_live_consent_reads_who_signs_and_where_to_pay(office: Office) -> None:
    person_id = office.verified()
    consents(office, person_id, "persons")
    [person] = read(office)["people"]
    assert (person["id"], person["name"], person["powers"]) == (person_id, SIGNER["name"], SIGNER["powers"])
    assert person["verified_at"] is not None
    [account] = read(office)["settlement_accounts"]
    assert account["number"] == ACCOUNT["number"]
    disclosed = [line["payload"] for line in office.see("/timeline")["items"] if line["kind"] == "firm.disclosed"]
    assert [(line["disclosed_to"], line["consent_id"][:4]) for line in disclosed] == [("boc", "cns_")] * 2


def test_whoever_has_no_consent_finds_what_it_finds_where_there_is_no_firm(office: Office) -> None:
    person_id = office.verified()
    nobody = office.api.get("/v1/firms/mem_0000000000000000000000000Z/persons", BOC, X_Request_Id="r")
    consents(office, person_id, "profile")
    for by in (BOC, CMB):
        reply = office.see("/persons", by)
        assert (reply.status, reply["code"], reply["title"]) == (404, nobody["code"], nobody["title"])
        assert reply["detail"].replace(office.firm_id, "") == nobody["detail"].replace(
            "mem_0000000000000000000000000Z", ""
        )
    assert not [line for line in office.see("/timeline")["items"] if line["kind"] == "firm.disclosed"]
    assert office.see("/persons", OFFICER).status == 403
    assert office.see("/persons", office.firm).status == 403


def test_nothing_is_read_from_the_moment_a_consent_is_withdrawn(office: Office) -> None:
    person_id = office.verified()
    borrower = Borrower(office.api, office.time, office.firm_id, person_id)
    consent_id = borrower.consent("boc", data_classes=["persons"])
    assert read(office).status == 200
    borrower.withdraw(consent_id)
    assert read(office).status == 404
    office.time.at += timedelta(days=1)
    assert read(office).status == 404


def test_a_bank_reads_nothing_of_whoever_was_erased(office: Office) -> None:
    person_id = office.verified()
    consents(office, person_id, "persons")
    office.do(f"people/{person_id}/erase", ERASE)
    assert read(office)["people"] == []
