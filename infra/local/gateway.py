"""API Gateway on one machine: finds the route, asks the authorizer, calls the application, and says no as the real one does.

    with LocalServer(app) as server:
        … server.url …

What the gateway answers by itself comes from the templates in `infra/merge.yaml`, the ones that are deployed. In two things it is
kinder than the real one, which answers 404 to both: a known path with an unknown method is 405, and HEAD is answered like GET.
It takes and gives no more than API Gateway and Lambda do: 10 MB of a body, 10 KB of request line and headers, 6 MB of an event or an
answer as JSON, 29 seconds. What is long it compresses for who accepts that. It lets in as many requests as come, unless it is given a limit.
"""

from __future__ import annotations

import base64
import gzip
import json
import sys
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs

from chalice.local import LambdaContext, LocalChalice

from infra import templates

MERGE: Final = Path(__file__).parent.parent / "merge.yaml"
MOST_BODY_BYTES: Final = 10 * 1024 * 1024
MOST_HEADER_BYTES: Final = 10_240
"""Request line and headers together; an answer's headers together."""
MOST_EVENT_BYTES: Final = 6 * 1024 * 1024
"""What Lambda takes and gives, as JSON: a body in it grows with each quotation mark that has to be escaped."""
TIMEOUT_SECONDS: Final = 29
IDLE_SECONDS: Final = 60
POLL_SECONDS: Final = 0.5
METHOD_ARN: Final = "arn:aws:execute-api:us-east-1:123456789012:local/local/{method}/{path}"


@dataclass
class Answer:
    """What goes back over the wire."""

    status: int
    headers: dict[str, str | list[str]] = field(default_factory=dict)
    body: bytes = b""


