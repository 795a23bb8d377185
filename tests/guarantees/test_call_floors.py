"""What a call costs the engine: a command reads the call, its loan, its group and the group's other calls, and is one transaction."""

from __future__ import annotations

from tests.guarantees.calling import SEATS
from tests.guarantees.standing import ANN, BOB, CID, Standing, bank, standing
from tests.round_trips import calls

__all__ = ["bank", "standing"]

M = 100_000_000
FACTS = ["GetItem", "GetItem", "Query"]
"""Loan, group, which other calls there are."""


def opened(standing: Standing) -> str:
    loan_id = standing.lend("A", 300_000_00, {"B": M, "C": M})
    standing.default(loan_id)
    return standing.request(loan_id, 300_000_00)


def test_check_and_notice_are_the_call_its_facts_and_one_transaction(standing: Standing) -> None:
    call_id = opened(standing)
    for officer in (ANN, BOB):
        with calls() as sent:
            assert standing.api.post(f"/v1/guarantee-calls/{call_id}/notice", None, officer).status == 200
        assert sent == ["GetItem", *FACTS, "TransactWriteItems"]


def test_an_objection_is_the_call_and_one_transaction_and_its_decision_the_facts_too(standing: Standing) -> None:
    call_id = opened(standing)
    standing.notice(call_id)
    path = f"/v1/guarantee-calls/{call_id}"
    with calls() as sent:
        body = {"reason": "We had left before this loan was drawn."}
        reply = standing.api.post(f"{path}/shares/{SEATS['B']}/objections", body, standing.token("B"))
    assert sent == ["GetItem", "TransactWriteItems"]
    (share,) = reply["shares"]
    with calls() as sent:
        body = {"decision": "dismissed", "answer": "You were sealed in."}
        decided = standing.api.post(f"{path}/objections/{share['objections'][0]['id']}/decide", body, CID)
    assert decided.status == 200
    assert sent == ["GetItem", *FACTS, "TransactWriteItems"]


def test_a_look_at_a_call_is_one_read_and_its_statement_four(standing: Standing) -> None:
    call_id = opened(standing)
    for path, reads in (("", ["GetItem"]), ("/statement", ["GetItem", "Query", "Query", "BatchGetItem"])):
        with calls() as sent:
            assert standing.api.get(f"/v1/guarantee-calls/{call_id}{path}", ANN).status == 200
        assert sent == reads
