"""While KMS is away, what needs a key says so by name and changes nothing, and everything else goes on."""

from __future__ import annotations

import pytest

from chalicelib.firms.examples import ACCOUNT, FIRM, SIGNER
from tests.faults import below
from tests.faults.test_store_faults import to
from tests.firms.office import OFFICER, Office, office
from tests.kms import kms

__all__ = ["kms", "office"]


@pytest.mark.parametrize("fault", below.ALL, ids=lambda fault: fault.__name__)
def test_what_needs_a_key_is_busy_and_the_rest_goes_on(office: Office, kms: None, fault: below.Fault) -> None:
    person_id = office.complete()
    before = office.see()["version"]
    with below.failing(fault, only=to("kms")) as seen:
        for reply in (
            office.see("/sealed"),
            office.see("/timeline"),
            office.ask("people", SIGNER, key="p"),
            office.ask(f"people/{person_id}/change", SIGNER),
            office.ask("settlement-accounts", ACCOUNT),
        ):
            assert (reply.status, reply["code"]) == (503, "busy"), reply.body
        assert seen.met >= 5
        assert office.see()["version"] == before
        assert office.see("/timeline", OFFICER).status == 200
        assert office.do("change", FIRM | {"size": "micro"})["size"] == "micro"
        office.do(f"people/{person_id}/erase", {"reason": "asked for"})
    assert office.do("people", SIGNER, key="p")["people"][0]["known"] == ["name", "id_number", "phone", "email"]
