"""A loan whose borrower is sanctioned: proposed and withdrawn, proposed and approved, appealed, upheld, lifted."""

from __future__ import annotations

from benchmarks.floors import lending, servicing
from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.conduct.examples import APPEAL, DECIDE_APPEAL, LIFT, PROPOSE
from chalicelib.credit.examples import CONSENT
from chalicelib.loans.examples import DRAW


def play(stage: Stage) -> None:
    stage.time.begin()
    firm = stage.register("sanctioned-firm")
    signer = stage.signer(firm)
    stage.call("/v1/consents", firm, CONSENT | {"bank_ids": ["boc"]}, expect=201, person=signer)
    line_id = lending.line(stage, firm, "boc-revolving")
    stage.time.advance(minutes=1)
    loan = stage.call(f"/v1/credit-lines/{line_id}/draws", firm, DRAW, expect=201, person=signer)["id"]
    lent = {"amount": 300_000_00, "value_date": "2026-03-02", "rate_bp": 1200, "schedule": servicing.ROWS}
    bank_says(stage, "draw.disbursed", servicing.head(loan, 1) | lent, "bank: a draw is disbursed")
    stage.time.advance(minutes=1)
    proposal = PROPOSE | {"loan_id": loan, "measure": "suspension", "ground": "false_data", "evidence_ids": [loan]}
    first = stage.call("/v1/sanctions", "officer-1", proposal, expect=201, command="propose a sanction")["id"]
    stage.call(f"/v1/sanctions/{first}/withdraw", "officer-1", command="withdraw a sanction")
    stage.time.advance(minutes=1)
    about = f"/v1/sanctions/{stage.call('/v1/sanctions', 'officer-1', proposal, expect=201)['id']}"
    stage.call(f"{about}/approve", "officer-2")
    stage.call(f"{about}/approve", "officer-3", command="approve a sanction")
    stage.call(f"{about}/appeal", firm, APPEAL, command="appeal against a sanction")
    upheld = DECIDE_APPEAL | {"outcome": "upheld"}
    stage.call(f"{about}/decide-appeal", "officer-4", upheld, command="decide an appeal against a sanction")
    stage.call(f"{about}/lift", "officer-1", LIFT, command="lift a sanction")
    stage.leave()
