"""However a bank's events arrive, doubled and in whatever order, the order and the books end up the same."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bank_events.conftest import Bank, books, payment
from tests.trade import Trade
from tests.world import Streams

TOLD: list[tuple[str, str, int, dict[str, Any]]] = [
    ("payment.received", "500.00", 1, {}),
    ("payment.received", "1000.00", 2, {}),
    ("payment.returned", "500.00", 3, {"bank_ref": "R-1", "reason": "recalled"}),
    ("payment.received", "90.00", 4, {"account": "TA-ELSEWHERE"}),
    ("payment.received", "4100.00", 5, {}),
]


def told(bank: Bank, order_id: str, which: int, again: str = "") -> None:
    kind, amount, seq, changes = TOLD[which]
    data = payment(order_id, amount, seq) | changes
    data["bank_ref"] = f"{order_id}:{data['bank_ref']}"  # a bank has one reference for one transfer
    bank.tell(kind, data, webhook_id=f"{order_id}-{which}{again}")


def settle(streams: Streams, lottery: random.Random | None = None) -> None:
    streams(lottery, tables=["bank-events"])


def outcome(trade: Trade, order_id: str) -> tuple[Any, Any, dict[str, int]]:
    """What the parties and the books see, with the order's name taken out."""
    order = trade.see(order_id).body | {"id": "", "supplier_id": ""}
    money = json.loads(trade.see(order_id, "/money").raw.replace(order_id.encode(), b""))
    return order, money, {name: sum for name, sum in books().items() if name.endswith(order_id)}


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    arrivals=st.permutations(range(len(TOLD))),
    doubled=st.sets(st.sampled_from(range(len(TOLD)))),
    renamed=st.sets(st.sampled_from(range(len(TOLD)))),
    feeds=st.sets(st.integers(0, 12)),
    chance=st.integers(0, 999),
)
def test_any_order_and_duplication_of_events_gives_the_same_order_and_books(
    bank: Bank, trade: Trade, arrivals: list[int], doubled: set[int], renamed: set[int], feeds: set[int], chance: int
) -> None:
    in_order = trade.agree()
    for which in range(len(TOLD)):
        told(bank, in_order, which)
        settle(bank.streams)
    expected, money, sums = outcome(trade, in_order)

    order_id, lottery = trade.agree(), random.Random(chance)
    knocks = [(which, "") for which in arrivals] + [(which, "") for which in doubled]
    for step, (which, again) in enumerate(knocks):
        told(bank, order_id, which, again)
        if step in feeds:
            settle(bank.streams, lottery)
    settle(bank.streams, lottery)
    for which in renamed:
        told(bank, order_id, which, "-again")
    settle(bank.streams, lottery)
    settle(Streams(), lottery)

    seen, seen_money, seen_sums = outcome(trade, order_id)
    assert seen_money == money
    assert {name.replace(order_id, ""): sum for name, sum in seen_sums.items()} == {
        name.replace(in_order, ""): sum for name, sum in sums.items()
    }
    assert seen == expected
    assert bank.listed("parked") == []
