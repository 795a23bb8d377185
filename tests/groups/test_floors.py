"""What a rule sheet costs the engine: each record is read once, and all that changes is one transaction."""

from __future__ import annotations

from tests.groups.signing import Signers, sheet_for
from tests.round_trips import calls

GROUP = SHEET = SIGNER = "GetItem"
SALES = "Query"
MARKS = POSITION = "GetItem"


def test_proposing_reads_the_group(signers: Signers) -> None:
    signers.vet(3)
    with calls() as sent:
        assert signers.ask(2, "rule-sheets", sheet_for(1, 2, 3)).status == 201
    assert sent == [GROUP, "TransactWriteItems"]


def test_a_briefing_is_asked_and_answered_with_the_group_and_its_sheet(signers: Signers) -> None:
    signers.vet(3)
    body = {"document_sha256": signers.propose()["draft_sha256"], "answers": signers.key(1)}
    firm = signers.join(1)
    with calls() as sent:
        assert firm.get(f"{signers.path}/briefing").status == 200
        assert signers.ask(1, "briefing", body).status == 200
    assert sent == [GROUP, SHEET, GROUP, SHEET, "TransactWriteItems"]


def test_signing_reads_the_group_the_signer_the_sheet_and_the_members_own_sales(signers: Signers) -> None:
    signers.vet(3)
    signers.attest_all()
    body = {"document_sha256": signers.propose()["draft_sha256"]}
    for number in (1, 2, 3):
        signers.brief(number)
    with calls() as sent:
        assert signers.ask(1, "rule-sheets/1/sign", body).status == 200
    assert sent == [GROUP, SIGNER, SHEET, SALES, "TransactWriteItems"]
    signers.sign(2)
    with calls() as sent:
        assert signers.ask(3, "rule-sheets/1/sign", body)["status"] == "sealed"
    assert sent == [GROUP, SIGNER, SHEET, SALES, "BatchGetItem", POSITION, "TransactWriteItems"], "marks of all, once"


def test_a_member_reads_the_day_book_of_nobody_else(signers: Signers) -> None:
    signers.vet(3)
    signers.propose(shows_exposures="all")
    firm = signers.join(1)
    with calls() as sent:
        assert len(firm.get(f"{signers.path}/exposure")["seats"]) == 3
    assert sent == [GROUP, SHEET, SALES]
