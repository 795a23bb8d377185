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
    """One is paid, refunded in part, disputed and settled; one is thought better of, one cancelled."""
    order, pays = placed(stage, channel, listing, buyer)
    payment = paid(stage, order, buyer, pays)
    part = {"money": {"amount": "10.00", "currency": "CNY"}}
    stage.call(f"/v1/payments/{payment}/refund", supplier, part, command="refund a part of a payment")
    disputed = {"money": {"amount": "20.00", "currency": "CNY"}, "chargeback_ref": "CB-1"}
    _tells(stage, "chargeback.opened", payment, 3, disputed)
    _tells(stage, "chargeback.won", payment, 4, {"chargeback_ref": "CB-1"})
    settlement = ACQUIRER_PAYMENTS.repository.load(payment).settlement_id  # type: ignore[union-attr]
    stage.time.advance(days=4)
    stage.measured("sweep: a settlement is instructed", lambda: SETTLEMENTS.catch_up(settlement, stage.time.at))
    other, _ = placed(stage, channel, listing, buyer)
    begun = stage.call(f"/v1/orders/{other}/payments", buyer, {"method": "wallet"}, expect=201)["id"]
    stage.call(f"/v1/payments/{begun}/cancel", buyer, command="cancel a card or wallet payment")
    ended, pays = placed(stage, channel, listing, buyer)
    paid(stage, ended, buyer, pays)
    for party in (supplier, buyer):
        stage.call(f"/v1/orders/{ended}/cancel", party, {"reason": "the mill has burnt down"})
    stage.hand("acquiring.follow")


def placed(stage: Stage, channel: str, listing: str, buyer: str) -> tuple[str, dict[str, str]]:
    """Ten of the listing, and what they cost the buyer."""
    quote_request = {"channel_id": channel, "price": PRICE, "currency": "CNY"}
    quote = stage.call("/v1/quotes", buyer, quote_request, command="ask for a quote", expect=201)
    body = {"quote_id": quote["id"], "lines": [{"listing_id": listing, "quantity": 10}]}
    path = f"/v1/channels/{channel}/orders"
    order: str = stage.call(path, buyer, body, command="order in a channel", expect=201)["id"]
    return order, quote["pays"]


def paid(stage: Stage, order: str, buyer: str, pays: dict[str, str]) -> str:
    """The payment by wallet that funds an order."""
    body = {"method": "wallet"}
    payments = f"/v1/orders/{order}/payments"
    payment: str = stage.call(payments, buyer, body, command="begin a card or wallet payment", expect=201)["id"]
    _tells(stage, "payment.authorised", payment, 1, {"money": pays})
    _tells(stage, "payment.captured", payment, 2, {"money": pays})
    return payment


def _tells(stage: Stage, kind: str, payment: str, seq: int, facts: dict[str, Any]) -> None:
    data = {
        "payment_id": payment,
        "bank_ref": f"A-{payment[-12:]}-{seq}",
        "seq": seq,
        "occurred_at": wire(stage.time.at - timedelta(seconds=1)),
        "business_date": stage.time.at.date().isoformat(),
    }
    bank_says(stage, kind, data | facts, f"acquirer: {kind}", ACQUIRER)
