"""One order of the sample, step by step: each method does the next and returns the deal."""

from __future__ import annotations

from typing import Any, Self

from infra.local.sample.world import BANK, World, usd

GOODS = {
    "carrier": "COSCO",
    "tracking_number": "COSU6100200300",
    "documents": [{"kind": "bill_of_lading", "reference": "B/L 6100200300"}],
}


class Deal:
    """A buyer's order with the large supplier: a tenth of so many pieces for `price` in all, a deposit of three tenths."""

    def __init__(self, world: World, buyer: str, supplier: str, goods: str, price: int) -> None:
        self._world, self._buyer, self._supplier, self._paid = world, buyer, supplier, 0
        body = {
            "buyer_id": world.ids[buyer],
            "supplier_id": world.ids[supplier],
            "terms": {
                "currency": "USD",
                "items": [{"name": goods, "quantity": 10, "unit_price": usd(f"{price / 10:.2f}")}],
                "instalments": [
                    {"name": "deposit", "money": usd(f"{price * 0.3:.2f}")},
                    {"name": "balance", "money": usd(f"{price * 0.7:.2f}")},
                ],
                "ship_by": {"kind": "after_payment", "days": 30, "payment": "full"},
                "cover": "total",
                "transport": "sea",
                "specification": "Moisture of the oak at most 10 %.",
            },
        }
        order = world.post("/v1/orders", body, world.of(buyer))
        self.id: str = order["id"]
        self._act("accept", supplier, {"version": order["version"]})

    def pays(self, amount: str) -> Self:
        """A bank's signed notice of a transfer; once the order has taken it in."""
        self._paid += 1
        data = {
            "bank_ref": f"R-{self.id[-8:]}-{self._paid}",
            "seq": self._paid,
            "order_id": self.id,
            "account": "TA-USD-01",
            "value_date": self._world.today().isoformat(),
            "money": usd(amount),
            "remitter": self._buyer.title(),
        }
        self._world.bank_says(BANK, "payment.received", data)
        path = f"/v1/orders/{self.id}/money"
        self._world.until(
            lambda: len(self._world.get(path)["payments"]) >= self._paid, "The bank's event had no effect"
        )
        return self

    def ships(self) -> Self:
        return self._act("ship", self._supplier, GOODS)

    def delivers(self) -> Self:
        return self._act("deliver", self._supplier, {"reference": f"POD-{self.id[-6:]}"})

    def receives(self) -> Self:
        return self._act("receive", self._buyer)

    def cancels(self) -> Self:
        return self._act("cancel", self._buyer)

    def has_paid_out(self) -> Self:
        """The supplier has its money before the end."""
        return self._act("early-payout", self._supplier, {})

    def _act(self, action: str, by: str, body: Any = None) -> Self:
        self._world.post(f"/v1/orders/{self.id}/{action}", body, self._world.of(by))
        return self
