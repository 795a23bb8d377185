"""The process stops before or after any call of any command, and the request is sent again: nothing is different in the end.

For each command of a whole order every call to the engine is made the last one before the process dies, once just before it is
sent and once just after it was carried out. Then the same request comes again, and all tables are compared with those of a run
that nothing disturbed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import botocore.client
import botocore.session
import pytest

from chalicelib.orders import jobs, service
from chalicelib.orders.examples import SHIPMENT, TERMS
from chalicelib.sandbox import bent_clock
from chalicelib.shared import ids
from tests.trade import Trade

pytestmark = pytest.mark.slow

Tables = dict[str, list[dict[str, Any]]]
Command = tuple[str, Callable[[Trade, str], Any]]


class Stopped(BaseException):
    """The process is gone: no handler of ours sees it."""


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
    ("tell the day-book", lambda trade, order: service.tell_day_book(order)),
]


def test_stopping_anywhere_and_asking_again_changes_nothing(trade: Trade, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "fresh", lambda prefix, now: ids.named(prefix, now.isoformat() if prefix == "ord" else ""))
    order_id = ids.named("ord", trade.time.at.isoformat())
    stops = 0
    for name, command in COMMANDS:
        before, started = _dump(), trade.time.at
        with _counted() as calls:
            command(trade, order_id)
        undisturbed = _dump()
        assert calls, name
        for call in range(len(calls)):
            for after in (False, True):
                _restore(before)
                trade.time.at = started
                with _stopping(call, after=after), pytest.raises(Stopped):
                    command(trade, order_id)
                trade.time.at = started
                command(trade, order_id)
                assert _dump() == undisturbed, (
                    f"{name}: stopped {'after' if after else 'before'} call {call} of {calls}"
                )
                stops += 1
    assert trade.see(order_id)["status"] == "completed"
    assert stops > 40


@contextmanager
def _stopping(at: int, *, after: bool) -> Iterator[None]:
    """The engine's call number `at` is the last: the process stops before it is sent, or after it was carried out."""
    made = 0

    def call(client: Any, operation: str, arguments: Any) -> Any:
        nonlocal made
        made += 1
        if made == at + 1 and not after:
            raise Stopped
        answer = real(client, operation, arguments)
        if made == at + 1:
            raise Stopped
        return answer

    with _calls_through(call) as real:
        yield


@contextmanager
def _counted() -> Iterator[list[str]]:
    made: list[str] = []

    def call(client: Any, operation: str, arguments: Any) -> Any:
        made.append(operation)
        return real(client, operation, arguments)

    with _calls_through(call) as real:
        yield made


@contextmanager
def _calls_through(call: Callable[[Any, str, Any], Any]) -> Iterator[Callable[[Any, str, Any], Any]]:
    bent_clock.forget()  # each time the clock is read anew, however soon it is
    real: Any = vars(botocore.client.BaseClient)["_make_api_call"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.client.BaseClient, "_make_api_call", call)
        yield real


def _dump() -> Tables:
    """Every item of every table, in an order of its own."""
    engine = _engine()
    return {
        table: sorted(engine.scan(TableName=table)["Items"], key=repr)
        for table in engine.list_tables()["TableNames"]
        if not table.endswith("-sandbox")
    }


def _restore(tables: Tables) -> None:
    """Only what differs is written: most tables are as they were."""
    engine = _engine()
    for table, items in _dump().items():
        keys = [key["AttributeName"] for key in engine.describe_table(TableName=table)["Table"]["KeySchema"]]
        for item in items:
            if item not in tables[table]:
                engine.delete_item(TableName=table, Key={key: item[key] for key in keys})
        for item in tables[table]:
            if item not in items:
                engine.put_item(TableName=table, Item=item)


@lru_cache(maxsize=1)
def _engine() -> Any:
    return botocore.session.get_session().create_client("dynamodb", region_name="us-east-1")


def _asked(trade: Trade) -> dict[str, Any]:
    return {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS}


def _shipment() -> dict[str, Any]:
    return SHIPMENT


def _after_a_month(trade: Trade) -> int:
    return jobs.settle_due(trade.time.advance(days=31))
