"""Dates that a bank tells and cannot mean: its money is booked all the same, under the day on which we heard of it."""

from __future__ import annotations

import json
from datetime import date

import pytest

from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.shared import clock, webhooks
from chalicelib.shared.ranges import believed
from chalicelib.shared.request import PUBLIC, RequestContext
from tests.bank_events.conftest import Bank, books, payment
from tests.trade import Trade
from tests.world import Streams

HEARD = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("0001-01-01", "2026-03-02"),
        ("1999-12-31", "2026-03-02"),
        ("9999-12-31", "2026-03-02"),
        ("2000-01-01", "2000-01-01"),
        ("2028-02-29", "2028-02-29"),
        ("2026-02-27", "2026-02-27"),
    ],
)
def test_a_payment_with_a_value_date_that_cannot_be_meant_is_booked(
    bank: Bank, trade: Trade, streams: Streams, told: str, kept: str
) -> None:
    order_id = trade.agree()
    event_id = bank.pay(order_id, "1500.00", 1, value_date=told)
    streams()
    assert bank.status(event_id) == "applied"
    assert [paid["value_date"] for paid in trade.see(order_id, "/money")["payments"]] == [kept]
    assert books() == {"bank_clearing:boc": 150_000, f"held:{order_id}": -150_000}


@pytest.mark.parametrize(
    "timestamp",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999999-12:00", "2062-01-01T00:00:00Z", "2026-03-02T02:15:00Z"],
)
@pytest.mark.parametrize("kind", ["payment.received", "payment.returned"])
def test_an_event_with_any_timestamp_has_its_effect(
    bank: Bank, trade: Trade, streams: Streams, timestamp: str, kind: str
) -> None:
    order_id = trade.agree()
    bank.pay(order_id, "1500.00", 1)
    data = payment(order_id, "1500.00", 2) | {"bank_ref": "R-1" if kind == "payment.returned" else "R-2"}
    body = json.dumps({"type": kind, "timestamp": timestamp, "data": data}).encode()
    request = RequestContext(caller=PUBLIC, now=clock.now(), request_id="test")
    signed = webhooks.sign(banks_inbox.keys("boc", request.now)[:1], "msg_far", clock.real(), body)
    assert banks_inbox.receive("boc", signed, body, request).status == 202
    streams()
    assert trade.see(order_id)["status"] == ("funded" if kind == "payment.received" else "agreed")


def test_a_day_is_believed_from_the_year_2000_until_two_years_ahead() -> None:
    ahead = date(2028, 3, 2)
    assert [believed(day, HEARD) for day in (None, date(1999, 12, 31), date(2028, 3, 3))] == [HEARD] * 3
    assert [believed(day, HEARD) for day in (date(2000, 1, 1), ahead)] == [date(2000, 1, 1), ahead]
