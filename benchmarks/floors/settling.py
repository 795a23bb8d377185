"""What members of a group owe one another: claims disputed, decided, waived and paid through a bank; a rescue; a pool that a bank keeps."""

from __future__ import annotations

from typing import Any

from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.groups.rules.guarantee import Guarantee, Guarantor
from chalicelib.guarantees.aggregate.member_claims import MEMBER_CLAIMS, context_of
from chalicelib.guarantees.examples import DECIDE_DISPUTE, DISPUTE, OPEN_POOL, RESCUE
from chalicelib.guarantees.rules import member_claim_handling
from chalicelib.guarantees.rules.member_claim import MemberClaim, Party
from chalicelib.loans.aggregate import LOANS
from chalicelib.loans.aggregate import context_of as context_of_loan
from chalicelib.loans.rules.loan import Loan, Portion
from chalicelib.shared import ids, policies
from chalicelib.shared.journal import Event
from chalicelib.shared.state_machine import Change

OWED = 150_000_00


def play(stage: Stage) -> None:
    stage.time.begin()
    debtor, creditor = stage.register("settling-debtor"), stage.register("settling-creditor")
    disputed, waived, paid = (f"/v1/member-claims/{_claim(stage, debtor, creditor)}" for _ in range(3))
    stage.time.advance(minutes=1)
    stage.call(f"{disputed}/dispute", debtor, DISPUTE, command="dispute a claim between members")
    stage.call(f"{disputed}/decide-dispute", "officer-1", DECIDE_DISPUTE, command="decide such a dispute")
    stage.call(f"{waived}/waive", creditor, command="waive a claim between members")
    event = bank_says(stage, "member_claim.received", _transfer(paid), "bank: a claim between members is paid")
    assert stage.see(f"/v1/bank-events/{event}", "officer-1")["status"] == "applied"
    loan_id = _guaranteed(stage, debtor, creditor)
    offered = stage.call(f"/v1/loans/{loan_id}/rescues", creditor, RESCUE, command="offer a rescue", expect=201)
    stage.call(f"/v1/member-claims/{offered['id']}/withdraw", creditor, command="withdraw a rescue")
    pool, empty = (
        stage.call("/v1/risk-pools", "officer-1", OPEN_POOL, command="open a pool", expect=201) for _ in range(2)
    )
    stage.call(f"/v1/risk-pools/{empty['id']}/close", "officer-1", command="close a pool")
    event = bank_says(stage, "pool.replenished", _replenished(pool["id"]), "bank: a pool is replenished")
    assert stage.see(f"/v1/bank-events/{event}", "officer-1")["status"] == "applied"
    stage.leave()


def _claim(stage: Stage, debtor: str, creditor: str) -> str:
    """A contribution as a call leaves it when the bank has its money."""
    now = stage.time.at
    in_force = policies.in_force("member-claims", now.date())
    claim = MemberClaim(
        id=ids.new_id("mcl", now),
        kind="contribution",
        loan_id=ids.new_id("lon", now),
        group_id=ids.new_id("grp", now),
        bank_id="boc",
        debtor=Party(2, debtor),
        creditor=Party(3, creditor),
        currency="CNY",
        minor=OWED,
        status="held",
        version=1,
        created_at=now,
        updated_at=now,
        policy=in_force.hash,
    )
    context = context_of(in_force.hash)
    change = member_claim_handling.opened(claim, is_payable=True, context=context)
    MEMBER_CLAIMS.create(change, context, stage.request("clock", "clock"))
    return claim.id


def _guaranteed(stage: Stage, debtor: str, guarantor: str) -> str:
    """A loan of which an instalment falls due today, and for which a member stands."""
    now = stage.time.at
    today = now.date()
    policy = policies.in_force("credit-products", today).hash
    terms = Guarantee(
        group_id=ids.new_id("grp", now),
        seat=1,
        sheet_version=1,
        sheet_sha256="0" * 64,
        mode="joint_capped",
        weight_basis="limit",
        guarantors=(Guarantor(seat=2, member_id=guarantor, limit_minor=OWED),),
        until_months=6,
        due_business_days=10,
        grace_business_days=5,
    )
    portion = Portion(
        number=1,
        from_on=today,
        until_on=today,
        due_on=today,
        principal_minor=OWED,
        interest_minor=0,
        fee_minor=0,
        balance_minor=OWED,
    )
    loan = Loan(
        id=ids.new_id("lon", now),
        line_id=ids.new_id("lin", now),
        member_id=debtor,
        bank_id="boc",
        product_id="boc-revolving",
        kind="revolving",
        status="current",
        version=1,
        created_at=now,
        updated_at=now,
        policy=policy,
        currency="CNY",
        amount_minor=OWED,
        months=6,
        method="bullet",
        value_on=today,
        folded_on=today,
        portions=(portion,),
        guarantee=terms,
    )
    event = Event("loan.draw_disbursed", {"member_id": debtor, "bank_id": "boc", "currency": "CNY"}, policy=policy)
    context = context_of_loan(loan.product_id, policy, now)
    LOANS.create(Change(state=loan, event=event, at=now), context, stage.request("clock", "clock"))
    return loan.id


def _transfer(path: str) -> dict[str, Any]:
    return {
        "member_claim_id": path.rpartition("/")[2],
        "bank_ref": "T-1",
        "account": "TA-CNY-01",
        "value_date": "2026-03-02",
        "money": {"amount": f"{OWED / 100:.2f}", "currency": "CNY"},
    }


def _replenished(pool_id: str) -> dict[str, Any]:
    return {
        "pool_id": pool_id,
        "bank_ref": "P-1",
        "seq": 1,
        "occurred_at": "2026-03-02T02:00:00Z",
        "business_date": "2026-03-02",
        "currency": "CNY",
        "amount": OWED,
    }
