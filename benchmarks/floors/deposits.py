"""A seller's deposit: opened, required, paid, insured, held, deducted from, released, closed; and the rulebook it follows."""

from __future__ import annotations

from typing import Any

from benchmarks.floors.disputes import settle
from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.banks.records import outbox
from chalicelib.deposits.examples import DEBIT, DEDUCTION, HOLD, INSURANCE, INSURER_RECEIPT, PAYMENT, RISK, SPECIAL
from chalicelib.deposits.rulebooks.examples import RULEBOOK


def play(stage: Stage) -> None:
    stage.time.begin()
    seller, payee = stage.supplier("bench-seller"), stage.register("bench-payee")
    about = f"/v1/deposits/{seller}"

    def act(command: str, action: str, body: Any = None, by: str = "officer-1", expect: int = 200) -> Any:
        return stage.call(f"{about}/{action}", by, body, command=f"deposit: {command}", expect=expect)

    stage.call(about, seller, command="deposit: open", expect=201)
    act("ask to pay", "payments", PAYMENT, by=seller, expect=201)
    _based(act, "500.00")
    bank_says(
        stage,
        "deposit.received",
        {"seller_id": seller, "bank_ref": "D-1", "account": "TA-CNY-01", "money": _yuan("3000.00")},
        "bank: deposit received",
    )
    risk = act("a violation", "risks", RISK)["risks"][0]["id"]
    act("a violation is over", f"risks/{risk}/close")
    act("enter a market", "specials", SPECIAL)
    act("leave a market", "specials/M1/leave")
    _debited(stage, act, seller)
    hold = act("hold", "holds", HOLD)["holds"][0]["id"]
    act("lift a hold", f"holds/{hold}/lift")
    act("deduct", "deductions", DEDUCTION | {"payee_id": payee})
    insured = act("insure", "substitutes", INSURANCE, expect=200)["insurances"][0]["id"]
    act("deduct from insurance", "deductions", DEDUCTION | {"payee_id": payee, "cause": "CLM-5592"})
    act("the insurer pays", f"substitutes/{insured}/receipts", INSURER_RECEIPT)
    stage.time.advance(days=100)  # what a violation holds back
    act("release", "releases", {"money": _yuan("100.00")}, by=seller)
    act("close", "close", by=seller)
    act("reopen", "reopen", by=seller)
    stage.time.begin()
    book = stage.call("/v1/deposit-rulebooks", "officer-1", RULEBOOK, command="announce a rulebook", expect=201)
    stage.call(f"/v1/deposit-rulebooks/{book['id']}/preview", "officer-1", command="try a rulebook out")
    stage.leave()


def _debited(stage: Stage, act: Any, seller: str) -> None:
    """What another market asks for is taken from the seller's account."""
    account = {"bank_id": "boc", "account": "6222020200112233", "currency": "CNY"}
    stage.call(f"/v1/suppliers/{seller}/bank-account", seller, account)
    act("enter a market", "specials", SPECIAL | {"special": "M4"})
    act("have it debited", "payments", DEBIT, by=seller, expect=201)
    stage.follow()
    [debit] = outbox.all_of(seller)
    settle(stage, debit, debit.attempts[-1])
    stage.hand("deposits.follow")


def _based(act: Any, amount: str) -> None:
    """Two officers correct the base; once the second one does not agree."""
    body = {"base": _yuan(amount), "reason": "Three orders were refunded before the cut-off."}
    for command, answer in (("refuse a correction", "reject"), ("agree to a correction", "approve")):
        correction = act("propose a correction", "corrections", body)
        act(command, f"corrections/{correction['corrections'][-1]['id']}/{answer}", by="officer-2")


def _yuan(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}
