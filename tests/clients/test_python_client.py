"""What the Python client does around a call: keys, tries, pages, problems, tokens, webhooks. The answers here are invented."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook
from surety_client import NotGenuine, Problem, Retries, Surety, Unreachable, opened
from surety_client.generated import problems
from surety_client.generated.models import OrderRequest

from chalicelib.orders.examples import ORDER
from infra.clients.call_names import named
from tests.api.api_requests import document

Answer = Callable[[httpx.Request], httpx.Response]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MEMBER = {
    "id": "mem_1",
    "version": 1,
    "status": "registered",
    "external_ref": "acme",
    "name": "ACME",
    "country": "DE",
    "zone": "Europe/Berlin",
    "created_at": "2026-03-02T02:15:00Z",
    "updated_at": "2026-03-02T02:15:00Z",
    "allowed_actions": [],
    "deadlines": [],
}


class Wire:
    """Answers with what it was given, one after the other, and keeps what it was asked and how long the client slept."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers: Iterator[httpx.Response | Exception] = iter(answers)
        self.asked: list[httpx.Request] = []
        self.slept: list[float] = []
        self.http = httpx.Client(transport=httpx.MockTransport(self._answer))
        retries = Retries(sleep=self.slept.append, chance=lambda: 1.0)
        self.surety = Surety("https://api.example/", "a-token", retries=retries, http=self.http)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def error(status: int, code: str, **more: Any) -> httpx.Response:
    data = {"status": status, "code": code, "title": "No.", "detail": "Not that.", "fix": "Do this.", **more}
    return httpx.Response(status, json=data, headers={"Content-Type": "application/problem+json"})


def page(*ids: str, next_cursor: str | None = None) -> httpx.Response:
    return httpx.Response(200, json={"items": [MEMBER | {"id": each} for each in ids], "next_cursor": next_cursor})


def test_every_request_has_a_key_of_its_own_and_keeps_it_however_often_it_is_sent() -> None:
    wire = Wire(
        httpx.ConnectError("gone"),
        httpx.Response(503),
        httpx.Response(201, json=MEMBER),
        httpx.Response(201, json=MEMBER),
    )
    body = {"external_ref": "acme", "name": "ACME", "country": "DE"}
    wire.surety.members.create(body)
    wire.surety.members.create(body)
    keys = [request.headers["Idempotency-Key"] for request in wire.asked]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert {request.headers["Authorization"] for request in wire.asked} == {"Bearer a-token"}


def test_it_waits_longer_each_time_and_never_less_than_it_was_told() -> None:
    busy = httpx.Response(429, headers={"Retry-After": "7"})
    wire = Wire(httpx.Response(503), httpx.Response(503), busy, httpx.ReadTimeout("slow"), page())
    assert list(wire.surety.members.list()) == []
    assert wire.slept == [0.25, 0.5, 7 + 1.0, 2.0]


def test_a_lost_race_is_run_again_and_a_refusal_is_not() -> None:
    wire = Wire(error(409, "race_lost"), httpx.Response(201, json=MEMBER), error(409, "member_exists"))
    wire.surety.members.create({})
    with pytest.raises(problems.MemberExists):
        wire.surety.members.create({})
    assert len(wire.asked) == 3


def test_who_is_busy_to_the_end_says_so_and_who_never_answers_is_unreachable() -> None:
    wire = Wire(*[error(503, "busy") for _ in range(5)], *[httpx.ConnectError("gone") for _ in range(5)])
    with pytest.raises(Problem, match="503 busy"):
        wire.surety.health.get()
    with pytest.raises(Unreachable, match="5 tries"):
        wire.surety.health.get()


def test_a_problem_is_an_exception_by_its_code_with_what_to_do_and_the_numbers() -> None:
    shortfall = {"amount": "20.00", "currency": "USD"}
    wire = Wire(
        error(422, "capacity_exceeded", param="terms", shortfall=shortfall), error(409, "newer_than_this_client")
    )
    with pytest.raises(problems.CapacityExceeded) as caught:
        wire.surety.orders.get("ord_1")
    assert (caught.value.fix, caught.value.param, caught.value.numbers) == (
        "Do this.",
        "terms",
        {"shortfall": shortfall},
    )
    with pytest.raises(Problem, match=r"409 newer_than_this_client: Not that\. Do this\."):
        wire.surety.orders.get("ord_1")


