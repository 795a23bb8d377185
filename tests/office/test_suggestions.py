"""What suspended money may be for: what it names, what awaits as much, whose buyer is called like its remitter."""

from __future__ import annotations

from typing import Final

import pytest

from chalicelib.office.rules import awaited
from chalicelib.orders.aggregate import ORDERS
from tests.bank_events.conftest import Bank, bank
from tests.trade import Trade
from tests.world import token

__all__ = ["bank"]
PAYMENTS: Final = token("officer", "officer-1", "payments")
NOBODYS: Final = "ord_01JAZ3V5W8N0R4T6Y8B1D3F5H7"


def suspended(bank: Bank, order_id: str, amount: str, **told: str) -> str:
    data = {
        "bank_ref": f"S-{amount}",
        "seq": 1,
        "order_id": order_id,
        "account": "TA-USD-01",
        "value_date": "2026-03-02",
        "money": {"amount": amount, "currency": told.pop("currency", "USD")},
        "remitter": "Somebody Else Ltd",
    }
    event_id: str = bank.tell("payment.received", data | told)
    bank.streams()
    return event_id


def suggested(trade: Trade, event_id: str) -> list[tuple[str, list[str]]]:
    reply = trade.api.get(f"/v1/bank-events/{event_id}/suggestions", PAYMENTS)
    assert reply.status == 200, reply.body
    return [(each["order_id"], each["because"]) for each in reply["items"]]


def test_what_agrees_in_most_comes_first_and_what_awaits_nothing_is_not_suggested(trade: Trade, bank: Bank) -> None:
    proposed = trade.propose()["id"]
    awaits, partly = trade.agree(), trade.agree()
    trade.pay(partly, 100_000)
    bank.streams()
    event_id = suspended(bank, NOBODYS, "1500.00", remitter="Büyer GmbH")
    assert suggested(trade, event_id) == [(awaits, ["same_amount", "remitter"]), (partly, ["remitter"])]
    by_name = suspended(bank, NOBODYS, "77.00", remarks=f"for {partly}, and {proposed}")
    assert suggested(trade, by_name) == [(partly, ["reference"])]
    assert suggested(trade, suspended(bank, NOBODYS, "1500.01", currency="EUR")) == []
    allocated = trade.api.post(f"/v1/bank-events/{event_id}/allocate", {"order_id": awaits}, PAYMENTS)
    assert (allocated.status, suggested(trade, event_id)) == (200, [])


@pytest.mark.parametrize(
    ("paid", "amounts"), [(0, (150_000, 500_000)), (150_000, (350_000,)), (100_000, (50_000, 400_000))]
)
def test_the_rest_of_the_next_instalment_is_awaited_or_all_that_is_left(
    trade: Trade, bank: Bank, paid: int, amounts: tuple[int, ...]
) -> None:
    order_id = trade.agree()
    if paid:
        trade.pay(order_id, paid)
    order = ORDERS.repository.load(order_id)
    assert order is not None
    assert awaited.awaited_by(order) == amounts
