"""An order tells what ended it: what its parties did or failed to do, or what a bank did."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.trade import Trade


def _nobody_paid(trade: Trade) -> str:
    order_id = trade.agree()
    trade.time.advance(days=61)
    return order_id


def _the_deposit_was_charged_back(trade: Trade) -> str:
    order_id = trade.agree()
    trade.pay(order_id, 150_000, "R-1")
    trade.take_back(order_id, 150_000, "R-1")
    trade.time.advance(days=61)
    return order_id


def _part_of_it_was_charged_back(trade: Trade) -> str:
    order_id = trade.agree()
    trade.pay(order_id, 150_000, "R-1")
    trade.take_back(order_id, 50_000, "R-1")
    trade.time.advance(days=61)
    return order_id


def _the_deposit_was_never_completed(trade: Trade) -> str:
    order_id = trade.agree()
    trade.pay(order_id, 50_000)
    trade.time.advance(days=61)
    return order_id


def _nothing_was_shipped(trade: Trade) -> str:
    order_id = trade.agree()
    trade.fund(order_id)
    trade.time.advance(days=61)
    return order_id


def _both_cancelled(trade: Trade) -> str:
    order_id = trade.agree()
    trade.fund(order_id)
    for by in (trade.buyer, trade.supplier):
        assert trade.act(order_id, "cancel", by, {}).status == 200
    return order_id


def _one_side_withdrew(trade: Trade) -> str:
    order_id = trade.agree()
    assert trade.act(order_id, "cancel", trade.buyer, {}).status == 200
    return order_id


def _the_window_passed(trade: Trade) -> str:
    order_id = trade.agree()
    trade.fund(order_id)
    assert trade.ship(order_id).status == 200
    assert trade.act(order_id, "receive", trade.buyer).status == 200
    trade.time.advance(days=31)
    return order_id


ENDED: list[tuple[Callable[[Trade], str], str, str]] = [
    (_nobody_paid, "expired", "not_paid"),
    (_the_deposit_was_charged_back, "expired", "payment_charged_back"),
    (_part_of_it_was_charged_back, "cancelled", "payment_charged_back"),
    (_the_deposit_was_never_completed, "cancelled", "deposit_not_completed"),
    (_nothing_was_shipped, "refunded", "not_shipped"),
    (_both_cancelled, "refunded", "cancelled_by_consent"),
    (_one_side_withdrew, "cancelled", "cancelled"),
    (_the_window_passed, "completed", "claim_window_over"),
]
"""What ends it, how it then stands, and why."""


@pytest.mark.parametrize(("ends", "status", "why"), ENDED)
def test_the_reason_is_the_one_that_acted(trade: Trade, ends: Callable[[Trade], str], status: str, why: str) -> None:
    running = trade.agree()
    assert (trade.see(running)["why"], trade.see(running)["ended_at"]) == (None, None)
    order = trade.see(ends(trade))
    assert (order["status"], order["why"]) == (status, why)
    assert order["ended_at"] is not None
