"""The small world a first `make run` starts with, made through the API itself like any other: invented names, recent trades.

Two suppliers sell in time, qualify and join; a third is often late and does not; a buyer has proposed an order to the first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, Protocol

from infra.local.client import Refused

LANTERNS: Final = "lantern-works"
SUPPLIERS: Final = (
    (LANTERNS, "Lantern Works Co., Ltd.", "CN", "lighting", 16, 0),
    ("hue-textiles", "Hue Textiles JSC", "CN", "bed_bath_table", 14, 0),
    ("slow-boats", "Slow Boats Trading", "CN", "garden_tools", 12, 2),
)
"""Reference, name, country, category, number of trades, and every how many of them is late."""
BUYER: Final = {"external_ref": "hansa-moebel", "name": "Hansa Möbel GmbH", "country": "DE", "zone": "Europe/Berlin"}
USD: Final = {"currency": "USD"}


class Speaks(Protocol):
    """Who brings requests to the API: `infra.local.client.Client`."""

    def token(self, role: str, sub: str, *duties: str) -> str: ...

    def get(self, path: str, by: str | None = None) -> Any: ...

    def post(self, path: str, body: Any = None, by: str | None = None, *, key: str = "") -> Any: ...


class Sample:
    """The sample's members by reference, the order, and tokens to look at them with.

    Each part is made where it is missing, whatever became of an earlier start: the last one, the order, stands for all of them.
    """

    def __init__(self, client: Speaks) -> None:
        self.client = client
        self.officer = client.token("officer", "sample-officer", "admin")
        self.ids: dict[str, str] = {}
        self.order_id = ""

    def make(self) -> None:
        if self._is_whole():
            return
        members = [
            self._member({"external_ref": ref, "name": name, "country": country})
            for ref, name, country, *_ in SUPPLIERS
        ]
        self._member(BUYER)
        began = datetime.fromisoformat(members[0]["created_at"])
        trades = [_trade(supplier, number, began) for supplier in SUPPLIERS for number in range(supplier[4])]
        self.client.post("/v1/trades", {"items": trades}, self.officer, key="sample-trades")
        for ref, *_ in SUPPLIERS[:2]:
            self._enrol(ref)
        self.order_id = self._order()

    def _is_whole(self) -> bool:
        if not (found := self._known(BUYER["external_ref"])):
            return False
        orders = self.client.get("/v1/orders?as=buyer&limit=1", self.client.token("member", found[0]["id"]))["items"]
        self.ids[BUYER["external_ref"]], self.order_id = found[0]["id"], orders[0]["id"] if orders else ""
        return bool(orders)

    def _known(self, ref: str) -> list[Any]:
        found: list[Any] = self.client.get(f"/v1/members?external_ref={ref}", self.officer)["items"]
        return found

    def _member(self, asked: dict[str, str]) -> Any:
        ref = asked["external_ref"]
        found = self._known(ref)
        member = found[0] if found else self.client.post("/v1/members", asked, self.officer, key=f"sample-{ref}")
        self.ids[ref] = member["id"]
        return member

    def _enrol(self, ref: str) -> None:
        """Once: under its own key it is the same request again."""
        path, supplier = f"/v1/suppliers/{self.ids[ref]}/enrolment", self.client.token("member", self.ids[ref])
        try:
            self.client.post(path, {}, supplier, key=f"sample-enrol-{ref}")
        except Refused as error:
            if error.status != HTTPStatus.CONFLICT:  # it joined by another request
                raise

    def _order(self) -> str:
        terms = {
            "currency": "USD",
            "items": [{"name": "Paper lantern, 30 cm", "quantity": 200, "unit_price": {"amount": "3.00", **USD}}],
            "instalments": [
                {"name": "deposit", "money": {"amount": "180.00", **USD}},
                {"name": "balance", "money": {"amount": "420.00", **USD}},
            ],
            "ship_by": {"kind": "after_payment", "days": 30, "payment": "full"},
            "cover": "total",
        }
        asked: dict[str, Any] = {
            "buyer_id": self.ids[BUYER["external_ref"]],
            "supplier_id": self.ids[LANTERNS],
            "terms": terms,
        }
        made = self.client.post("/v1/orders", asked, self.client.token("member", asked["buyer_id"]), key="sample-order")
        order_id: str = made["id"]
        return order_id


def _trade(supplier: tuple[str, str, str, str, int, int], number: int, began: datetime) -> dict[str, Any]:
    ref, _, country, category, _, late_every = supplier
    told = trade(ref, number, began, is_late=bool(late_every and number % late_every == 0))
    return told | {"supplier_country": country, "category": category}


def trade(ref: str, number: int, began: datetime, *, is_late: bool = False) -> dict[str, Any]:
    """A trade that a supplier completed. Each was ordered eight days before the one with the number below it, and is worth five dollars more."""
    ordered = began - timedelta(days=20 + 8 * number)
    instants = {
        "ordered_at": ordered,
        "paid_at": ordered + timedelta(hours=2),
        "ship_by": ordered + timedelta(days=6),
        "shipped_at": ordered + timedelta(days=8 if is_late else 4),
        "delivered_at": ordered + timedelta(days=15),
    }
    return {
        "trade_id": f"{ref}-{number:03d}",
        "supplier_ref": ref,
        "buyer_ref": f"buyer-{number % 5}",
        "buyer_country": "DE",
        "currency": "USD",
        "amount": f"{75 + 5 * number}.00",
        "status": "completed",
        **{name: instant.isoformat() for name, instant in instants.items()},
    }