def test_an_answer_that_is_no_problem_is_one_without_a_code() -> None:
    wire = Wire(httpx.Response(403, text="<html>a proxy</html>"))
    with pytest.raises(Problem) as caught:
        wire.surety.health.get()
    assert (caught.value.status, caught.value.code) == (403, "")


def test_a_list_goes_on_while_there_is_a_cursor_and_over_pages_that_hold_nothing() -> None:
    wire = Wire(page("mem_1", "mem_2", next_cursor="a"), page(next_cursor="b"), page("mem_3"))
    assert [member.id for member in wire.surety.members.list(limit=2)] == ["mem_1", "mem_2", "mem_3"]
    assert [request.url.params.get("cursor", "") for request in wire.asked] == ["", "a", "b"]
    assert {request.url.params["limit"] for request in wire.asked} == {"2"}
    assert Wire(page()).surety.members.list().first() is None


def test_a_form_and_a_mapping_are_sent_alike() -> None:
    wire = Wire(error(404, "not_found"), error(404, "not_found"))
    for body in (ORDER, OrderRequest.from_dict(ORDER)):
        with pytest.raises(problems.NotFound):
            wire.surety.orders.create(body)
    sent = [json.loads(request.content) for request in wire.asked]
    assert sent[0] == {**sent[0], **ORDER}
    assert sent[1]["terms"]["items"] == ORDER["terms"]["items"]


def test_a_token_is_asked_for_at_each_request_and_a_member_acted_for_is_named() -> None:
    tokens, wire = iter(["one", "two"]), Wire(page(), page())
    surety = Surety("https://api.example", lambda: next(tokens), http=wire.http)
    list(surety.members.list())
    list(surety.acting_for("mem_7").members.list())
    assert [request.headers["Authorization"] for request in wire.asked] == ["Bearer one", "Bearer two"]
    assert wire.asked[1].headers["Surety-Acting-For"] == "mem_7"


def test_the_clock_is_moved_until_it_has_arrived_and_what_happened_is_counted_over_all_requests() -> None:
    began, on_the_way, there = "2026-03-02T02:15:00Z", "2026-03-03T02:15:00Z", "2026-03-05T02:15:00+00:00"

    def moved(now: str, *, arrived: bool) -> httpx.Response:
        return httpx.Response(200, json={"now": now, "arrived": arrived, "counts": {"orders": 2}, "happened": []})

    wire = Wire(
        httpx.Response(200, json={"now": began, "real_now": began}),
        moved(on_the_way, arrived=False),
        moved(there, arrived=True),
    )
    assert wire.surety.move_clock(hours=72) == {"now": there, "happened": {"orders": 4}}
    assert [json.loads(request.content) for request in wire.asked[1:]] == [{"now": there}] * 2
    assert len({request.headers["Idempotency-Key"] for request in wire.asked[1:]}) == 2


def test_a_webhook_is_opened_where_it_is_genuine_and_fresh() -> None:
    body, now = b'{"type":"order.funded","data":{}}', datetime.now(UTC)
    signed = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": Webhook(SECRET).sign("msg_1", now, body.decode()),
    }
    assert opened(SECRET, signed, body)["type"] == "order.funded"
    with pytest.raises(NotGenuine):
        opened(SECRET, signed, body + b" ")
    old = now - timedelta(minutes=6)
    late = {
        "Webhook-Timestamp": str(int(old.timestamp())),
        "Webhook-Signature": Webhook(SECRET).sign("msg_1", old, body.decode()),
    }
    with pytest.raises(NotGenuine):
        opened(SECRET, signed | late, body)


def test_a_word_that_is_newer_than_the_client_is_read() -> None:
    wire = Wire(httpx.Response(200, json=MEMBER | {"status": "renowned", "stars": 3}))
    member = wire.surety.members.get("mem_1")
    assert (member.status, member["stars"]) == ("renowned", 3)


def test_every_call_of_the_document_is_there_under_the_name_of_its_path() -> None:
    surety = Surety("https://api.example")
    calls = named(document())
    assert len(calls) > 400
    missing = [call for call in calls if not callable(getattr(getattr(surety, call.collection), call.name, None))]
    assert missing == []


def test_every_refusal_of_the_document_has_a_class() -> None:
    codes = {code for told in _responses() for code in told.get("x-codes", ())}
    assert codes <= set(problems.BY_CODE)
    assert all(problems.BY_CODE[code].code == code for code in codes)


def _responses() -> Iterator[dict[str, Any]]:
    yield from document()["components"]["responses"].values()
    for operations in document()["paths"].values():
        for operation in operations.values():
            yield from operation["responses"].values()
