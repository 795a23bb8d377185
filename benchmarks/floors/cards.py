"""Orders of a channel paid by wallet: a quote, a payment and what its acquirer tells of it, a refund, a dispute, a settlement."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from benchmarks.floors.inbox import bank_says
from benchmarks.floors.stage import Stage
from chalicelib.acquiring.aggregate import ACQUIRER_PAYMENTS, SETTLEMENTS
from chalicelib.shared.periods import wire

ACQUIRER = "alipay"
PRICE = {"amount": "119000", "currency": "KRW"}


def play(stage: Stage, channel: str, listing: str, supplier: str, buyer: str) -> None:
    """One is paid, refunded in part, disputed and settled; one is thought better of."""
    order, pays = _order(stage, channel, listing, buyer)
    payment = pay(stage, order, buyer, pays)
    part = {"money": {"amount": "10.00", "currency": "CNY"}}
    stage.call(f"/v1/payments/{payment}/refund", supplier, part, command="refund a part of a payment")
    disputed = {"money": {"amount": "20.00", "currency": "CNY"}, "chargeback_ref": "CB-1"}
    _tells(stage, "chargeback.opened", payment, 3, disputed)
    _tells(stage, "chargeback.won", payment, 4, {"chargeback_ref": "CB-1"})
    settlement = ACQUIRER_PAYMENTS.repository.load(payment).settlement_id  # type: ignore[union-attr]
    stage.time.advance(days=4)
    stage.measured("sweep: a settlement is instructed", lambda: SETTLEMENTS.catch_up(settlement, stage.time.at))
    other, _ = _order(stage, channel, listing, buyer)
    begun = stage.call(f"/v1/orders/{other}/payments", buyer, {"method": "wallet"}, expect=201)["id"]
    stage.call(f"/v1/payments/{begun}/cancel", buyer, command="cancel a card or wallet payment")


def pay(stage: Stage, order: str, buyer: str, pays: dict[str, str]) -> str:
    """A payment by wallet of all that an order costs, authorised and captured."""
    path, body = f"/v1/orders/{order}/payments", {"method": "wallet"}
    payment: str = stage.call(path, buyer, body, command="begin a card or wallet payment", expect=201)["id"]
    _tells(stage, "payment.authorised", payment, 1, {"money": pays})
    _tells(stage, "payment.captured", payment, 2, {"money": pays})
    return payment


def _order(stage: Stage, channel: str, listing: str, buyer: str) -> tuple[str, dict[str, str]]:
    """Ten of the listing, and what they cost the buyer."""
    asked = {"channel_id": channel, "price": PRICE, "currency": "CNY"}
    quote = stage.call("/v1/quotes", buyer, asked, command="ask for a quote", expect=201)
    body = {"quote_id": quote["id"], "lines": [{"listing_id": listing, "quantity": 10}]}
    order: str = stage.call(f"/v1/channels/{channel}/orders", buyer, body, expect=201)["id"]
    return order, quote["pays"]


def _tells(stage: Stage, kind: str, payment: str, seq: int, told: dict[str, Any]) -> None:
    data = {
        "payment_id": payment,
        "bank_ref": f"{payment}-{seq}",
        "seq": seq,
        "occurred_at": wire(stage.time.at - timedelta(seconds=1)),
        "business_date": stage.time.at.date().isoformat(),
    }
    bank_says(stage, kind, data | told, f"acquirer: {kind}", ACQUIRER)
