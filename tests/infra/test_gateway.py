"""The local gateway: the answers API Gateway gives by itself, over real HTTP."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from chalice.local import LocalChalice

from infra.local.gateway import (
    MOST_BODY_BYTES,
    MOST_EVENT_BYTES,
    MOST_HEADER_BYTES,
    Answer,
    Gateway,
    Limit,
    LocalServer,
)
from tests import provoked
from tests.world import Reply, StandingClock, token

ACME = {"external_ref": "acme-1", "name": "ACME", "country": "DE"}


@pytest.fixture
def server(aws: None, time: StandingClock) -> Iterator[LocalServer]:
    import app

    with LocalServer(app.app) as running:
        yield running


def ask(server: LocalServer, method: str, path: str, body: Any = None, **headers: str) -> Reply:
    line = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
    try:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        line.request(method, path, content, sent)
        got = line.getresponse()
        raw = got.read()
    finally:
        line.close()
    parsed = json.loads(raw) if raw and "json" in (got.headers["Content-Type"] or "") else raw
    provoked.note(method, path, sent, content or b"", got.status, parsed)
    return Reply(got.status, parsed, dict(got.headers), raw)


def test_what_is_long_is_compressed_for_who_takes_it_so(server: LocalServer) -> None:
    plain = ask(server, "GET", "/docs/site.css")
    small = ask(server, "GET", "/docs/site.css", Accept_Encoding="br;q=1.0, gzip;q=0.8")
    assert (plain.headers.get("Content-Encoding"), small.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(small.raw) == plain.raw
    for refusing in ("br", "gzip;q=0"):
        assert ask(server, "GET", "/docs/site.css", Accept_Encoding=refusing).raw == plain.raw
    assert "Content-Encoding" not in ask(server, "GET", "/v1/health", Accept_Encoding="gzip").headers


def bearer(*who: str) -> str:
    return f"Bearer {token(*who)}"


def raw(server: LocalServer, request: bytes) -> bytes:
    """What comes back for bytes that no client library would send."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


def must_be_problem(reply: Reply, status: int, code: str) -> None:
    assert (reply.status, reply["status"], reply["code"]) == (status, status, code)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply["request_id"] == reply.headers["X-Request-Id"]
    assert {"type", "title", "detail", "instance", "doc_url", "fix"} <= set(reply.body)


def test_a_member_is_registered_and_read_over_http(server: LocalServer) -> None:
    officer = bearer("officer", "officer-1", "admin")
    reply = ask(server, "POST", "/v1/members", ACME, Authorization=officer, Idempotency_Key="k")
    assert reply.status == 201, reply.body
    seen = ask(server, "GET", f"/v1/members/{reply['id']}", Authorization=officer)
    assert (seen.status, seen.body) == (200, reply.body)


def test_an_unknown_path_is_a_404_problem_that_names_it(server: LocalServer) -> None:
    reply = ask(server, "GET", "/v1/nowhere/%22x%22?a=1")
    must_be_problem(reply, 404, "not_found")
    assert reply["instance"] == "/v1/nowhere/%22x%22"
    assert reply["doc_url"] == f"{server.url}/docs/errors/not_found"


def test_a_trailing_slash_is_another_path(server: LocalServer) -> None:
    must_be_problem(ask(server, "GET", "/v1/members/", Authorization=bearer("officer", "o", "feeds")), 404, "not_found")


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}])
def test_no_token_and_a_bad_token_are_401_problems(server: LocalServer, header: dict[str, str]) -> None:
    reply = ask(server, "GET", "/v1/members", **header)
    must_be_problem(reply, 401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "QUERY"])
