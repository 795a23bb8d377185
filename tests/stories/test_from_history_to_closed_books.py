"""One protected order through the endpoints a user would use: from a marketplace's trade history to the closed books, to the cent.

Every step is checked against the books as they then are: they balance after each.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.orders.declared import ORDERS
from chalicelib.orders.examples import SHIPMENT
from tests.daybook.importing import imported, lines, row
from tests.world import Api, Pump, Reply, StandingClock, Streams, token

START = datetime(2018, 1, 1, 2, 0, tzinfo=UTC)
USD = {"currency": "USD"}
TERMS = {
    "currency": "USD",
    "items": [{"name": "Paper lantern", "quantity": 100, "unit_price": {"amount": "10.00", **USD}}],
    "instalments": [
        {"name": "deposit", "money": {"amount": "300.00", **USD}},
        {"name": "balance", "money": {"amount": "700.00", **USD}},
    ],
    "ship_by": {"kind": "after_payment", "days": 30, "payment": "full"},
    "cover": "total",
    "transport": "express",
}


@pytest.fixture
def at_new_year(time: StandingClock) -> StandingClock:
    time.at = START
    return time


def test_a_history_becomes_cover_an_order_is_paid_shipped_received_and_released_and_the_books_close(
    api: Api, at_new_year: StandingClock, officer: str, pump: Pump, streams: Streams
) -> None:
    reply = imported(api, officer, pump, _history())
    assert (reply["status"], reply["counts"]["new"], reply["counts"]["refused"]) == ("done", 12, 1)

    run = api.post("/v1/sandbox/jobs/qualification-monthly", {"as_of": "2018-01-01"}, officer)
    assert (run["counts"]["evaluated"], run["counts"]["qualified"], run["counts"]["limit_total_minor"]) == (
        1,
        1,
        120_000,
    )

    supplier_id = api.get("/v1/members?external_ref=lantern-works", officer)["items"][0]["id"]
    supplier = token("member", supplier_id)
    joined = api.post(f"/v1/suppliers/{supplier_id}/enrolment", {}, supplier)
    assert (joined["status"], joined["limit"]["amount"]) == ("active", "1200.00")
    buyer_id = api.post("/v1/members", {"external_ref": "hansa", "name": "Hansa GmbH", "country": "DE"}, officer)["id"]
    buyer = token("member", buyer_id)

    quote = api.post("/v1/cover-quotes", {"supplier_id": supplier_id, "terms": TERMS}, buyer)
    assert (quote["covered"], quote["cap"]["amount"], quote["maximum"]["amount"]) == (True, "1000.00", "1000.00")
    order = api.post("/v1/orders", {"buyer_id": buyer_id, "supplier_id": supplier_id, "terms": TERMS}, buyer)
    path = f"/v1/orders/{order['id']}"
    assert api.post(f"{path}/accept", {"version": 1}, supplier)["status"] == "agreed"
    _books(api, officer, streams, {"cover_granted": -120_000, "cover_available": 20_000, "cover_reserved": 100_000})

    covered = []
    for seq, amount in enumerate(("200.00", "100.00", "700.00"), 1):
        _bank_tells(api, officer, order["id"], seq, amount)
        _books(api, officer, streams, {})
        covered.append(api.get(path, buyer)["cover"]["active"]["amount"])
    assert covered == ["200.00", "300.00", "1000.00"]
    _books(api, officer, streams, {"bank_clearing": 100_000, "held": -100_000})

    assert api.post(f"{path}/ship", SHIPMENT, supplier)["status"] == "shipped"
    at_new_year.advance(days=6)
    assert api.post(f"{path}/deliver", {"reference": "POD-1"}, supplier)["status"] == "delivered"
    assert api.post(f"{path}/receive", None, buyer)["status"] == "received"
    at_new_year.advance(days=30)
    ORDERS.sweep(at_new_year.at)
    assert api.get(path, buyer)["status"] == "completed"
    books = _books(
        api,
        officer,
        streams,
        {"held": 0, "supplier_balance": -100_000, "cover_available": 120_000, "cover_reserved": 0},
    )
    assert books["balanced"] is True

    figures = api.get(f"/v1/storefronts/{supplier_id}")["figures"]["transactions_12m"]
    assert (figures["count"], figures["value"]["amount"]) == (1, "1000.00")
    statement = api.get(f"/v1/ledger/accounts/supplier_balance:{supplier_id}", supplier)
    assert (statement["closing"]["amount"], [line["event"] for line in statement["items"]]) == (
        "1000.00",
        ["order.completed"],
    )
    verified = api.get("/v1/ledger/verification", officer)
    assert verified["first_bad"] is None
    assert [entry["kind"] for entry in api.get(f"{path}/timeline", buyer)["items"]][-1] == "order.completed"


def _bank_tells(api: Api, officer: str, order_id: str, seq: int, amount: str) -> None:
    """The bank's event, signed and sent to our own endpoint by the sandbox; twice, as banks do."""
    data = {
        "bank_ref": f"R-{seq}",
        "seq": seq,
        "order_id": order_id,
        "account": "TA-USD-01",
        "value_date": "2018-01-02",
        "money": {"amount": amount, **USD},
    }
    for _ in range(2):
        sent = api.post(
            "/v1/sandbox/banks/boc/events", {"type": "payment.received", "data": data, "id": f"msg-{seq}"}, officer
        )
        assert sent.status in (200, 202), sent.body


def _books(api: Api, officer: str, streams: Streams, expected: dict[str, int]) -> Reply:
    """The trial balance once all that happened is in it. `expected` are debits less credits, by account, in cents."""
    streams()
    books = api.get("/v1/ledger/trial-balance", officer)
    assert books["balanced"] is True
    found = {
        line["account"]: _cents(line["debit"]) - _cents(line["credit"])
        for line in books["accounts"] + books["memorandum"]
    }
    assert {account: found.get(account, 0) for account in expected} == expected
    return books


def _cents(data: dict[str, Any]) -> int:
    return round(float(data["amount"]) * 100)


def _history() -> bytes:
    """Twelve trades, all in time; one of them told twice, and one row nobody can read."""
    trades = [_trade(number) for number in range(12)]
    return lines(*trades, trades[3], row(trade_id="T-bad", ordered_at="yesterday"))


def _trade(number: int) -> str:
    ordered = datetime(2017, 8, 1, 4, tzinfo=UTC) + timedelta(days=10 * number)
    days = {"ordered_at": 0, "paid_at": 1, "ship_by": 9, "shipped_at": 6, "delivered_at": 14}
    return row(
        trade_id=f"T-{number}",
        amount="90.00",
        **{name: (ordered + timedelta(days=after)).isoformat() for name, after in days.items()},
    )
