"""Forty faults that a backend of this kind is measured by, one test each: what comes in, what is below, who is on the other side.

Whatever happens, the caller is told by name what to do, nothing is half written, and what was lost on the way has its effect once.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

import pytest

from chalicelib.orders.examples import TERMS
from chalicelib.shared import clock
from chalicelib.shared.aws import client
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.settings import settings
from chalicelib.shared.webhooks import keys_of, sign
from chalicelib.webhooks.declared import DELIVERIES
from chalicelib.webhooks.rules.delivery import Outcome
from tests.bank_events.conftest import Bank, bank, payment
from tests.conftest import PARAMETERS
from tests.faults import below
from tests.ledger.books import raw_journal, tamper
from tests.trade import Trade
from tests.webhooks.conftest import Desk, desk, receiver
from tests.world import Reply, Streams

__all__ = ["bank", "desk", "receiver"]

MEMBER: Final = {"external_ref": "acme", "name": "ACME GmbH", "country": "DE"}


def register(trade: Trade, officer: str, body: Any, **more: Any) -> Reply:
    return trade.api.post("/v1/members", body, officer, **more)


def entries() -> int:
    return sum(1 for _ in JournalRow.scan())


def refused(trade: Trade, officer: str, body: Any, code: str, status: int = 400, **more: Any) -> Reply:
    """The request is refused by that name, with what to do about it, and nothing is written."""
    before = entries()
    reply = register(trade, officer, body, **more)
    assert (reply.status, reply["code"]) == (status, code), reply.body
    assert reply["fix"]
    assert reply["request_id"]
    assert entries() == before
    return reply


def order_with(trade: Trade, money: Any) -> Reply:
    terms = TERMS | {"items": [TERMS["items"][0] | {"unit_price": money}]}
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": terms}
    return trade.api.post("/v1/orders", body, trade.buyer)


# --- malformed JSON ---------------------------------------------------------------------------------------------------


def test_01_text_that_is_no_json(trade: Trade, officer: str) -> None:
    refused(trade, officer, b'{"external_ref": "acme"', "not_json")


def test_02_a_key_that_stands_twice(trade: Trade, officer: str) -> None:
    reply = refused(
        trade, officer, b'{"external_ref": "a", "external_ref": "b", "name": "A", "country": "DE"}', "bad_field"
    )
    assert "external_ref" in reply["detail"]


def test_03_not_a_number(trade: Trade, officer: str) -> None:
    refused(trade, officer, b'{"external_ref": NaN, "name": "A", "country": "DE"}', "not_json")


def test_04_bytes_that_are_no_text(trade: Trade, officer: str) -> None:
    refused(trade, officer, b'{"external_ref": "\xff\xfe", "name": "A", "country": "DE"}', "not_json")


def test_05_a_body_that_is_nested_without_end(trade: Trade, officer: str) -> None:
    refused(trade, officer, b"[" * 5000 + b"]" * 5000, "not_json")


def test_06_a_body_larger_than_a_quarter_of_a_megabyte(trade: Trade, officer: str) -> None:
    refused(trade, officer, MEMBER | {"name": "A" * 300_000}, "body_too_large", 413)


def test_07_a_field_that_nobody_knows(trade: Trade, officer: str) -> None:
    reply = refused(trade, officer, MEMBER | {"colour": "red"}, "bad_field")
    assert reply["param"] == "colour"


def test_08_a_value_of_another_type(trade: Trade, officer: str) -> None:
    reply = refused(trade, officer, MEMBER | {"name": 7}, "bad_field")
    assert reply["param"] == "name"


# --- money ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "money",
    [
        pytest.param({"amount": 1500.0, "currency": "USD"}, id="09_a_number"),
        pytest.param({"amount": "1.5e3", "currency": "USD"}, id="10_an_exponent"),
        pytest.param({"amount": "1500.005", "currency": "USD"}, id="11_a_digit_too_many"),
        pytest.param({"amount": "-1500.00", "currency": "USD"}, id="12_below_zero"),
        pytest.param({"amount": "1500.00", "currency": "XXQ"}, id="13_a_currency_that_is_none"),
        pytest.param({"amount": "9" * 40 + ".00", "currency": "USD"}, id="14_more_than_there_is"),
    ],
)
def test_money_that_is_not_exactly_an_amount(trade: Trade, money: Any) -> None:
    before = entries()
    reply = order_with(trade, money)
    assert reply.status in (400, 422), reply.body
    assert reply["fix"]
    assert "unit_price" in reply["param"] or "currency" in reply["param"]
    assert entries() == before


# --- keys -------------------------------------------------------------------------------------------------------------


def test_15_a_command_without_a_key(trade: Trade, officer: str) -> None:
    none: Any = {"Idempotency-Key": ""}
    refused(trade, officer, MEMBER, "idempotency_key_required", **none)


def test_16_a_key_that_is_too_long(trade: Trade, officer: str) -> None:
    refused(trade, officer, MEMBER, "idempotency_key_required", key="k" * 256)


def test_17_a_key_that_cannot_be_seen(trade: Trade, officer: str) -> None:
    refused(trade, officer, MEMBER, "idempotency_key_required", key="k\x07")


def test_18_a_key_that_belongs_to_another_request(trade: Trade, officer: str) -> None:
    register(trade, officer, MEMBER, key="k")
    refused(trade, officer, MEMBER | {"name": "Another"}, "idempotency_key_reused", 422, key="k")


# --- cursors ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def cursor(trade: Trade) -> str:
    """Of a buyer's orders."""
    for _ in range(2):
        trade.propose()
    view: str = trade.api.get("/v1/orders?limit=1", trade.buyer)["next_cursor"]
    return view


