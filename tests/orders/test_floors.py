"""What a command on an order costs the engine: one read and one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.orders.examples import DELIVERY, SHIPMENT, TERMS
from tests.round_trips import calls
from tests.trade import Trade


def funded(trade: Trade) -> str:
    order_id = trade.agree()
    trade.fund(order_id)
    return order_id


def shipped(trade: Trade) -> str:
    order_id = funded(trade)
    assert trade.ship(order_id).status == 200
    return order_id


def short_paid(trade: Trade) -> str:
    order_id = trade.agree()
    trade.pay(order_id, 149_000)
    return order_id


def drafted(trade: Trade) -> str:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS, "propose": False}
    order_id: str = trade.api.post("/v1/orders", body, trade.buyer)["id"]
    return order_id


@pytest.mark.parametrize(
    ("prepare", "action", "by", "body"),
    [
        (drafted, "propose", "buyer", None),
        (lambda trade: trade.propose()["id"], "accept", "supplier", {"version": 1}),
        (lambda trade: trade.propose()["id"], "cancel", "buyer", {}),
        (short_paid, "accept-short-payment", "supplier", {}),
        (funded, "ship", "supplier", SHIPMENT),
        (shipped, "deliver", "supplier", DELIVERY),
        (shipped, "extend-receipt", "buyer", None),
        (shipped, "receive", "buyer", None),
    ],
)
def test_a_command_is_one_read_and_one_transaction(
    trade: Trade, prepare: Callable[[Trade], str], action: str, by: str, body: Any
) -> None:
    order_id = prepare(trade)
    with calls() as sent:
        response = trade.act(order_id, action, getattr(trade, by), body)
    assert response.status == 200, response.body
    assert sent == ["GetItem", "TransactWriteItems"]


def test_what_a_bank_says_is_one_read_and_one_transaction(trade: Trade) -> None:
    order_id = trade.agree()
    with calls() as sent:
        trade.pay(order_id, 150_000)
    assert sent == ["GetItem", "TransactWriteItems"]


def test_looking_at_one_is_one_read(trade: Trade) -> None:
    order_id = trade.agree()
    for what in ("", "/money"):
        with calls() as sent:
            assert trade.see(order_id, what).status == 200
        assert sent == ["GetItem"]


@pytest.mark.parametrize("day", [{"kind": "fixed", "date": "2026-05-15"}, TERMS["ship_by"]])
def test_a_supplier_outside_the_programme_is_read_once_for_all_that_is_asked_of_it(
    trade: Trade, day: dict[str, Any]
) -> None:
    """That there is such a member, and the zone of a day that names none."""
    terms = TERMS | {"cover": "none", "ship_by": day}
    with calls() as sent:
        quoted = trade.api.post("/v1/cover-quotes", {"supplier_id": trade.buyer_id, "terms": terms}, trade.supplier)
    assert (quoted.status, quoted["covered"]) == (200, False)
    assert sent == ["GetItem", "BatchGetItem"]
    order = {"buyer_id": trade.supplier_id, "supplier_id": trade.buyer_id, "terms": terms}
    with calls() as sent:
        reply = trade.api.post("/v1/orders", order, trade.supplier)
    assert reply.status == 201, reply.body
    assert sent == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