class Unread(Exception):
    """The request cannot be taken as HTTP; `kind` names the gateway's answer to it."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Limit:
    """How many requests are let in, counted as API Gateway does: each takes one of `burst`, and `rate` of them come back in a second."""

    def __init__(self, rate: float, burst: float, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._now = rate, burst, now
        self._left, self._at = burst, now()
        self._lock = threading.Lock()

    @classmethod
    def of(cls, rate: float, now: Callable[[], float] = time.monotonic) -> Limit:
        """So many in a second, and at once as many times that as where it is deployed, but one at least."""
        deployed = _deployed()["MethodSettings"][0]
        return cls(rate, max(1, rate * deployed["ThrottlingBurstLimit"] / deployed["ThrottlingRateLimit"]), now)

    def lets_in(self) -> bool:
        with self._lock:
            at = self._now()
            self._left, self._at = min(self._burst, self._left + (at - self._at) * self._rate), at
            if self._left < 1:
                return False
            self._left -= 1
            return True


class Gateway:
    """What stands between a socket and the application. May be called from many threads at once."""

    def __init__(
        self, app: Any, base_url: str = "", seconds: float | None = TIMEOUT_SECONDS, limit: Limit | None = None
    ) -> None:
        self.app = _threaded(app)
        self.base_url = base_url
        self._seconds, self._limit = seconds, limit
        routes = sorted(self.app.routes, key=lambda declared: declared.replace("{", "\x7f"))
        self._routes = [(route, route.split("/")) for route in routes]
        self._by_start: dict[str, list[tuple[str, list[str]]]] = {}
        """Those that begin with the same two words, which come before all others that fit the same path."""
        for route, parts in self._routes:
            self._by_start.setdefault(_start(parts), []).append((route, parts))

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """`target` is the path with its query as it stands in the request line; header names are in lower case."""
        path, _, query = target.partition("?")
        if len(method) + len(target) + _size_of(headers) > MOST_HEADER_BYTES:
            return self._headers_too_large(path)
        if len(body) > MOST_BODY_BYTES:
            return self.refuse("REQUEST_TOO_LARGE", path)
        matched = self._route(path)
        if matched is None:
            return self.refuse("MISSING_AUTHENTICATION_TOKEN", path)
        route, named = matched
        endpoints = self.app.routes[route]
        if method == "OPTIONS" and method not in endpoints:
            return Answer(200, _preflight(endpoints))
        served = "GET" if method == "HEAD" else method
        if served not in endpoints:
            return self._wrong_method(path, [*endpoints, *(["HEAD"] if "GET" in endpoints else []), "OPTIONS"])
        if self._limit and not self._limit.lets_in():
            return self.refuse("THROTTLED", path)
        event = _event(served, path, route, named, query, headers, body)
        refused = self._authorized(endpoints[served].authorizer, event) if endpoints[served].authorizer else None
        answer = self.refuse(refused, path) if refused else self._called_in_time(event, path)
        answer = _compressed(answer) if _takes_gzip(headers) else answer
        return Answer(answer.status, answer.headers) if method == "HEAD" else answer

    def refuse(self, kind: str, path: str) -> Answer:
        """The answer of this kind, from its template in `infra/merge.yaml`."""
        template = _templates().get(kind) or _templates()["DEFAULT_4XX"]
        context = {"path": path, "requestId": str(uuid.uuid4())}
        headers: dict[str, str | list[str]] = {
            name.removeprefix("gatewayresponse.header."): context.get(value.removeprefix("context."), value.strip("'"))
            for name, value in template["responseParameters"].items()
        }
        body = template["responseTemplates"]["application/json"].replace("https://$context.domainName", self.base_url)
        for name, value in context.items():
            body = body.replace(f"$context.{name}", json.dumps(value)[1:-1])
        return Answer(int(template["statusCode"]), headers, body.encode())

    def _wrong_method(self, path: str, allowed: list[str]) -> Answer:
        title, takes = "This address does not take that method.", ", ".join(allowed)
        answer = self._own(path, 405, code="method_not_allowed", title=title, detail=f"It takes {takes}.")
        return Answer(answer.status, answer.headers | {"Allow": takes}, answer.body)

    def _headers_too_large(self, path: str) -> Answer:
        return self._own(
            path[:200],
            431,
            code="headers_too_large",
            title="The headers are larger than the gateway takes.",
            detail="Request line and headers together are too large.",
            fix=f"Send at most {MOST_HEADER_BYTES} bytes of request line and headers together.",
        )

    def _own(self, path: str, status: int, *, code: str, **more: str) -> Answer:
        """A problem that the real gateway has no template for."""
        answer = self.refuse("MISSING_AUTHENTICATION_TOKEN", path)
        about = {"type": f"urn:surety:problem:{code}", "code": code, "doc_url": f"{self.base_url}/docs/errors/{code}"}
        problem = json.loads(answer.body) | about | more | {"status": status}
        return Answer(status, answer.headers, json.dumps(problem).encode())

    def _route(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The declared path that fits, words before placeholders, and what stands in its placeholders, still encoded."""
        parts = path.split("/")
        for route, declared in chain(self._by_start.get(_start(parts), ()), self._routes):
            named = _fit(declared, parts)
            if named is not None:
                return route, named
        return None

    def _authorized(self, authorizer: Any, event: dict[str, Any]) -> str | None:
        """What the authorizer's refusal is called, or None where it lets the request in: then the event says who calls."""
        token = event["headers"].get("authorization")
        if not token:
            return "UNAUTHORIZED"
        context = event["requestContext"]
        arn = METHOD_ARN.format(method=context["httpMethod"], path=context["path"].lstrip("/"))
        try:
            policy = authorizer({"type": "TOKEN", "authorizationToken": token, "methodArn": arn}, _lambda_context())
        except Exception:
            return "DEFAULT_5XX"
        if any(statement["Effect"] != "Allow" for statement in policy["policyDocument"]["Statement"]):
            return "ACCESS_DENIED"
        context["authorizer"] = {**policy["context"], "principalId": policy["principalId"]}
        return None

    def _called_in_time(self, event: dict[str, Any], path: str) -> Answer:
        """The application works in a thread of its own: who asks is told after 29 seconds that nobody knows, and it goes on by itself.

        Where no time is set, it works in the thread of who asks.
        """
        if _event_bytes(event) > MOST_EVENT_BYTES:
            return self.refuse("REQUEST_TOO_LARGE", path)
        if self._seconds is None:
            return self._called(event, path)
        answers: list[Answer] = []
        working = threading.Thread(
            target=lambda: answers.append(self._called(event, path)), name="invocation", daemon=True
        )
        working.start()
        working.join(self._seconds)
        return answers[0] if answers else self.refuse("INTEGRATION_TIMEOUT", path)

    def _called(self, event: dict[str, Any], path: str) -> Answer:
        try:
            response = self.app(event, _lambda_context())
        except Exception:
            return self.refuse("DEFAULT_5XX", path)
        if len(json.dumps(response)) > MOST_EVENT_BYTES or _size_of(response["headers"]) > MOST_HEADER_BYTES:
            print(f"the answer to {path} is larger than Lambda gives", file=sys.stderr, flush=True)
            return self.refuse("DEFAULT_5XX", path)
        body = response["body"] or ""
        raw = base64.b64decode(body) if response.get("isBase64Encoded") else body.encode()
        return Answer(response["statusCode"], {**response["headers"], **response["multiValueHeaders"]}, raw)


