"""What applying costs the engine: nothing is read twice, and all that changes is one transaction."""

from __future__ import annotations

from chalicelib.credit.examples import SUPPLY
from tests.credit.applying import Credit, credit
from tests.credit.borrowing import OFFICER
from tests.round_trips import calls

__all__ = ["credit"]

SIGNER = "GetItem"
WITH_APPLICATION = "BatchGetItem"


def test_handing_in_reads_the_profile_once(credit: Credit) -> None:
    credit.borrower.consent("boc")
    application_id = credit.draft("boc")
    with calls() as sent:
        assert credit.act(application_id, "submit").status == 200
    assert len(sent) == 11
    assert sent[-1] == "TransactWriteItems"


def test_supplying_reads_the_application_the_review_with_it_the_signer_and_the_consents(credit: Credit) -> None:
    application_id = credit.apply("boc")
    credit.reviewed("review.started", application_id)
    credit.reviewed("review.info_requested", application_id, items=["Invoice 2026-118"])
    with calls() as sent:
        assert credit.act(application_id, "supply-information", SUPPLY | {"document_ids": ["doc_1"]}).status == 200
    assert sent == ["GetItem", WITH_APPLICATION, SIGNER, "Query", "BatchGetItem", "TransactWriteItems"]


def test_answering_an_offer_reads_its_review_its_application_and_the_signer(credit: Credit) -> None:
    for action in ("decline", "accept"):
        offer_id = credit.offered(credit.apply("boc"))
        with calls() as sent:
            assert credit.answer(offer_id, action).status == 200
        assert sent == ["GetItem", "BatchGetItem", "BatchGetItem", SIGNER, "TransactWriteItems"]


def test_signing_reads_the_agreement_with_its_application(credit: Credit) -> None:
    agreement_id = credit.agree(credit.apply("boc"))
    in_force = credit.agreement(agreement_id)["document_sha256"]
    with calls() as sent:
        assert credit.sign(agreement_id, in_force).status == 200
        assert credit.sign(agreement_id, in_force, OFFICER).status == 200
    assert sent == [WITH_APPLICATION, SIGNER, "TransactWriteItems", WITH_APPLICATION, "TransactWriteItems"]
