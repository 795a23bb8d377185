"""Two suppliers that sell in time, qualify and join; a third that is often late and does not; a buyer that has proposed an order to the first."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

from infra.local.client import Refused
from infra.local.sample.world import World, usd
from infra.local.trades import trade

LANTERNS: Final = "lantern-works"
SUPPLIERS: Final = (
    (LANTERNS, "Lantern Works Co., Ltd.", "CN", "lighting", 16, 0),
    ("hue-textiles", "Hue Textiles JSC", "CN", "bed_bath_table", 14, 0),
    ("slow-boats", "Slow Boats Trading", "CN", "garden_tools", 12, 2),
)
"""Reference, name, country, category, number of trades, and every how many of them is late."""
BUYER: Final = "hansa-moebel"


def register(world: World) -> None:
    """The first of them says when the world began."""
    members = [world.member(ref, name, country) for ref, name, country, *_ in SUPPLIERS]
    world.began = datetime.fromisoformat(members[0]["created_at"])
    world.member(BUYER, "Hansa Möbel GmbH", "DE", zone="Europe/Berlin")
    trades = [_trade(supplier, number, world.began) for supplier in SUPPLIERS for number in range(supplier[4])]
    world.post("/v1/trades", {"items": trades}, key="sample-trades")
    for ref, *_ in SUPPLIERS[:2]:
        _enrol(world, ref)


def propose(world: World) -> str:
    """The order that a newcomer begins with."""
    terms = {
        "currency": "USD",
        "items": [{"name": "Paper lantern, 30 cm", "quantity": 200, "unit_price": usd("3.00")}],
        "instalments": [
            {"name": "deposit", "money": usd("180.00")},
            {"name": "balance", "money": usd("420.00")},
        ],
        "ship_by": {"kind": "after_payment", "days": 30, "payment": "full"},
        "cover": "total",
    }
    body: dict[str, Any] = {"buyer_id": world.ids[BUYER], "supplier_id": world.ids[LANTERNS], "terms": terms}
    order_id: str = world.post("/v1/orders", body, world.of(BUYER), key="sample-order")["id"]
    return order_id


def _enrol(world: World, ref: str) -> None:
    """Once: under its own key it is the same request again."""
    try:
        world.post(f"/v1/suppliers/{world.ids[ref]}/enrolment", {}, world.of(ref), key=f"sample-enrol-{ref}")
    except Refused as error:
        if error.status != HTTPStatus.CONFLICT:  # it joined by another request
            raise


def _trade(supplier: tuple[str, str, str, str, int, int], number: int, began: datetime) -> dict[str, Any]:
    ref, _, country, category, _, late_every = supplier
    fact = trade(ref, number, began, is_late=bool(late_every and number % late_every == 0))
    return fact | {"supplier_country": country, "category": category}
