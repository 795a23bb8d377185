"""HTTP, once for all slices: what a request must look like, and how an answer or a refusal is told.

A slice's `routes.py` makes one `Routes` and declares its doors on it:

    routes = Routes(__name__, signed_in)

    @routes.command("/v1/orders/{order_id}/ship", asks=ShipAsked, answers=OrderView, by=MEMBER)
    def ship(order_id: str, asked: ShipAsked, request: Request) -> Answer: ...

    @routes.read("/v1/orders/{order_id}", answers=OrderView, by=MEMBER | OFFICER)
    def order(order_id: str, request: Request) -> OrderView: ...

A command is a POST that changes state: it takes an Idempotency-Key and its answer is kept. A read is a GET; its query
is a msgspec struct too. What is declared here is also what the OpenAPI document says: `Door` carries it.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Final, TypeVar
from urllib.parse import unquote

import msgspec
from chalice.app import Blueprint, CORSConfig, Response
from pynamodb.exceptions import PynamoDBException

from chalicelib.shared import clock, commit, ids, observe
from chalicelib.shared.commit import Answer
from chalicelib.shared.refusal import (
    Busy,
    Conflict,
    Malformed,
    NotAllowed,
    NotFound,
    Refusal,
    Unauthenticated,
    Unfit,
)
from chalicelib.shared.request import PUBLIC, Caller, Request
from chalicelib.shared.settings import settings

V = TypeVar("V", bound=Callable[..., Any])

MEMBER: Final = frozenset({"member"})
BANK: Final = frozenset({"bank"})
AGENCY: Final = frozenset({"agency"})
OFFICER: Final = frozenset({"officer"})
ANYONE: Final = MEMBER | BANK | AGENCY | OFFICER

MOST_BODY_BYTES: Final = 256 * 1024
MOST_DEPTH: Final = 16
STATUS: Final[dict[type[Refusal], int]] = {
    Malformed: 400,
    Unauthenticated: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    Unfit: 422,
    Busy: 503,
}
"""A fault of ours has no place in this table: see `Broken`."""
CORS: Final = CORSConfig(
    allow_origin="*",
    allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-Request-Id"],
    expose_headers=["ETag", "Idempotent-Replayed", "Retry-After", "X-Request-Id"],
    max_age=600,
)


class NotJson(Malformed):
    code = "not_json"
    title = "The body is not the JSON object this door takes."
    fix = "Send Content-Type: application/json and one JSON object in UTF-8, without duplicate keys."


class BadField(Malformed):
    code = "bad_field"
    title = "A field is not what it must be."
    fix = "Correct the field named in param; the API document gives its form."


class KeyMissing(Malformed):
    code = "idempotency_key_required"
    title = "This request changes state and needs an Idempotency-Key."
    fix = "Send a header Idempotency-Key with 1 to 255 visible ASCII characters, a new one for each new request."


class NotStorable(Malformed):
    code = "not_storable"
    title = "A value in the request is empty or larger than can be kept."
    fix = "Send shorter values, and no empty id."


class Broken(Refusal):
    """A fault of ours, told in the shape of every other problem. No test may ever see one."""

    code = "internal"
    title = "Something went wrong on our side."
    fix = "Repeat the request with the same Idempotency-Key; if it stays, tell us the request_id."


class TooLarge(Malformed):
    code = "body_too_large"
    title = "The body is larger than this door takes."
    fix = f"Send at most {MOST_BODY_BYTES} bytes; files go through a presigned upload."


class Door(msgspec.Struct, frozen=True):
    """What is known of one route: everything the API document says of it."""

    method: str
    path: str
    view: Callable[..., Any]
    by: frozenset[str]
    asks: Any = None
    query: Any = None
    answers: Any = None
    status: int = 200
    refuses: tuple[type[Refusal], ...] = ()
    public: bool = False
    keyed: bool = False
    media: str = "application/json"
    headers: tuple[str, ...] = ()
    examples: Mapping[str, Any] | None = None
    group: str = ""


class Routes(Blueprint):
    """A Chalice blueprint whose routes speak this house's HTTP. `doors` lists what was declared."""

    def __init__(self, import_name: str, authorizer: Any, *, group: str) -> None:
        super().__init__(import_name)
        self._authorizer = authorizer
        self.group = group
        self.doors: list[Door] = []

    def command(
        self,
        path: str,
        *,
        by: frozenset[str],
        answers: Any,
        asks: Any = None,
        status: int = 200,
        refuses: Sequence[type[Refusal]] = (),
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A POST that changes state. The view takes the path's ids, then `asked` where there is a body, then `request`."""

        def declare(view: V) -> V:
            door = Door(
                "POST",
                path,
                view,
                by,
                asks,
                None,
                answers,
                status,
                tuple(refuses),
                keyed=True,
                examples=examples,
                group=self.group,
            )
            self._open(door, lambda named: _tell(_perform(door, named, self.current_request)))
            return view

        return declare

    def question(
        self,
        path: str,
        *,
        asks: Any,
        answers: Any,
        by: frozenset[str],
        refuses: Sequence[type[Refusal]] = (),
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A POST that changes nothing (a quote, a simulation), and so takes no Idempotency-Key. The view returns a struct."""

        def declare(view: V) -> V:
            door = Door(
                "POST", path, view, by, asks, None, answers, 200, tuple(refuses), examples=examples, group=self.group
            )
            self._open(door, lambda named: _consider(door, named, self.current_request))
            return view

        return declare

    def read(
        self,
        path: str,
        *,
        answers: Any,
        by: frozenset[str] = frozenset(),
        query: Any = None,
        refuses: Sequence[type[Refusal]] = (),
        public: bool = False,
        media: str = "application/json",
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A GET. The view takes the path's ids, then `query` where there is one, then `request`; it returns a struct or a `Response`."""

        def declare(view: V) -> V:
            door = Door(
                "GET",
                path,
                view,
                by,
                None,
                query,
                answers,
                200,
                tuple(refuses),
                public,
                media=media,
                examples=examples,
                group=self.group,
            )
            self._open(door, lambda named: _look(door, named, self.current_request))
            return view

        return declare

    def raw(
        self,
        path: str,
        *,
        method: str,
        answers: Any,
        status: int,
        asks: Any = None,
        refuses: Sequence[type[Refusal]] = (),
        headers: tuple[str, ...] = (),
        public: bool = False,
        by: frozenset[str] = frozenset(),
        media: str = "application/json",
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A door with a protocol of its own (a signed webhook, a sandbox lever): the view takes ids, the raw body and `request`, and returns an Answer."""

        def declare(view: V) -> V:
            door = Door(
                method,
                path,
                view,
                by,
                asks,
                None,
                answers,
                status,
                tuple(refuses),
                public,
                headers=headers,
                media=media,
                examples=examples,
                group=self.group,
            )
            self._open(door, lambda named: _tell(_serve_raw(door, named, self.current_request)))
            return view

        return declare

    def _open(self, door: Door, serve: Callable[[dict[str, str]], Response]) -> None:
        @wraps(door.view)
        def view(**named: str) -> Response:
            return _guarded(door, named, self.current_request, serve)

        view.__name__ = f"{door.view.__module__.split('.')[-2]}_{door.view.__name__}"
        self.route(
            door.path,
            methods=[door.method],
            authorizer=None if door.public else self._authorizer,
            cors=CORS,
            content_types=["*/*"],  # a wrong one is refused below, in this house's words
        )(view)
        self.doors.append(door)


def encode(told: Any) -> bytes:
    """An answer's bytes: JSON in UTF-8, fields in the order of the struct."""
    return msgspec.json.encode(told, enc_hook=_hook)


def respond(body: bytes | str, status: int = 200, **headers: str) -> Response:
    """A Chalice response with the given headers (underscores become hyphens)."""
    text = body.decode() if isinstance(body, bytes) else body
    return Response(
        body=text, status_code=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def problem(refusal: Refusal, *, request_id: str, path: str) -> dict[str, Any]:
    """RFC 9457, with what this house adds: code, param, request_id, doc_url, fix and the numbers involved."""
    told: dict[str, Any] = {
        "type": f"urn:surety:problem:{refusal.code}",
        "title": refusal.title,
        "status": status_of(refusal),
        "detail": refusal.detail,
        "instance": path,
        "code": refusal.code,
        "request_id": request_id,
        "doc_url": f"{settings().base_url}/docs#{refusal.code}",
        "fix": refusal.mend,
    }
    if refusal.param is not None:
        told["param"] = refusal.param
    for name, number in refusal.numbers.items():
        told.setdefault(name, number)
    return told


def status_of(refusal: Refusal | type[Refusal]) -> int:
    kind = refusal if isinstance(refusal, type) else type(refusal)
    return next((STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS), 500)


def read_json(raw: bytes, form: Any) -> Any:
    """A body as the struct it must be. NotJson, BadField or TooLarge say what is wrong, by field."""
    if len(raw) > MOST_BODY_BYTES:
        raise TooLarge(f"The body has {len(raw)} bytes.", maximum=MOST_BODY_BYTES)
    try:
        loose = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_no_duplicates,
            parse_constant=_no_constant,
            parse_float=_number,
        )
    except UnicodeDecodeError as broken:
        raise NotJson("The body is not UTF-8.") from broken
    except RecursionError as deep:
        raise NotJson("The body is nested too deeply.") from deep
    except ValueError as broken:
        raise NotJson(f"The body is not JSON: {broken}."[:300]) from broken
    if not isinstance(loose, dict):
        raise NotJson("The body must be a JSON object.")
    _not_deeper(loose, MOST_DEPTH)
    if b"\\u" in raw:  # the only way a half of a character or a NUL gets past the two decoders
        _whole_text(loose, "")
    try:
        return msgspec.convert(loose, form)
    except msgspec.ValidationError as wrong:
        raise bad_field(str(wrong)) from wrong


def needs_body(form: Any) -> bool:
    """A body all of whose fields may be left out may be left out itself."""
    return any(field.required for field in msgspec.structs.fields(form))


def bad_field(message: str) -> BadField:
    """msgspec says `Expected `str`, got `int` - at `$.total.amount``; a client is told the same with the field in `param`."""
    found = re.fullmatch(r"(?s)(.*?) - at `(?:key in )?(\$.*)`", message)
    said, where = (found[1], found[2].removeprefix("$").removeprefix(".")) if found else (message, "")
    unknown = re.search(r"(?:unknown|missing required) field `([^`]*)`", said)
    param = ".".join(part for part in (where, unknown[1] if unknown else "") if part)
    return BadField(said.replace("Object", "The object")[:300] + ".", param=param[:100] or None)


_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,100}", re.ASCII)
_ID: Final = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)
_ETAG: Final = re.compile(r'"?([0-9]{1,18})"?', re.ASCII)


def _perform(door: Door, named: dict[str, str], http: Any) -> Answer:
    raw = http.raw_body or b""
    _must_be_ids(named)
    _must_have_no_query(http)
    key = http.headers.get("idempotency-key")
    if key is None or not _KEY.fullmatch(key):
        raise KeyMissing(
            "The Idempotency-Key is missing or is not 1 to 255 visible ASCII characters.", param="Idempotency-Key"
        )
    request = _request(
        http,
        key=key,
        digest=hashlib.sha256(b"\n".join((door.method.encode(), _path(http).encode(), raw))).hexdigest()[:43],
    )
    arguments: dict[str, Any] = dict(named)
    if door.asks is not None:
        arguments["asked"] = _body(http, raw, door.asks)
    elif raw.strip() not in (b"", b"{}"):
        raise NotJson("This door takes no body.", fix="Send no body, or an empty JSON object.")
    return commit.once(request, lambda: door.view(**arguments, request=request))


def _look(door: Door, named: dict[str, str], http: Any) -> Response:
    _must_be_ids(named)
    request = _request(http)
    arguments: dict[str, Any] = dict(named)
    given: dict[str, Any] = dict(http.query_params or {})
    if repeated := [name for name in given if len(http.query_params.getlist(name)) > 1]:
        raise BadField(f"{repeated[0]!r:.60} is given more than once.", param=repeated[0][:100])
    if door.query is not None:
        arguments["query"] = _query(given, door.query)
    else:
        _must_have_no_query(http)
    told = door.view(**arguments, request=request)
    if isinstance(told, Response):
        return told
    version = getattr(told, "version", None)
    return _response(encode(told), 200, {"ETag": f'"{version}"'} if isinstance(version, int) else {})


def _consider(door: Door, named: dict[str, str], http: Any) -> Response:
    _must_be_ids(named)
    _must_have_no_query(http)
    asked = _body(http, http.raw_body or b"", door.asks)
    return _response(encode(door.view(**named, asked=asked, request=_request(http))), 200, {})


def _serve_raw(door: Door, named: dict[str, str], http: Any) -> Answer:
    raw = http.raw_body or b""
    if len(raw) > MOST_BODY_BYTES:
        raise TooLarge(f"The body has {len(raw)} bytes.", maximum=MOST_BODY_BYTES)
    _must_have_no_query(http)
    answer: Answer = door.view(**named, raw=raw, headers=http.headers, request=_request(http))
    return answer


def _guarded(door: Door, named: dict[str, str], http: Any, serve: Callable[[dict[str, str]], Response]) -> Response:
    """The door itself: roles, refusals, the request's one log line."""
    request_id = _request_id(http)
    named = {name: unquote(value) for name, value in named.items()}
    code = ""
    try:
        _must_enter(door, http)
        response = serve(named)
    except Refusal as refusal:
        code, response = refusal.code, _refusal_response(refusal, request_id, _path(http))
    except Exception as failure:  # the door: what no rule foresaw is told in this house's words too
        told = _foreseen(failure)
        if not isinstance(failure, PynamoDBException) or not _is_passing(failure):
            observe.logger.exception("unexpected", extra={"request_id": request_id, "door": door.path})
        code, response = told.code, _refusal_response(told, request_id, _path(http))
    response.headers["X-Request-Id"] = request_id
    response.headers.setdefault("Cache-Control", "no-store")
    observe.logger.info(
        "request",
        extra={
            "request_id": request_id,
            "door": f"{door.method} {door.path}",
            "status": response.status_code,
            "code": code,
        },
    )
    observe.count("Refused" if code else "Served")
    observe.flush()
    return response


def _foreseen(failure: Exception) -> Refusal:
    """What the caller is told of a failure that is no refusal: bad values, a slow store, or a fault of ours."""
    if not isinstance(failure, PynamoDBException):
        return Broken("The request could not be served. Nothing is known of it but its request_id.")
    if failure.cause_response_code == "ValidationException":
        return NotStorable("A value in the request is empty or larger than can be kept.")
    return Busy("The store did not answer in time.")


def _must_be_ids(named: Mapping[str, str]) -> None:
    """What cannot be an id names nothing. The store is not asked: it takes no empty key, and none above 2 KB."""
    for value in named.values():
        if not _ID.fullmatch(value):
            raise NotFound(f"Nothing is called {value!r:.60}.")


def _must_have_no_query(http: Any) -> None:
    for name in http.query_params or ():
        raise BadField(f"This door takes no query; {name!r:.60} is unknown.", param=name[:100])


def _must_enter(door: Door, http: Any) -> None:
    if door.public:
        return
    caller = _caller(http)
    if caller.role not in door.by:
        raise NotAllowed(
            f"A caller with the role {caller.role!r} may not use this door.",
            fix=f"Sign in as {' or '.join(sorted(door.by))}.",
        )


def _tell(answer: Answer) -> Response:
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
    if answer.version is not None:
        headers["ETag"] = f'"{answer.version}"'
    return _response(answer.body, answer.status, headers)


def _response(body: bytes, status: int, headers: Mapping[str, str]) -> Response:
    return Response(body=body.decode(), status_code=status, headers={"Content-Type": "application/json", **headers})


def _refusal_response(refusal: Refusal, request_id: str, path: str) -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": "application/problem+json"}
    if isinstance(refusal, Busy):
        headers["Retry-After"] = str(refusal.numbers.get("retry_after", 1))
    if isinstance(refusal, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        body=encode(problem(refusal, request_id=request_id, path=path)).decode(),
        status_code=status_of(refusal),
        headers=headers,
    )


def _request(http: Any, *, key: str = "", digest: str = "") -> Request:
    return Request(
        caller=_caller(http),
        now=clock.now(),
        request_id=_request_id(http),
        key=key,
        digest=digest,
        expected_version=_expected(http),
        base_url=settings().base_url,
    )


def _caller(http: Any) -> Caller:
    told = http.context.get("authorizer") or {}
    if "role" not in told:
        return PUBLIC
    return Caller(
        sub=told["principalId"], role=told["role"], duties=tuple(filter(None, told.get("duties", "").split(" ")))
    )


def _expected(http: Any) -> int | None:
    given = http.headers.get("if-match")
    if given is None or given == "*":
        return None
    found = _ETAG.fullmatch(given)
    if found is None:
        raise BadField('If-Match must be a version in quotes, like "3".', param="If-Match")
    return int(found[1])


def _request_id(http: Any) -> str:
    """The caller's X-Request-Id where it is usable, else the gateway's, else a new one: the same all through the request."""
    kept: str | None = http.context.get("surety_request_id")
    if kept is None:
        given = http.headers.get("x-request-id", "")
        kept = (
            given if _REQUEST_ID.fullmatch(given) else http.context.get("requestId") or ids.fresh("req", clock.real())
        )
        http.context["surety_request_id"] = kept
    return kept


def _path(http: Any) -> str:
    path: str = http.context.get("path") or http.path
    return path


def _body(http: Any, raw: bytes, form: Any) -> Any:
    media = http.headers.get("content-type", "application/json").partition(";")[0]
    if media.strip().lower() != "application/json":
        raise NotJson("The Content-Type must be application/json.", param="Content-Type")
    return form() if not raw and not needs_body(form) else read_json(raw, form)


def _query(given: dict[str, Any], form: Any) -> Any:
    try:
        told = msgspec.convert(given, form, strict=False)
    except msgspec.ValidationError as wrong:
        raise bad_field(str(wrong)) from wrong
    for field in msgspec.structs.fields(form):
        if field.encode_name in given and getattr(told, field.name) is None:
            raise BadField("A query parameter is left out, not null.", param=field.encode_name)
    return told


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadField(
            f"The key {twice!r:.60} stands twice in one object.", param=twice[:100].encode(errors="replace").decode()
        )
    return told


def _no_constant(name: str) -> None:
    raise NotJson(f"{name} is not JSON.")


def _number(text: str) -> float | int:
    """JSON has one kind of number: 168.0 is 168. Beyond 2^53 a fraction's digits cannot be trusted, and it stays what it is."""
    value = float(text)
    if math.isinf(value):
        raise NotJson("A number in the body is out of range.")
    return int(value) if value.is_integer() and abs(value) <= 2**53 else value


def _whole_text(value: Any, where: str) -> None:
    """No half of a surrogate pair and no NUL in any text: neither can be kept and given back as it came."""
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise BadField("A text holds a NUL or half of a surrogate pair.", param=where[:100] or None)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            _whole_text(part, f"{where}[{index}]")
    elif isinstance(value, dict):
        for name, part in value.items():
            _whole_text(name, where)
            _whole_text(part, f"{where}.{name}".removeprefix("."))


def _not_deeper(value: Any, left: int) -> None:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if left == 0 and inner:
        raise NotJson(f"The body is nested more than {MOST_DEPTH} deep.")
    for part in inner:
        if isinstance(part, (dict, list)):
            _not_deeper(part, left - 1)


def _hook(value: Any) -> Any:
    raise NotImplementedError(f"{type(value).__name__} has no wire form")


def _is_passing(failure: PynamoDBException) -> bool:
    code = failure.cause_response_code or ""
    return "Throttl" in code or "LimitExceeded" in code or "ThroughputExceeded" in code
