"""A claim that the held money and the balance do not suffice for: the supplier's deposit gives before the platform does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.claims.declared import CLAIMS
from tests.deposits.account.shop import OFFICER, Shop, yuan
from tests.dispute import Dispute
from tests.world import Reply, token

BOOKKEEPER = token("officer", "officer-b", "payments")


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


@pytest.fixture
def shop(dispute: Dispute) -> Shop:
    """The deposit of the supplier."""
    trade = dispute.trade
    shop = Shop(trade.api, trade.time, dispute.streams, seller_id=trade.supplier_id)
    assert shop.act("", None, shop.seller).status == 201
    return shop


def without_money(dispute: Dispute) -> str:
    """An order, late, of which the supplier has had everything and taken it to its bank."""
    trade = dispute.trade
    order_id = dispute.order(cover="total", early="5000.00")
    dispute.streams()
    account = {"bank_id": "boc", "account": "6222020200112233", "currency": "USD"}
    trade.api.post(f"/v1/suppliers/{trade.supplier_id}/bank-account", account, trade.supplier)
    trade.api.post(f"/v1/suppliers/{trade.supplier_id}/payouts", {"money": usd("5000.00")}, trade.supplier)
    trade.time.advance(days=18, hours=12)
    trade.ship(order_id)
    return order_id


def lost(dispute: Dispute, amount: str) -> tuple[str, Reply]:
    """A claim that the supplier loses when all it was paid for the order is spent: its id and its refund."""
    claim_id = dispute.claim(without_money(dispute), amount=amount)
    offer_id = dispute.do(claim_id, "offers", "supplier", {"kind": "full", "amount": usd(amount)})["offers"][0]["id"]
    dispute.do(claim_id, f"offers/{offer_id}/accept", "buyer")
    dispute.streams()
    return claim_id, dispute.see(claim_id, "supplier")["refund"]


def test_the_deposit_gives_before_the_platform_advances(dispute: Dispute, shop: Shop) -> None:
    shop.pays("1000.00")
    claim_id, refund = lost(dispute, "500.00")
    given, advanced = float(refund["from_deposit"]["amount"]), float(refund["advanced"]["amount"])
    assert 0 < given < 500
    assert given + advanced == 500
    assert (refund["total"], refund["deposit_insured"]) == (usd("500.00"), usd("0.00"))
    assert float(shop.see()["balance"]["available"]["amount"]) < 1
    balance = dispute.trade.api.get("/v1/ledger/trial-balance", BOOKKEEPER)
    assert balance["balanced"]
    assert dispute.trade.standing().advanced_minor == round(advanced * 100)
    statements = shop.see("/statements")["items"]
    assert any(claim_id in str(line) for line in statements)


def test_what_falls_due_is_shown_with_the_sources_that_then_pay_it(dispute: Dispute, shop: Shop) -> None:
    """Nobody appeals: who looks before the sweep sees the refund that the sweep writes."""
    shop.pays("1000.00")
    claim_id = dispute.claim(without_money(dispute), amount="500.00")
    dispute.in_review(claim_id)
    assert dispute.rule(claim_id, approved=usd("500.00"), outcome="full", reasoning="All of it.").status == 200
    dispute.trade.time.advance(days=7)
    reply = dispute.see(claim_id, "supplier")
    assert float(reply["refund"]["from_deposit"]["amount"]) > 0
    CLAIMS.sweep(dispute.trade.time.at)
    assert dispute.see(claim_id, "supplier").body == reply.body


def test_insurance_pays_before_the_deposits_money_and_then_covers_no_more(dispute: Dispute, shop: Shop) -> None:
    """Insurance of 100 CNY and 200 CNY in cash; 21.75 USD of the claim are 150 CNY at 0.1450."""
    now = shop.time.at
    shop.based("300.00")
    body = {
        "insurer": "Ping An",
        "reference": "PA-88",
        "money": yuan("100.00"),
        "valid_from": now.isoformat(),
        "valid_until": (now + timedelta(days=300)).isoformat(),
    }
    assert shop.act("substitutes", body).status == 200
    shop.pays("200.00")
    assert shop.see()["status"] == "clear"
    claim_id, refund = lost(dispute, "21.75")

    assert (refund["from_deposit"], refund["advanced"]) == (usd("21.75"), usd("0.00"))
    reply = shop.see()
    assert (reply["balance"]["held"], reply["insurances"][0]["remaining"]) == (yuan("150.00"), yuan("0.00"))
    assert refund["deposit_insured"] == usd("14.50")
    assert (reply["requirement"]["arrears"], reply["status"]) == (yuan("150.00"), "due")
    assert reply["receivables"][0]["owed"] == yuan("100.00")
    line = shop.see("/statements?limit=100")["items"][-1]
    assert line["text"].startswith(
        f"150.00 CNY was taken for the claim {claim_id}, of which insurance pays 100.00 CNY."
    )
    receipt = {"money": yuan("100.00"), "bank_id": "boc", "bank_ref": "PA-88-1"}
    paid = shop.act(f"substitutes/{reply['receivables'][0]['id']}/receipts", receipt, OFFICER)
    assert (paid["receivables"][0]["owed"], paid["requirement"]["arrears"]) == (yuan("0.00"), yuan("150.00"))
    dispute.streams()
    balance = dispute.trade.api.get("/v1/ledger/trial-balance", BOOKKEEPER)
    assert balance["balanced"]


def test_the_deposit_gives_to_the_share_and_to_the_rest_until_it_is_empty(dispute: Dispute, shop: Shop) -> None:
    trade = dispute.trade
    shop.pays("1000.00")
    claim_id = dispute.claim(without_money(dispute), amount="500.00")
    dispute.in_review(claim_id)
    assert dispute.rule(claim_id).status == 200
    dispute.submitted(claim_id, "supplier", "transport_document")
    share = dispute.do(claim_id, "appeal", "supplier", {"grounds": "Less.", "concedes": usd("40.00")})[
        "interim_payment"
    ]
    assert (share["from_deposit"], share["advanced"]) == (usd("40.00"), usd("0.00"))
    ruling = {"outcome": "full", "approved": usd("500.00"), "supplier_fault_percent": 100, "reasoning": "All of it."}
    rest = dispute.do(claim_id, "decide-appeal", "officer-b", ruling)["refund"]
    given, advanced = float(rest["from_deposit"]["amount"]), float(rest["advanced"]["amount"])
    assert given > 40
    assert given + advanced == 460
    dispute.streams()
    assert float(shop.see()["balance"]["available"]["amount"]) < 1
    assert trade.api.get("/v1/ledger/trial-balance", BOOKKEEPER)["balanced"]
    assert trade.standing().advanced_minor == round(advanced * 100)
