"""Single faults of the machine below, and what has to hold after each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.ledger.records import evidence
from chalicelib.office.records import places
from chalicelib.orders.examples import TERMS
from chalicelib.runs import messages
from chalicelib.shared import batches, clock, journal, queues, retries, secrets
from chalicelib.shared.errors import Unavailable
from chalicelib.webhooks import queue
from tests.faults import below
from tests.trade import Trade
from tests.world import Api, Pump


def to(service: str) -> Any:
    return lambda request: request.url.startswith(f"https://{service}.")


def test_a_command_whose_answer_was_lost_is_served_once(trade: Trade) -> None:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS}
    writes = lambda request: "Transact" in below.operation(request)  # noqa: E731
    with below.failing(below.lost, only=writes) as seen:
        reply = trade.api.post("/v1/orders", body, trade.buyer, key="k")
    assert (reply.status, seen.met) == (503, 2)
    again = trade.api.post("/v1/orders", body, trade.buyer, key="k")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert len(trade.api.get("/v1/orders", trade.buyer)["items"]) == 1


def test_one_answer_that_is_lost_is_not_noticed_by_the_caller(trade: Trade) -> None:
    body = {"buyer_id": trade.buyer_id, "supplier_id": trade.supplier_id, "terms": TERMS}
    with below.failing(below.lost, times=1, only=lambda request: "Transact" in below.operation(request)) as seen:
        reply = trade.api.post("/v1/orders", body, trade.buyer)
    assert (reply.status, seen.met) == (201, 1)


def test_health_asks_once_and_says_degraded_within_a_second(api: Api) -> None:
    for fault in below.ALL:
        with below.failing(fault) as seen:
            reply = api.get("/v1/health")
        assert (reply.status, reply["status"], seen.met) == (200, "degraded", 1)
        assert seen.seconds < 1.0


def test_keys_go_on_serving_while_the_parameter_store_is_away(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    known = secrets.required("cursor-key")
    monkeypatch.setattr(secrets, "_kept", {"cursor-key": (0.0, known)})
    for fault in below.ALL:
        with below.failing(fault, only=to("ssm")) as seen:
            secrets._kept["cursor-key"] = 0.0, known
            assert secrets.required("cursor-key") == known
            assert secrets.required("cursor-key") == known
        assert seen.met == 1


def test_a_key_that_was_never_read_is_a_503_while_the_parameter_store_is_away(api: Api, officer: str) -> None:
    for number in range(3):
        api.post("/v1/members", {"external_ref": f"m-{number}", "name": "M", "country": "DE"}, officer)
    for fault in below.ALL:
        secrets.forget()
        with below.failing(fault, only=to("ssm")) as seen:
            reply = api.get("/v1/members?limit=1", officer)
        assert (reply.status, reply["code"]) == (503, "busy")
        assert seen.seconds <= 2.0


def test_what_the_engine_leaves_unprocessed_is_asked_for_in_growing_pauses_and_not_for_ever(aws: None) -> None:
    def nothing_done(request: Any, execute: Any) -> Any:
        asked = json.loads(request.body)["RequestItems"]
        return below.answered(request, {"Responses": {}, "UnprocessedKeys": asked, "UnprocessedItems": asked})

    for ask in (
        lambda: evidence.in_journal(["ent_1"]),
        lambda: journal.read_many(["ent_1"]),
        lambda: places.keep([("actor:a", clock.real(), "ent_1")]),
    ):
        with below.failing(nothing_done) as seen, pytest.raises(Unavailable):
            ask()
        assert seen.met < 200
        assert seen.seconds <= retries.CALL_SECONDS


def test_messages_a_queue_did_not_take_are_sent_again_and_no_others(api: Api, pump: Pump) -> None:
    sent: list[list[str]] = []

    def takes_all_but_the_last(request: Any, execute: Any) -> Any:
        entries = [entry["Id"] for entry in json.loads(request.body)["Entries"]]
        sent.append(entries)
        failed = [{"Id": entries[-1], "Code": "InternalError", "SenderFault": False}] if len(entries) > 1 else []
        return below.answered(request, {"Successful": [], "Failed": failed})

    sending = lambda request: "SendMessageBatch" in below.operation(request)  # noqa: E731
    with below.failing(takes_all_but_the_last, only=sending):
        messages.send("run_1", range(3))
    assert sent == [["0", "1", "2"], ["2"]]


def test_both_producers_are_one(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(queues, "send", lambda queue, messages: sent.append(queue))
    messages.send("run_1", [1])
    queue.send([])
    assert sent == ["work", "webhooks"]


def test_a_batch_is_not_tried_record_by_record_while_the_store_is_silent(aws: None) -> None:
    records = [{"messageId": str(number)} for number in range(100)]
    with below.failing(below.silent) as seen:
        answer = batches.serve(records, lambda record: journal.read("x"), failure="not read")
    assert answer == batches.come_again(str(number) for number in range(100))
    assert seen.seconds <= retries.CALL_SECONDS


def test_one_record_that_fails_keeps_no_other_from_being_served(aws: None) -> None:
    served: list[str] = []

    def work(record: Any) -> None:
        if record["messageId"] == "1":
            raise ValueError("poison")
        served.append(record["messageId"])

    answer = batches.serve([{"messageId": str(number)} for number in range(3)], work, failure="not served")
    assert (answer, served) == (batches.come_again(["1"]), ["0", "2"])