def test_19_a_cursor_that_was_changed(trade: Trade, cursor: str) -> None:
    reply = trade.api.get(f"/v1/orders?limit=1&cursor={cursor[:-2]}AA", trade.buyer)
    assert (reply.status, reply["code"]) == (400, "bad_cursor")


def test_20_a_cursor_of_somebody_else(trade: Trade, cursor: str) -> None:
    reply = trade.api.get(f"/v1/orders?limit=1&cursor={cursor}", trade.supplier)
    assert (reply.status, reply["code"]) == (400, "bad_cursor")


def test_21_a_cursor_of_another_list(trade: Trade, cursor: str) -> None:
    reply = trade.api.get(f"/v1/claims?limit=1&cursor={cursor}", trade.buyer)
    assert (reply.status, reply["code"]) == (400, "bad_cursor")


# --- replays ----------------------------------------------------------------------------------------------------------


def test_22_a_request_that_comes_again_is_answered_to_the_letter(trade: Trade, officer: str) -> None:
    first, again = (register(trade, officer, MEMBER, key="k") for _ in range(2))
    assert (first.raw, first.status) == (again.raw, again.status)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_23_a_request_that_comes_again_after_the_state_has_moved_on(trade: Trade) -> None:
    reply = trade.propose()
    accept = f"/v1/orders/{reply['id']}/accept"
    first = trade.api.post(accept, {"version": reply["version"]}, trade.supplier, key="k")
    trade.fund(reply["id"])
    again = trade.api.post(accept, {"version": reply["version"]}, trade.supplier, key="k")
    assert (again.status, again.raw) == (200, first.raw)
    assert trade.see(reply["id"])["status"] == "funded"


def test_24_an_answer_that_was_lost_on_its_way(trade: Trade, officer: str) -> None:
    before = entries()
    with below.failing(below.lost, times=1, only=_transactions):
        reply = register(trade, officer, MEMBER, key="k")
    assert reply.status == 201
    assert register(trade, officer, MEMBER, key="k").raw == reply.raw
    assert entries() == before + 1


# --- cancellations and throttling -------------------------------------------------------------------------------------


def _transactions(request: Any) -> bool:
    return "TransactWrite" in below.operation(request)


def _cancelled(*codes: str) -> below.Fault:
    """The engine's refusal of a transaction, with a reason for each of its actions."""

    def fault(request: Any, execute: Any) -> Any:
        reasons = [{"Code": code, "Message": "injected"} for code in codes]
        return below.answer(request, 400, "TransactionCanceledException", CancellationReasons=reasons)

    return fault


