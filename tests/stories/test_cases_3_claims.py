"""Cases a good implementation handles, 14 to 19: claims that meet silence, banks, second thoughts and files."""

from __future__ import annotations

import pytest

from tests.claims.refunds import OFFICER, PAID, Refunds, refunds, usd
from tests.dispute import Dispute, file_of, upload

__all__ = ["refunds"]


def test_supplier_silent_throughout(refunds: Refunds) -> None:
    """Decided on record; never stuck. Nobody but the clock does anything until the bank is told."""
    dispute = refunds.dispute
    claim_id = dispute.claim(dispute.late())
    seen = []
    for hours in (72, 96, 48, 120, 240, 240, 168):
        dispute.trade.time.advance(hours=hours)
        seen.append(dispute.see(claim_id)["status"])
    assert seen == ["negotiating", "escalated", "evidence", "review", "review", "determined", "payable"]
    reply = dispute.see(claim_id)
    assert (reply["supplier_silent"], reply["decisions"][0]["by_rules"]) == (True, True)
    assert reply["decisions"][0]["approved"] == usd("1000.00")


def test_refund_failure_of_a_closed_account(refunds: Refunds) -> None:
    """Closed card/account; buyer sees state: asked for another account, the buyer names one and is paid there."""
    trade = refunds.dispute.trade
    body = {"next": [{"does": "refuse", "reason": "account_closed"}]}
    assert trade.api.post("/v1/sandbox/banks/boc/behaviour", body, OFFICER).status == 200
    claim_id, order_id = refunds.owed()
    [told] = refunds.instructions(order_id)
    path, other = f"/v1/bank-instructions/{told['id']}", {"account": "DE89370400440532013000", "bank": "COBADEFF"}
    reply = trade.api.get(path, trade.buyer)
    assert (reply["status"], reply["reason"], reply["allowed_actions"]) == (
        "needs_account",
        "account_closed",
        ["account"],
    )
    assert refunds.dispute.see(claim_id)["refund"]["status"] == "needs_account"
    assert trade.api.post(f"{path}/account", other, trade.buyer).status == 200
    refunds.followed()
    assert refunds.dispute.see(claim_id)["refund"]["status"] == "in_flight"
    refunds.settle(order_id)
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", PAID)


def test_refund_failure_with_too_little_of_the_suppliers_money(refunds: Refunds) -> None:
    """Insufficient supplier funds: what is held, then its balance, then an advance that is recovered from it."""
    order_id = refunds.dispute.late(early="4500.00", cover="total")
    refunds.pay_out_balance("4000.00")
    refunds.settle(refunds.dispute.trade.supplier_id)
    claim_id = refunds.dispute.claim(order_id, amount="3000.00")
    owed = refunds.agree(claim_id, "3000.00", "full")["refund"]
    sources = [owed[name] for name in ("from_held", "from_supplier_balance", "advanced", "total")]
    assert sources == [usd("500.00"), usd("500.00"), usd("2000.00"), usd("3000.00")]
    refunds.settle(order_id)
    assert refunds.dispute.see(claim_id)["status"] == "paid"


def test_refund_failure_where_the_bank_says_nothing(refunds: Refunds) -> None:
    """PSP timeout (UNKNOWN): asked before anything is tried again; retry never pays twice."""
    refunds.behave("lose")
    claim_id, order_id = refunds.owed()
    [told] = refunds.instructions(order_id)
    assert (told["status"], len(told["attempts"])) == ("unknown", 1)
    refunds.dispute.trade.time.advance(hours=2)
    refunds.retry()
    [told] = refunds.instructions(order_id)
    refunds.dispute.trade.time.advance(hours=2)
    refunds.retry()
    refunds.settle(order_id)
    refunds.dispute.trade.time.advance(days=3)
    refunds.retry()
    assert (refunds.dispute.see(claim_id)["status"], refunds.books()) == ("paid", PAID)


