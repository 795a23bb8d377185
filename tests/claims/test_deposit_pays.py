"""A claim that the held money and the balance do not suffice for: the supplier's deposit gives before the platform does."""

from __future__ import annotations

from tests.deposits.account.shop import Shop
from tests.dispute import Dispute


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def with_a_deposit(dispute: Dispute) -> Shop:
    """The supplier is a seller as well, with 1,000.00 yuan here."""
    trade = dispute.trade
    shop = Shop(trade.api, trade.time, dispute.streams, seller_id=trade.supplier_id)
    assert shop.act("", None, shop.seller).status == 201
    shop.pays("1000.00")
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


def test_the_deposit_gives_before_the_platform_advances(dispute: Dispute) -> None:
    trade, shop = dispute.trade, with_a_deposit(dispute)
    order_id = without_money(dispute)
    claim_id = dispute.claim(order_id, amount="500.00")
    offer_id = dispute.do(claim_id, "offers", "supplier", {"kind": "full", "amount": usd("500.00")})["offers"][0]["id"]
    refund = dispute.do(claim_id, f"offers/{offer_id}/accept", "buyer")["refund"]
    given, advanced = float(refund["from_deposit"]["amount"]), float(refund["advanced"]["amount"])
    assert 0 < given < 500
    assert given + advanced == 500
    assert refund["total"] == usd("500.00")
    dispute.streams()
    assert float(shop.see()["balance"]["available"]["amount"]) < 1
    balance = trade.api.get("/v1/ledger/trial-balance", dispute.token("officer-a"))
    assert balance["balanced"]
    assert trade.standing().advanced_minor == round(advanced * 100)
    statements = shop.see("/statements")["items"]
    assert any(claim_id in str(line) for line in statements)


def test_the_deposit_gives_to_the_share_and_to_the_rest_until_it_is_empty(dispute: Dispute) -> None:
    trade, shop = dispute.trade, with_a_deposit(dispute)
    claim_id = dispute.claim(without_money(dispute), amount="500.00")
    dispute.in_review(claim_id)
    assert dispute.rule(claim_id).status == 200
    dispute.submitted(claim_id, "supplier", "transport_document")
    share = dispute.do(claim_id, "appeal", "supplier", {"grounds": "Less.", "concedes": usd("40.00")})["share"]
    assert (share["from_deposit"], share["advanced"]) == (usd("40.00"), usd("0.00"))
    ruling = {"outcome": "full", "approved": usd("500.00"), "supplier_fault_percent": 100, "reasoning": "All of it."}
    rest = dispute.do(claim_id, "decide-appeal", "officer-b", ruling)["refund"]
    given, advanced = float(rest["from_deposit"]["amount"]), float(rest["advanced"]["amount"])
    assert given > 40
    assert given + advanced == 460
    dispute.streams()
    assert float(shop.see()["balance"]["available"]["amount"]) < 1
    assert trade.api.get("/v1/ledger/trial-balance", dispute.token("officer-a"))["balanced"]
    assert trade.standing().advanced_minor == round(advanced * 100)
