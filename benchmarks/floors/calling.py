"""A call on the guarantors of a loan in default: requested, checked and noticed, objected to, decided, and a share that fails."""

from __future__ import annotations

from benchmarks.floors import grouped
from benchmarks.floors.inbox import bank_says
from benchmarks.floors.servicing import PRINCIPAL, ROWS, head
from benchmarks.floors.stage import Stage
from chalicelib.guarantees.aggregate.calls import CALLS
from chalicelib.guarantees.examples import DECIDE_OBJECTION, OBJECT
from chalicelib.guarantees.rules.loan_facts import call_id_of
from chalicelib.loans.aggregate import LOANS
from chalicelib.shared.periods import business_date, wire

UNPAID_DAYS = 95
"""Until nobody has paid the instalment of June."""
INTEREST = ROWS[0]["interest"]


def play(stage: Stage) -> None:
    stage.time.begin()
    firms = [stage.register(f"calling-{number}") for number in (1, 2, 3)]
    call_id = _called(stage, grouped.lent(stage, firms))
    about = f"/v1/guarantee-calls/{call_id}"
    stage.call(f"{about}/notice", "officer-1", command="check a call")
    stage.call(f"{about}/notice", "officer-2", command="give notice of a call")
    stage.follow()
    stage.time.advance(minutes=1)
    objected = stage.call(f"{about}/shares/2/objections", firms[1], OBJECT, command="object to a share")
    objection = objected["shares"][0]["objections"][0]["id"]
    stage.time.advance(minutes=1)
    decide = f"{about}/objections/{objection}/decide"
    stage.call(decide, "officer-3", DECIDE_OBJECTION, command="decide an objection")
    for seat in (3, 2):
        _let_lapse(stage, call_id, seat)
    stage.call(f"{about}/shares/2/fail", "officer-1", command="confirm that a guarantor has failed")
    stage.leave()


def _called(stage: Stage, loan_id: str) -> str:
    """The call that its bank requests when the debtor has not paid."""
    stage.time.advance(days=UNPAID_DAYS)
    LOANS.catch_up(loan_id, stage.time.at)
    at, today = wire(stage.time.at), business_date(stage.time.at).isoformat()
    certified = {"principal": PRINCIPAL, "interest": INTEREST, "penalty": 0, "cut_off": today}
    for seq, (kind, data, command) in enumerate(
        (
            ("default.declared", {"cause": "unlikely_to_pay", "amount": PRINCIPAL}, "bank: a default is declared"),
            ("call.requested", {"call_id": "C-1"} | certified, "bank: a call is requested"),
        ),
        2,
    ):
        data_of_event = head(loan_id, seq) | {"occurred_at": at, "business_date": today} | data
        event = bank_says(stage, kind, data_of_event, command)
        seen = stage.see(f"/v1/bank-events/{event}", "officer-1")
        assert seen["status"] == "applied", seen
    stage.follow()
    return call_id_of(loan_id, "B-3")


def _let_lapse(stage: Stage, call_id: str, seat: int) -> None:
    """The days of grace of a share pass."""
    loaded = CALLS.load(call_id, stage.time.at)
    assert loaded is not None, "it was requested"
    share = loaded.state.share(seat)
    fails_at = loaded.state.fails_at(share) if share else None
    assert fails_at is not None, "it is unpaid"
    stage.time.at = fails_at
    stage.measured("clock: a share is overdue", lambda: CALLS.catch_up(call_id, stage.time.at))