def test_a_wrong_method_is_a_405_problem_that_lists_the_right_ones(server: LocalServer, method: str) -> None:
    reply = ask(server, method, "/v1/members")
    must_be_problem(reply, 405, "method_not_allowed")
    assert set(reply.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST", "OPTIONS"}


def test_head_is_answered_like_get_without_a_body(server: LocalServer) -> None:
    reply = ask(server, "HEAD", "/v1/members", Authorization=bearer("officer", "o", "feeds"))
    assert (reply.status, reply.raw) == (200, b"")


def test_a_body_beyond_ten_megabytes_is_refused_unread(server: LocalServer) -> None:
    content = f"POST /v1/members HTTP/1.1\r\nHost: x\r\nContent-Length: {MOST_BODY_BYTES + 1}\r\n\r\n"
    answer = raw(server, content.encode())
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code": "body_too_large"' in answer


def test_headers_beyond_ten_kilobytes_are_refused(server: LocalServer) -> None:
    must_be_problem(ask(server, "GET", "/v1/health", X_Long="x" * MOST_HEADER_BYTES), 431, "headers_too_large")
    must_be_problem(ask(server, "GET", f"/v1/members?external_ref={'x' * MOST_HEADER_BYTES}"), 431, "headers_too_large")
    assert ask(server, "GET", "/v1/health", X_Long="x" * (MOST_HEADER_BYTES - 500)).status == 200


class Application(LocalChalice):
    """What the gateway calls, as a test wants it to be."""

    def __init__(self, behave: Callable[[dict[str, Any]], str]) -> None:
        import app

        self.routes = {"/v1/health": app.app.routes["/v1/health"]}
        self._behave = behave

    def __call__(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        body = self._behave(event)
        return {"statusCode": 200, "headers": {}, "multiValueHeaders": {}, "body": body, "isBase64Encoded": False}


def asked(behave: Callable[[dict[str, Any]], str], body: bytes = b"") -> Answer:
    return Gateway(Application(behave)).answer("GET", "/v1/health", {}, body)


def test_an_answer_larger_than_lambda_gives_is_a_fault() -> None:
    assert asked(lambda event: "x" * (MOST_EVENT_BYTES - 500)).status == 200
    assert asked(lambda event: "x" * MOST_EVENT_BYTES).status == 500
    assert asked(lambda event: '"' * (MOST_EVENT_BYTES // 2 + 1)).status == 500, "each quotation mark is two bytes"


def test_an_event_larger_than_lambda_takes_is_refused_before_the_application_sees_it() -> None:
    called: list[Any] = []

    def behave(event: dict[str, Any]) -> str:
        called.append(event)
        return ""

    assert asked(behave, b"x" * MOST_EVENT_BYTES).status == 413
    assert called == []
    assert asked(lambda event: "", b"x" * (MOST_EVENT_BYTES - 2000)).status == 200


def test_an_answer_that_does_not_come_in_time_is_told_as_that() -> None:
    provoked.given("The answer takes longer than 29 seconds.")
    ended = threading.Event()
    with LocalServer(Application(lambda event: str(ended.wait(60))), seconds=0.05) as server:
        told = ask(server, "GET", "/v1/health")
        ended.set()
    must_be_problem(told, 504, "timed_out")


def test_more_requests_than_the_limit_takes_are_refused_until_some_time_has_passed(
    aws: None, time: StandingClock
) -> None:
    import app

    provoked.given("More requests have come within a second than the stage lets in.")
    seconds = [0.0]
    limit = Limit(rate=2, burst=2, now=lambda: seconds[0])
    with LocalServer(app.app, limit=limit) as server:
        assert [ask(server, "GET", "/v1/health").status for _ in range(2)] == [200, 200]
        refused = ask(server, "GET", "/v1/health")
        must_be_problem(refused, 429, "too_many_requests")
        assert refused.headers["Retry-After"] == "1"
        seconds[0] += float(refused.headers["Retry-After"])
        assert [ask(server, "GET", "/v1/health").status for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(("rate", "at_once"), [(3, 6), (0.1, 1)])
def test_a_limit_lets_in_at_once_as_many_times_its_rate_as_where_it_is_deployed(rate: float, at_once: int) -> None:
    limit = Limit.of(rate, now=lambda: 0)
    assert [limit.lets_in() for _ in range(at_once + 1)] == [True] * at_once + [False]


@pytest.mark.parametrize(
    "said",
    [
        b"nonsense\r\n\r\n",
        b"POST /v1/members HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/members HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /v1/members HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_what_is_not_http_is_a_400_problem(server: LocalServer, said: bytes) -> None:
    answer = raw(server, said)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b'"code": "malformed"' in answer


def test_a_chunked_body_is_read(server: LocalServer) -> None:
    body = json.dumps(ACME).encode()
    reply = ask(
        server,
        "POST",
        "/v1/members",
        iter([body[:10], body[10:]]),
        Authorization=bearer("officer", "o", "feeds"),
        Idempotency_Key="k",
    )
    assert reply.status == 201, reply.body


def test_a_browser_may_ask_first(server: LocalServer) -> None:
    reply = ask(server, "OPTIONS", "/v1/members")
    assert reply.status == 200
    assert reply.headers["Access-Control-Allow-Origin"] == "*"
    assert {"GET", "POST"} <= set(reply.headers["Access-Control-Allow-Methods"].split(","))
