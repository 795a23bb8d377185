"""The process stops before or after any call of any command, and the request is sent again: nothing is different in the end.

For each command of a whole order every call to the engine is made the last one before the process dies, once just before it is
sent and once just after it was carried out. Then the same request comes again, and all tables are compared with those of a run
that nothing disturbed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.orders.declared import ORDERS
from chalicelib.orders.examples import SHIPMENT, TERMS
from chalicelib.orders.service import subscribers as orders_subscribers
from chalicelib.shared import ids
from tests.stopping import try_every_stop
from tests.trade import Trade

pytestmark = pytest.mark.slow

Command = tuple[str, Callable[[Trade, str], Any]]


COMMANDS: list[Command] = [
    ("propose", lambda trade, _: trade.api.post("/v1/orders", _asked(trade), trade.buyer, key="k-propose")),
    (
        "amend",
        lambda trade, order: trade.api.post(
            f"/v1/orders/{order}/amend", {"terms": _asked(trade)["terms"]}, trade.buyer, key="k-amend"
        ),
    ),
    (
        "accept",
        lambda trade, order: trade.api.post(
            f"/v1/orders/{order}/accept", {"version": 2}, trade.supplier, key="k-accept"
        ),
    ),
    ("part payment", lambda trade, order: trade.pay(order, 147_800, seq=1)),
    (
        "short payment",
        lambda trade, order: trade.api.post(
            f"/v1/orders/{order}/accept-short-payment", {}, trade.supplier, key="k-short"
        ),
    ),
    ("balance", lambda trade, order: trade.pay(order, 350_000, seq=2)),
    (
        "ship",
        lambda trade, order: trade.api.post(f"/v1/orders/{order}/ship", _shipment(), trade.supplier, key="k-ship"),
    ),
    (
        "deliver",
        lambda trade, order: trade.api.post(
            f"/v1/orders/{order}/deliver", {"reference": "POD"}, trade.buyer, key="k-deliver"
        ),
    ),
    (
        "extend",
        lambda trade, order: trade.api.post(f"/v1/orders/{order}/extend-receipt", None, trade.buyer, key="k-extend"),
    ),
    ("receive", lambda trade, order: trade.api.post(f"/v1/orders/{order}/receive", None, trade.buyer, key="k-receive")),
    ("complete", lambda trade, _: _after_a_month(trade)),
    ("tell the day-book", lambda trade, order: orders_subscribers.tell_day_book(order)),
]


def test_stopping_anywhere_and_asking_again_changes_nothing(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ids, "new_id", lambda prefix, now: ids.derived_id(prefix, now.isoformat() if prefix == "ord" else "")
    )
    order_id = ids.derived_id("ord", trade.time.at.isoformat())
    stops = 0
    for name, command in COMMANDS:
        stops += 2 * len(try_every_stop(name, lambda command=command: command(trade, order_id), trade.time))  # type: ignore[misc]
    assert trade.see(order_id)["status"] == "completed"
    assert stops > 40


def _asked(trade: Trade) -> dict[str, Any]:
    return {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS}


def _shipment() -> dict[str, Any]:
    return SHIPMENT


def _after_a_month(trade: Trade) -> int:
    return ORDERS.sweep(trade.time.advance(days=31)).looked_at