class LocalServer:
    """The application over HTTP on loopback, in threads of its own: `url` says where, `stop` ends it.

    `heard` is told of each request: method, path, status, seconds.
    """

    def __init__(
        self,
        app: Any,
        port: int = 0,
        host: str = "127.0.0.1",
        heard: Callable[[str, str, int, float], None] | None = None,
        seconds: float = TIMEOUT_SECONDS,
        limit: Limit | None = None,
    ) -> None:
        self._http = _Listener((host, port), _Conversation)
        self.url = f"http://{host}:{self._http.server_address[1]}"
        self._http.gateway = Gateway(app, self.url, seconds, limit)
        self._http.heard = heard or (lambda method, path, status, seconds: None)
        self._thread = threading.Thread(
            target=self._http.serve_forever, args=(POLL_SECONDS,), name="gateway", daemon=True
        )

    def start(self) -> LocalServer:
        self._thread.start()
        return self

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def __enter__(self) -> LocalServer:
        return self.start()

    def __exit__(self, *failure: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    allow_reuse_address = True
    gateway: Gateway
    heard: Callable[[str, str, int, float], None]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class _Conversation(BaseHTTPRequestHandler):
    """One connection: HTTP/1.1, kept alive, any method."""

    protocol_version = "HTTP/1.1"
    server_version = "surety"
    sys_version = ""
    disable_nagle_algorithm = True  # else a kept connection answers 44 ms late
    timeout = IDLE_SECONDS
    server: _Listener

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        began = time.perf_counter()
        try:
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = self.server.gateway.answer(self.command, self.path, headers, self._body())
        except Unread as wrong:
            self.close_connection = True
            answer = self.server.gateway.refuse(wrong.kind, self.path.partition("?")[0])
        self._tell(answer)
        self.server.heard(self.command, self.path, answer.status, time.perf_counter() - began)

    def _body(self) -> bytes:
        coding, length = self.headers.get("transfer-encoding"), self.headers.get("content-length")
        if coding is not None:
            if coding.lower() != "chunked" or length is not None:
                raise Unread("DEFAULT_4XX")
            return self._chunks()
        if length is None:
            return b""
        if not (length.isascii() and length.isdigit() and len(length) < 16):
            raise Unread("DEFAULT_4XX")
        if int(length) > MOST_BODY_BYTES:
            raise Unread("REQUEST_TOO_LARGE")
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := self._chunk_size():
            body += self.rfile.read(size)
            self.rfile.readline(3)
            if len(body) > MOST_BODY_BYTES:
                raise Unread("REQUEST_TOO_LARGE")
        while self.rfile.readline(65537).strip():
            pass
        return bytes(body)

    def _chunk_size(self) -> int:
        line = self.rfile.readline(100).partition(b";")[0].strip()
        try:
            size = int(line, 16)
        except ValueError as wrong:
            raise Unread("DEFAULT_4XX") from wrong
        if not 0 <= size <= MOST_BODY_BYTES:
            raise Unread("REQUEST_TOO_LARGE")
        return size

    def _tell(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name, one)
        if self.command != "HEAD" and answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is not even HTTP is answered in the platform's words too."""
        self.close_connection = True
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = "HTTP/1.1"
        self._tell(self.server.gateway.refuse("DEFAULT_4XX", "/"))

    def log_message(self, format: str, *args: Any) -> None:
        """The application logs its own line for each request."""


@lru_cache(maxsize=1)
def _deployed() -> dict[str, Any]:
    """What is said of the gateway where it is deployed."""
    properties: dict[str, Any] = templates.read(MERGE)["Resources"]["RestAPI"]["Properties"]
    return properties


def _templates() -> dict[str, Any]:
    responses: dict[str, Any] = _deployed()["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    return responses


def _takes_gzip(headers: Mapping[str, str]) -> bool:
    codings = (coding.partition(";") for coding in headers.get("accept-encoding", "").lower().split(","))
    return any(name.strip() == "gzip" and weight.strip() not in ("q=0", "q=0.0") for name, _, weight in codings)


def _compressed(answer: Answer) -> Answer:
    if len(answer.body) < _deployed()["MinimumCompressionSize"]:
        return answer
    return Answer(answer.status, {**answer.headers, "Content-Encoding": "gzip"}, gzip.compress(answer.body, 6, mtime=0))


def _threaded(app: Any) -> Any:
    """Chalice keeps the current request on the application; here each thread has its own."""
    if not isinstance(app, LocalChalice):
        app.__class__ = type("ThreadedChalice", (LocalChalice, type(app)), {})
    return app


def _lambda_context() -> Any:
    return LambdaContext("surety-local", memory_size=1024, max_runtime_ms=TIMEOUT_SECONDS * 1000)


def _start(parts: list[str]) -> str:
    return "/".join(parts[:3])


def _fit(route: list[str], parts: list[str]) -> dict[str, str] | None:
    if len(route) != len(parts):
        return None
    named = {}
    for declared, given in zip(route, parts, strict=True):
        if declared.startswith("{") and given:
            named[declared[1:-1]] = given
        elif declared != given:
            return None
    return named


def _size_of(headers: Mapping[str, Any]) -> int:
    """Bytes of headers on the wire."""
    return sum(len(name) + len(str(value)) + 4 for name, value in headers.items())


def _event_bytes(event: dict[str, Any]) -> int:
    """The event as Lambda would get it: its body is text there, here it is always in base 64."""
    body = base64.b64decode(event["body"]).decode("utf-8", "replace")
    return len(json.dumps({**event, "body": body}, ensure_ascii=False).encode())


def _event(
    method: str, path: str, route: str, named: dict[str, str], query: str, headers: Mapping[str, str], body: bytes
) -> dict[str, Any]:
    """A proxy event as Lambda gets it: path parameters still encoded, the query decoded, the body whole."""
    several = parse_qs(query, keep_blank_values=True) or None
    return {
        "resource": route,
        "path": path,
        "httpMethod": method,
        "headers": dict(headers),
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": several and {name: values[-1] for name, values in several.items()},
        "multiValueQueryStringParameters": several,
        "pathParameters": named or None,
        "stageVariables": None,
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "httpMethod": method,
            "resourcePath": route,
            "path": path,
            "stage": "local",
            "identity": {"sourceIp": "127.0.0.1"},
        },
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def _preflight(endpoints: Mapping[str, Any]) -> dict[str, str | list[str]]:
    """What a browser asks before it dares: Chalice deploys this answer with each path that has CORS."""
    allowed = {"Access-Control-Allow-Methods": ",".join([*endpoints, "OPTIONS"])}
    cors = next((endpoint.cors for endpoint in endpoints.values() if endpoint.cors), None)
    return {**(cors.get_access_control_headers() if cors else {}), **allowed}