def test_refund_failure_of_one_slice(refunds: Refunds) -> None:
    """Partial success of the slices; retry never pays twice; buyer sees state."""
    claim_id, order_id, (first, second) = refunds.in_flight("4000.00", cover="total")
    refunds.said("failed", first, "1500.00")
    assert refunds.dispute.see(claim_id)["refund"]["status"] == "failed_and_retried"
    refunds.said("settled", second, "2500.00")
    assert refunds.dispute.see(claim_id)["refund"]["settled"] == usd("2500.00")
    refunds.dispute.trade.time.advance(hours=1)
    refunds.retry()
    refunds.settle(order_id)
    for attempt in refunds.attempts(order_id):
        refunds.said("settled", attempt, "1500.00" if attempt != second else "2500.00")
    assert refunds.dispute.see(claim_id)["refund"]["settled"] == usd("4000.00")
    assert refunds.books() == {"bank_clearing": 100_000, "held": -100_000}


def test_settlement_above_cover(refunds: Refunds) -> None:
    """Excess marked not guaranteed."""
    order_id = refunds.dispute.late(early="1500.00")
    refunds.pay_out_balance("1500.00")
    agreed = refunds.agree(refunds.dispute.claim(order_id, amount="5000.00"), "5000.00", "full")
    assert (agreed["refund"]["total"], agreed["refund"]["not_guaranteed"]) == (usd("3500.00"), usd("1500.00"))
    assert (agreed["refund"]["advanced"], agreed["why"][:4]) == (usd("0.00"), "PA-2")


@pytest.mark.parametrize("escalates", [True, False])
def test_settlement_reached_then_not_carried_out(dispute: Dispute, escalates: bool) -> None:
    """(Replacement not sent): re-escalate right, 30 d."""
    claim_id = dispute.claim(dispute.received(), "wrong_item", "100.00")
    offered = dispute.do(claim_id, "offers", "supplier", {"kind": "replace"})
    agreed = dispute.do(claim_id, f"offers/{offered['offers'][0]['id']}/accept", "buyer")
    assert [(deadline["name"], deadline["due_at"]) for deadline in agreed["deadlines"]] == [
        ("remedy", "2026-04-01T02:15:00Z")
    ]
    dispute.trade.time.advance(days=30, milliseconds=-1)
    if escalates:
        assert dispute.do(claim_id, "escalate", "buyer")["status"] == "escalated"
    else:
        dispute.trade.time.advance(milliseconds=1)
        reply = dispute.see(claim_id)
        assert (reply["status"], reply["why"][:4]) == ("closed_no_payment", "AG-3")


def test_withdraw_then_refile_same_facts(dispute: Dispute) -> None:
    """Refused with rule id; other line or reason allowed."""
    goods = [
        {"name": "Oak chair", "quantity": 50, "unit_price": usd("50.00")},
        {"name": "Oak table", "quantity": 10, "unit_price": usd("250.00")},
    ]
    order_id = dispute.received(items=goods)
    dispute.do(dispute.claim(order_id, "quantity_short", "100.00", lines=[1]), "withdraw", "buyer")
    refused = dispute.file(order_id, "quantity_short", "100.00", lines=[1])
    assert (refused.status, refused["code"], refused["rule"][:4]) == (409, "already_claimed", "CF-2")
    assert dispute.file(order_id, "quantity_short", "100.00", lines=[2]).status == 201
    assert dispute.file(order_id, "wrong_item", "100.00", lines=[1]).status == 201


def test_duplicate_file_upload_and_tampered_file(dispute: Dispute) -> None:
    """Same sha256 deduplicated; mismatch rejected; file referenced by a decision cannot be deleted."""
    claim_id = dispute.claim(dispute.late())
    kept = dispute.submitted(claim_id, "supplier", "transport_document")
    again = dispute.act(claim_id, "evidence", "supplier", file_of(b"proof", "transport_document"))
    assert (again.status, again["code"], again["evidence_id"]) == (409, "evidence_known", kept)
    swapped = dispute.do(claim_id, "evidence", "supplier", file_of(b"as announced", "transport_document"))
    upload(swapped, b"not as announced")
    dispute.pump()
    mine = {file["id"]: file["status"] for file in dispute.see(claim_id, "supplier")["evidence"]}
    assert mine == {kept: "submitted", swapped["evidence_id"]: "refused"}
    dispute.in_review(claim_id)
    dispute.rule(claim_id)
    refused = dispute.act(claim_id, f"evidence/{kept}/remove", "supplier")
    assert refused.status == 409
    assert dispute.see(claim_id, "supplier", f"/evidence/{kept}").status == 200
