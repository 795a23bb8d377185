"""Many orders at once against one supplier's protection amount."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.races.conftest import at_once
from tests.trade import Trade

pytestmark = pytest.mark.engine

CAPACITY = 10
ACCEPTS = 50


def test_of_fifty_accepts_against_cover_for_ten_exactly_ten_succeed(trade: Trade) -> None:
    usd = {"currency": "USD"}
    tenth = {
        "items": [{"name": "Lathe", "quantity": 1, "unit_price": {"amount": "10000.00", **usd}}],
        "instalments": [{"name": "all", "money": {"amount": "10000.00", **usd}}],
        "cover": "total",
    }
    orders = [trade.propose(**tenth)["id"] for _ in range(ACCEPTS)]
    replies = at_once(ACCEPTS, lambda n: trade.act(orders[n], "accept", trade.supplier, {"version": 1}))
    assert Counter(reply.status for reply in replies) == {200: CAPACITY, 409: ACCEPTS - CAPACITY}
    assert {reply["code"] for reply in replies if reply.status == 409} == {"capacity_exceeded"}
    position = trade.standing()
    assert (position.available_minor, position.reserved_minor) == (0, 10_000_000)
    statuses = Counter(trade.see(order_id)["status"] for order_id in orders)
    assert statuses == {"agreed": CAPACITY, "proposed": ACCEPTS - CAPACITY}


def test_a_bank_notice_and_a_cancel_at_the_same_moment_lose_no_money(trade: Trade) -> None:
    orders = [trade.agree() for _ in range(8)]

    def rival(n: int) -> int:
        if n % 2:
            trade.pay(orders[n // 2], 150_000)
            return 200
        return trade.act(orders[n // 2], "cancel", trade.buyer, {}).status

    at_once(2 * len(orders), rival)
    for order_id in orders:
        money = trade.see(order_id, "/money").body
        status = trade.see(order_id)["status"]
        [payment] = money["payments"]
        assert (status, payment["status"]) in {("cancelled", "order_closed"), ("funded", "counted")}
        assert money["held"]["amount"] == ("0.00" if status == "cancelled" else "1500.00")
    trade.standing()


def test_one_accept_sent_by_many_at_once_reserves_once(trade: Trade) -> None:
    made = trade.propose()
    path = f"/v1/orders/{made['id']}/accept"
    replies = at_once(12, lambda _: trade.api.post(path, {"version": 1}, trade.supplier, key="one-key"))
    assert {(reply.status, reply.raw) for reply in replies} == {(200, replies[0].raw)}
    assert trade.standing().reserved_minor == 150_000