def test_25_a_conflict_with_another_transaction_is_tried_again(trade: Trade, officer: str) -> None:
    with below.failing(_cancelled("TransactionConflict", "None"), times=3, only=_transactions) as seen:
        assert register(trade, officer, MEMBER).status == 201
    assert (seen.met, len(seen.asked)) == (3, 4)


def test_26_conflicts_without_end_are_told_as_such(trade: Trade, officer: str) -> None:
    with below.failing(_cancelled("TransactionConflict", "None"), only=_transactions):
        reply = register(trade, officer, MEMBER, key="k")
    assert (reply.status, reply["code"]) == (503, "busy")
    assert int(reply.headers["Retry-After"]) >= 1
    assert register(trade, officer, MEMBER, key="k").status == 201


def test_27_mixed_reasons_are_a_refusal_only_where_a_condition_failed(trade: Trade) -> None:
    """A conflict beside a condition that held says nothing about the state; a failed condition beside a conflict does."""
    order_id = trade.agree()
    trade.fund(order_id)
    mixed = _cancelled("None", "TransactionConflict", "ThrottlingError")
    with below.failing(mixed, times=2, only=_transactions) as seen:
        assert trade.ship(order_id).status == 200
    assert seen.met == 2


def test_28_a_lost_race_beside_a_conflict_is_decided_again(trade: Trade) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    with below.failing(_cancelled("None", "ConditionalCheckFailed"), times=1, only=_transactions) as seen:
        assert trade.ship(order_id).status == 200
    assert (seen.met, trade.see(order_id)["status"]) == (1, "shipped")


def test_29_a_throttled_write_is_a_503_that_says_when(trade: Trade, officer: str) -> None:
    with below.failing(below.throttled, only=_transactions) as seen:
        reply = register(trade, officer, MEMBER, key="k")
    assert (reply.status, reply["code"]) == (503, "busy")
    assert int(reply.headers["Retry-After"]) >= 1
    assert seen.seconds <= 2
    assert register(trade, officer, MEMBER, key="k").status == 201


def test_30_a_throttled_read_is_a_503_that_says_when(trade: Trade) -> None:
    order_id = trade.propose()["id"]
    with below.failing(below.throttled) as seen:
        reply = trade.see(order_id)
    assert (reply.status, reply["code"]) == (503, "busy")
    assert int(reply.headers["Retry-After"]) >= 1
    assert seen.seconds <= 2


def test_31_an_engine_that_says_nothing(trade: Trade) -> None:
    order_id = trade.propose()["id"]
    with below.failing(below.silent) as seen:
        reply = trade.see(order_id)
    assert (reply.status, reply["code"]) == (503, "busy")
    assert seen.seconds <= 2


# --- poison -----------------------------------------------------------------------------------------------------------


