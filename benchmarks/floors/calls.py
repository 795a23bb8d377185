"""A call on two guarantors of a loan in default: notice by two officers, an objection and its decision, a share that is failed, and what the clock does."""

from __future__ import annotations

from typing import Any, Final

from msgspec.structs import replace

from benchmarks.floors.settling import guaranteed
from benchmarks.floors.stage import Stage
from chalicelib.guarantees.aggregate.calls import CALLS, context_of, with_facts
from chalicelib.guarantees.examples import DECIDE_OBJECTION, OBJECT
from chalicelib.guarantees.rules import call_handling
from chalicelib.guarantees.rules.call import Certified
from chalicelib.guarantees.rules.loan_facts import call_id_of
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.rules.loan import CertifiedCall, Loan
from chalicelib.shared import policies
from chalicelib.shared.periods import business_date

REF: Final = "C-1"


def play(stage: Stage) -> None:
    stage.time.begin()
    debtor, first, second = (stage.register(f"calls-{name}") for name in ("debtor", "first", "second"))
    path = f"/v1/guarantee-calls/{_call(stage, debtor, first, second)}"
    stage.call(f"{path}/notice", "officer-1", command="check a call")
    stage.call(f"{path}/notice", "officer-2", command="give notice of a call")
    objected = stage.call(f"{path}/shares/2/objections", first, OBJECT, command="object to a share")
    [objection] = objected["shares"][0]["objections"]
    stage.call(
        f"{path}/objections/{objection['id']}/decide", "officer-3", DECIDE_OBJECTION, command="decide an objection"
    )
    call_id = path.rpartition("/")[2]
    loaded = CALLS.load(call_id, stage.time.at)
    assert loaded is not None
    stage.time.at = max(filter(None, map(loaded.state.fails_at, loaded.state.shares)))
    stage.measured("clock: shares are overdue", lambda: CALLS.catch_up(call_id, stage.time.at))
    stage.call(f"{path}/shares/3/fail", "officer-3", command="confirm that a guarantor failed")
    stage.heard.clear()


def _call(stage: Stage, debtor: str, *guarantors: str) -> str:
    """A call as the bank's request opens it."""
    now = stage.time.at
    today = business_date(now)

    def called(loan: Loan) -> Loan:
        call = CertifiedCall(
            call_id=REF,
            requested_ref=REF,
            requested_on=today,
            cut_off=today,
            principal_minor=loan.amount_minor,
            interest_minor=0,
            penalty_minor=0,
            ours_minor=loan.amount_minor,
            charged_until=today,
        )
        return replace(loan, status="called", defaulted_on=today, call=call)

    loan_id = guaranteed(stage, debtor, *guarantors, as_it_is=called)
    loaded = LOANS.load(loan_id, now)
    assert loaded is not None
    assert loaded.state.guarantee is not None
    loan, in_force = loaded.state, policies.in_force("guarantee-calls", today)
    context: Any = context_of(in_force.hash)
    call = call_handling.drawn_up(
        call_id_of(loan.id, REF),
        loan_id=loan.id,
        bank_id=loan.bank_id,
        debtor_id=debtor,
        call_ref=REF,
        currency=loan.currency,
        guarantee=loaded.state.guarantee,
        certified=Certified(
            cut_off=today,
            principal_minor=loan.amount_minor,
            interest_minor=0,
            penalty_minor=0,
            ours_minor=loan.amount_minor,
        ),
        weights={each.seat: each.limit_minor for each in loaded.state.guarantee.guarantors},
        context=context,
        policy_hash=in_force.hash,
        now=now,
    )
    context = with_facts(call, context, now)
    CALLS.create(call_handling.opened(call, context), context, stage.request("clock", "clock"))
    return call.id
