"""Cases a good implementation handles, 1 to 6: what arrives, and what of it counts.

`protection.md` 4 lists them; these files tell one short story for each, in its order, in its words. Where a case has been tried in
every corner, its story says where.
"""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.orders.examples import TERMS
from chalicelib.shared.journal import JournalRow
from tests.dispute import Dispute
from tests.ledger.books import raw_journal
from tests.trade import Trade

NOT_TIED_TO_THE_BALANCE = {
    "ship_by": {"kind": "fixed", "date": "2026-03-20", "zone": "Asia/Shanghai"},
    "balance_before_shipment": False,
}


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


def test_partial_payment(dispute: Dispute) -> None:
    """400 of a 1,500 deposit: cover 400, order PART_FUNDED; claim for 1,500 clipped to 400 with the reason.

    While the deposit is incomplete nothing has to be shipped, so nothing can be claimed: the supplier first puts up with the 400.
    """
    trade = dispute.trade
    order_id = trade.agree(**NOT_TIED_TO_THE_BALANCE)
    trade.pay(order_id, 40_000)
    order = trade.see(order_id)
    assert (order["status"], order["cover"]["active"]) == ("part_funded", usd("400.00"))
    taken = trade.act(order_id, "accept-short-payment", trade.supplier, {"shortfall": usd("1100.00")})
    assert (taken["status"], taken["cover"]["cap"]) == ("funded", usd("400.00"))
    trade.time.advance(days=19)
    claim = dispute.see(dispute.claim(order_id, "not_shipped", "1500.00"))
    assert (claim["requested"], claim["reserved"]) == (usd("1500.00"), usd("400.00"))
    assert "covered" in claim["partially_reserved"]


def test_full_transfer_against_a_split_contract(trade: Trade) -> None:
    """Full T/T against split contract: auto-allocated to both instalments; the cover of a deposit-only choice stays at the deposit."""
    order_id = trade.agree(cover="deposit")
    trade.pay(order_id, 500_000)
    order = trade.see(order_id)
    assert [part["received"] for part in order["instalments"]] == [usd("1500.00"), usd("3500.00")]
    assert (order["status"], order["cover"]["active"]) == ("funded", usd("1500.00"))


def test_over_payment(dispute: Dispute) -> None:
    """Excess is a separate `unallocated` liability, never raises cover, returned on request or automatically."""
    trade = dispute.trade
    order_id = trade.agree(cover="total")
    trade.pay(order_id, 512_500)
    money = trade.see(order_id, "/money")
    assert (money["received"], money["unallocated"], money["covered"]) == (
        usd("5000.00"),
        usd("125.00"),
        usd("5000.00"),
    )
    trade.ship(order_id)
    trade.act(order_id, "receive", trade.buyer)
    trade.time.advance(days=30)
    assert (
        trade.act(order_id, "cancel", trade.buyer, {}).status == 409
    )  # what fell due is written: the order is completed
    dispute.streams()
    items = trade.api.get(f"/v1/bank-instructions?aggregate_id={order_id}", dispute.token("officer-a"))["items"]
    assert [(item["kind"], item["money"]) for item in items] == [("refund", usd("125.00"))]
    assert trade.see(order_id, "/money")["unallocated"] == usd("0.00")


def test_two_real_payments_for_one_instalment(trade: Trade) -> None:
    """Both recorded; refunding one leaves the order funded."""
    order_id = trade.agree()
    for ref in ("R-1", "R-2"):
        trade.pay(order_id, 150_000, ref)
    assert [paid["status"] for paid in trade.see(order_id, "/money")["payments"]] == ["counted", "counted"]
    trade.take_back(order_id, 150_000, "R-2")
    order, money = trade.see(order_id), trade.see(order_id, "/money")
    assert (order["status"], money["received"], order["cover"]["active"]) == (
        "funded",
        usd("1500.00"),
        usd("1500.00"),
    )


def test_payment_in_another_currency(trade: Trade) -> None:
    """Needs a quote; else quarantined. No mixing within an instalment."""
    order_id = trade.agree()
    trade.pay(order_id, 150_000, currency="EUR")
    assert trade.see(order_id)["status"] == "agreed"
    [paid] = trade.see(order_id, "/money")["payments"]
    assert (paid["money"], paid["status"]) == ({"amount": "1500.00", "currency": "EUR"}, "wrong_currency")
    assert _booked("suspense", "EUR") == -150_000
    trade.pay(order_id, 150_000)
    assert (trade.see(order_id)["status"], trade.see(order_id, "/money")["received"]) == ("funded", usd("1500.00"))


@pytest.mark.parametrize(
    ("currency", "price", "total", "minor"),
    [
        ("KRW", "1500", "1500000", 1_500_000),
        ("JPY", "120", "120000", 120_000),
    ],
)
def test_currencies_without_decimals(trade: Trade, currency: str, price: str, total: str, minor: int) -> None:
    """KRW/JPY exponents."""
    order_id = trade.agree(**_in(currency, price, total))
    trade.pay(order_id, minor, currency=currency)
    order = trade.see(order_id)
    assert (order["status"], order["cover"]["active"]) == ("funded", {"amount": total, "currency": currency})
    assert order["cover"]["reserved"]["currency"] == "USD"


def test_currencies_of_three_decimals(trade: Trade) -> None:
    """3-decimal currencies; never compare across currencies."""
    parties = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id}
    for currency, price, total in (("KWD", "1.25", "1250.00"), ("KRW", "1500.00", "1500000.00")):
        body = parties | {"terms": TERMS | _in(currency, price, total)}
        refused = trade.api.post("/v1/orders", body, trade.buyer)
        assert (refused.status, refused["param"]) == (400, "terms.items[0].unit_price.amount")
    mixed = _in("KRW", "1500", "1500000") | {"instalments": [{"name": "all", "money": usd("1500.00")}]}
    refused = trade.api.post("/v1/orders", parties | {"terms": TERMS | mixed}, trade.buyer)
    assert (refused.status, refused["param"]) == (422, "terms.instalments[0].money.currency")


def test_payment_to_an_undesignated_account(trade: Trade) -> None:
    """No cover, explicit status UNCOVERED."""
    order_id = trade.agree()
    trade.pay(order_id, 150_000, account="SOMEBODY-ELSE-01")
    order, money = trade.see(order_id), trade.see(order_id, "/money")
    assert (order["status"], order["cover"]["active"], money["held"]) == ("agreed", usd("0.00"), usd("0.00"))
    assert money["payments"][0]["status"] == "wrong_account"
    assert _booked("suspense", "USD") == -150_000


def _in(currency: str, price: str, total: str) -> dict[str, Any]:
    """A thousand buttons in a currency, covered whole."""
    return {
        "currency": currency,
        "items": [{"name": "Buttons", "quantity": 1000, "unit_price": {"amount": price, "currency": currency}}],
        "instalments": [{"name": "all", "money": {"amount": total, "currency": currency}}],
        "cover": "total",
    }


def _booked(account: str, currency: str) -> int:
    """Debits less credits of an account code, over everybody."""
    legs = (leg for item in raw_journal() for leg in JournalRow.from_raw_data(item).entry().event.postings)
    return sum(leg.debit_minor - leg.credit_minor for leg in legs if (leg.account, leg.currency) == (account, currency))