def test_32_a_poisoned_event_keeps_no_other_from_its_effect(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    poison = bank.tell("payment.received", {"bank_ref": "R-9", "seq": "no number", "money": "much"})
    good = bank.pay(order_id, "1500.00", 1)
    streams()
    assert bank.status(good) == "applied"
    assert bank.status(poison) != "applied"
    assert trade.see(order_id, "/money")["received"]["amount"] == "1500.00"


def test_33_an_entry_that_cannot_be_read_keeps_no_other_from_being_shown(trade: Trade) -> None:
    order_id = trade.agree()
    trade.pay(order_id, 150_000)
    entry_id = _entry_of(order_id, 2)
    tamper(entry_id, document={"B": b"\x01rubbish"})
    reply = trade.see(order_id, "/timeline")
    assert reply.status == 200
    assert [entry["seq"] for entry in reply["items"]] == [1, 3]


def test_34_a_record_that_cannot_be_read_is_named_and_others_are_served(trade: Trade) -> None:
    lost, kept = trade.propose()["id"], trade.propose()["id"]
    _spoil("orders", {"order_id": {"S": lost}})
    reply = trade.see(lost)
    assert (reply.status, reply["code"]) == (503, "record_unreadable")
    listed = trade.api.get("/v1/orders", trade.buyer)
    assert [order["id"] for order in listed["items"]] == [kept]


# --- reordered and doubled --------------------------------------------------------------------------------------------


def test_35_events_in_the_wrong_order(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    for seq, amount in ((3, "500.00"), (1, "1500.00"), (2, "1000.00")):
        bank.pay(order_id, amount, seq)
        streams()
    assert trade.see(order_id, "/money")["received"]["amount"] == "3000.00"
    assert bank.listed("parked") == []


def test_36_an_event_that_is_told_again_under_another_name(bank: Bank, trade: Trade, streams: Streams) -> None:
    order_id = trade.agree()
    for _ in range(3):
        bank.pay(order_id, "1500.00", 1)
    streams()
    assert trade.see(order_id, "/money")["received"]["amount"] == "1500.00"


# --- tampering --------------------------------------------------------------------------------------------------------


def test_37_a_signature_over_another_body(trade: Trade) -> None:
    body = json.dumps({"type": "payment.received", "data": payment("ord_x", "1.00", 1)}).encode()
    keys = keys_of(PARAMETERS["banks/boc"])
    headers = sign(keys, "msg_1", clock.real(), body)
    reply = trade.api.post("/v1/webhooks/banks/boc", body.replace(b"1.00", b"9.00"), None, **headers)
    assert (reply.status, reply["code"]) == (401, "bad_signature")


def test_38_a_message_that_was_signed_an_hour_ago(trade: Trade) -> None:
    body = b'{"type":"ping","timestamp":"2026-03-02T02:15:00Z","data":{}}'
    headers = sign(keys_of(PARAMETERS["banks/boc"]), "msg_1", clock.real() - timedelta(hours=1), body)
    reply = trade.api.post("/v1/webhooks/banks/boc", body, None, **headers)
    assert (reply.status, reply["code"]) == (401, "bad_signature")


def test_39_an_entry_that_somebody_changed(trade: Trade, officer: str, streams: Streams) -> None:
    order_id = trade.agree()
    trade.fund(order_id)
    streams()
    tamper(_entry_of(order_id, 2), at={"N": "0"})
    reply = trade.api.get(f"/v1/ledger/verification?aggregate_id={order_id}", officer)
    assert (reply["ok"], reply["first_bad"]["seq"]) == (False, 2)
    told = trade.ship(order_id)
    assert (told.status, told["code"]) == (409, "chain_broken")


# --- who is on the other side -----------------------------------------------------------------------------------------


def test_40_names_that_nobody_can_resolve_for_three_hours_with_a_full_backlog(desk: Desk) -> None:
    """What waits is sent when names resolve again: each message once, none lost, and nobody else waited."""
    trade = desk.trade
    endpoint = desk.register(trade.buyer, "order.*")
    desk.receiver.outcome = Outcome(why="host_unknown")
    orders = [trade.agree() for _ in range(12)]
    desk.run()
    for _ in range(6):
        DELIVERIES.sweep(trade.time.advance(minutes=30))
        desk.run()
    assert not desk.log(endpoint["id"], trade.buyer, "?status=delivered")
    desk.receiver.comes_back()
    desk.receiver.sent.clear()
    for _ in range(48):
        DELIVERIES.sweep(trade.time.advance(hours=1))
        desk.run()
    expected = {(order_id, seq) for order_id in orders for seq in (1, 2)}
    sent = [(sent["data"]["aggregate_id"], sent["data"]["seq"]) for sent in desk.receiver.sent]
    assert set(sent) == expected
    assert len(sent) == len(expected)
    assert desk.log(endpoint["id"], trade.buyer, "?status=dead") == []


def _entry_of(aggregate_id: str, seq: int) -> str:
    place = (aggregate_id, str(seq))
    found = next(item for item in raw_journal() if (item["aggregate_id"]["S"], item["seq"]["N"]) == place)
    return str(found["entry_id"]["S"])


def _spoil(table: str, key: dict[str, Any]) -> None:
    """Put rubbish where a record keeps its document."""
    client("dynamodb").update_item(
        TableName=settings().name(table),
        Key=key,
        UpdateExpression="SET body = :b",
        ExpressionAttributeValues={":b": {"B": b"\x01rubbish"}},
    )
