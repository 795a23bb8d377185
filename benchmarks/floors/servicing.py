"""A loan that its bank tells of: disbursed, paid, the payment taken back; a pause that is asked for, another schedule proposed and signed."""

from __future__ import annotations

from typing import Any

from benchmarks.floors import lending
from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.credit.examples import CONSENT
from chalicelib.loans.examples import DRAW

PRINCIPAL = 300_000_00
ROWS = [{"number": 1, "due_date": "2026-06-02", "principal": PRINCIPAL, "interest": 9_200_00}]


def play(stage: Stage) -> None:
    stage.time.begin()
    firm = stage.register("servicing-firm")
    signer = stage.signer(firm)
    stage.call("/v1/consents", firm, CONSENT | {"bank_ids": ["boc"]}, expect=201, person=signer)
    line_id = lending.line(stage, firm, "boc-revolving")
    stage.time.advance(minutes=1)
    drawn = stage.call(f"/v1/credit-lines/{line_id}/draws", firm, DRAW, expect=201, person=signer)
    about = f"/v1/loans/{drawn['id']}"
    paid = {"amount": 100_000_00, "bank_ref": "R-1"}
    for seq, (kind, data, command) in enumerate(
        (
            (
                "draw.disbursed",
                {"amount": PRINCIPAL, "value_date": "2026-03-02", "rate_bp": 1200, "schedule": ROWS},
                "bank: a draw is disbursed",
            ),
            ("repayment.received", paid, "bank: a repayment"),
            (
                "repayment.reversed",
                {"amount": 100_000_00, "bank_ref": "X-1", "original_bank_ref": "R-1"},
                "bank: a repayment is reversed",
            ),
        ),
        1,
    ):
        event = bank_says(stage, kind, head(drawn["id"], seq) | data, command)
        assert stage.see(f"/v1/bank-events/{event}", "officer-1")["status"] == "applied"
    pause = {"from_on": "2026-06-02", "to_on": "2026-06-30", "reason": "A flood has stopped the factory."}
    stage.call(f"{about}/hardship-requests", firm, pause, command="ask for a pause")
    later = {"schedule": [ROWS[0] | {"due_date": "2026-09-02"}], "reason": "After the season."}
    proposed = stage.call(f"{about}/restructurings", firm, later, command="propose another schedule")
    hash_ = {"hash": proposed["restructuring"]["hash"]}
    stage.call(f"{about}/restructurings/sign", firm, hash_, command="sign another schedule", person=signer)
    stage.leave()


def head(loan_id: str, seq: int) -> dict[str, Any]:
    return {
        "bank_ref": f"B-{seq}",
        "seq": seq,
        "occurred_at": "2026-03-02T02:00:00Z",
        "business_date": "2026-03-02",
        "loan_id": loan_id,
        "currency": "CNY",
    }
