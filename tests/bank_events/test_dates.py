"""Dates that a bank tells and cannot mean: its money is booked all the same, under the day on which we heard of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest

from chalicelib.bank_events.inbound import DECLARED
from chalicelib.banks.rules.protocol import BankMessage
from chalicelib.banks.service import inbox as banks_inbox
from chalicelib.shared import clock, webhooks
from chalicelib.shared.ranges import believed, judge_of
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


def unjudged(form: Any, where: str = "") -> Iterator[str]:
    """Dates and instants of a form, at any depth, that may be anything. Those of every event are the rules' to believe."""
    if judge_of(form) is not None and not (isinstance(form, type) and issubclass(form, msgspec.Struct)):
        return
    if form in (date, datetime):
        yield where
    if isinstance(form, type) and issubclass(form, msgspec.Struct):
        hints = get_type_hints(form, include_extras=True)
        own = [name for name in form.__struct_fields__ if name not in BankMessage.__struct_fields__]
        for name in own:
            yield from unjudged(hints[name], f"{where}.{name}")
    elif get_origin(form) is not None:
        for part in get_args(form):
            yield from unjudged(part, where)


@pytest.mark.parametrize("name", [each.type.name for each in DECLARED])
def test_a_date_that_rules_count_with_lies_in_a_range(name: str) -> None:
    form = next(each.type.form for each in DECLARED if each.type.name == name)
    assert [*unjudged(form)] == []
