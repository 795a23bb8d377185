"""A guarantor's points, through signed events of the bank: a share that is honoured on time, and one that is not any more."""

from __future__ import annotations

from chalicelib.conduct import jobs
from chalicelib.shared.journal import JournalRow
from tests.guarantees.standing import Standing, bank, standing

__all__ = ["bank", "standing"]

M = 100_000_000


def made_of(standing: Standing, letter: str) -> list[tuple[str, str, int]]:
    path = f"/v1/members/{standing.members[letter]}/incentives"
    items = standing.api.get(path, standing.token(letter))["items"]
    return [(each["kind"], each["status"], each["points"]) for each in items]


def test_a_guarantor_that_pays_its_share_on_time_earns_points_once_and_loses_them_with_the_payment(
    standing: Standing,
) -> None:
    call_id = standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 200_000_00, bank_ref="B-200")
    for row in JournalRow.scan():
        jobs.follow(row.entry())
    assert made_of(standing, "B") == [("share_honoured", "standing", 10)]
    assert made_of(standing, "C") == []
    loan_id = standing.loans["A"]
    standing.tell(loan_id, "repayment.reversed", original_bank_ref="B-200", amount=200_000_00, reason="recalled")
    assert made_of(standing, "B") == [("share_honoured", "reversed", 10)]
    standing.run(days=25)
    standing.pay("A", "B", 200_000_00, bank_ref="B-201")
    standing.pay("A", "C", 200_000_00)
    assert standing.see(call_id)["status"] == "paid"
    assert made_of(standing, "B") == [("share_honoured", "reversed", 10)], "paid, and late"
    assert made_of(standing, "C") == []


def test_a_guarantor_whose_share_is_given_back_keeps_its_points(standing: Standing) -> None:
    standing.called("A", 400_000_00, {"B": M, "C": M})
    standing.pay("A", "B", 200_000_00, bank_ref="B-200")
    standing.pay("A", "A", 400_000_00)
    standing.tell(
        standing.loans["A"], "repayment.reversed", original_bank_ref="B-200", amount=200_000_00, reason="refund"
    )
    assert made_of(standing, "B") == [("share_honoured", "standing", 10)]
