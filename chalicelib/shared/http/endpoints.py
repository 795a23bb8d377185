"""Endpoints: what a slice declares of each of its routes, and how a request goes through one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial, reduce
from typing import Any, Final, TypeVar
from urllib.parse import unquote

import msgspec
from chalice.app import CORSConfig, Response

from chalicelib.shared import clock, commit, observe, retries
from chalicelib.shared.access import NOBODY, Access, UndeclaredDuty
from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.encoding import encode, encode_for
from chalicelib.shared.errors import (
    DomainError,
    NotAllowed,
)
from chalicelib.shared.http import tables
from chalicelib.shared.http.misfits import BadField
from chalicelib.shared.http.requests import (
    ACTING_FOR,
    ACTING_PERSON,
    IDEMPOTENCY_KEY,
    MOST_BODY_BYTES,
    KeyMissing,
    NotJson,
    TooLarge,
    body_of,
    caller_of,
    language_of,
    must_be_ids,
    must_be_json,
    must_bear_a_certificate,
    must_have_no_query,
    path_of,
    query_of,
    request_id_of,
    request_of,
)
from chalicelib.shared.http.responses import (
    error_response,
    in_the_language,
    json_response,
    to_domain_error,
    to_response,
)
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.store_errors import is_transient
from chalicelib.shared.texts import say

V = TypeVar("V", bound=Callable[..., Any])


class Headers(CORSConfig):
    """CORS that allows the headers it is given. Chalice's own adds those of API keys and signed AWS requests, which nobody here reads."""

    _REQUIRED_HEADERS: list[str] = []

    def get_access_control_headers(self) -> dict[str, str]:
        return self._headers

    @cached_property
    def _headers(self) -> dict[str, str]:
        """They are the same with every answer, and Chalice only reads them."""
        return super().get_access_control_headers()


CORS: Final = Headers(
    allow_origin="*",
    allow_headers=[
        "Authorization",
        "Content-Type",
        "Idempotency-Key",
        "If-Match",
        ACTING_FOR,
        ACTING_PERSON,
        "X-Request-Id",
    ],
    expose_headers=["ETag", "Idempotent-Replayed", "Link", "Retry-After", "X-Request-Id"],
    max_age=600,
)


class Endpoint(msgspec.Struct, frozen=True):
    """What is known of one route: everything the API document says of it."""

    method: str
    path: str
    view: Callable[..., Any]
    by: Access
    request: Any = None
    query: Any = None
    response: Any = None
    status: int = 200
    errors: tuple[type[DomainError], ...] = ()
    public: bool = False
    timeless: bool = False
    keyed: bool = False
    media: str = "application/json"
    missing: str = ""
    headers: tuple[str, ...] = ()
    examples: Mapping[str, Any] | None = None
    group: str = ""
    completes: Callable[..., StoredResponse] | None = None

    @property
    def item(self) -> Any:
        """The view of its items, where it answers a list; else None."""
        return tables.item_of(self.response) if self.method == "GET" else None

    @property
    def name(self) -> str:
        """Its view's, behind the slice's: `orders_accept`."""
        parts = self.view.__module__.split(".")
        return f"{parts[-3] if parts[-2] == 'routes' else parts[-2]}_{self.view.__name__}"


Serve = Callable[[Endpoint, dict[str, str], Any], Response]
"""How a request for an endpoint is served: with the ids of its path, as they were meant, and the request itself."""


class Routes:
    """The routes of a slice, which speak this API's HTTP. `endpoints` lists what was declared.

    `app.py` registers them from `chalicelib/route_table.py`, and imports the slice with the first request for one of them.
    `reads` are those of the slice that stand in another module. `response`: what its commands answer with, where one says no other.
    """

    def __init__(self, *, group: str, reads: Routes | None = None, response: Any = None) -> None:
        self.group = group
        self.response = response
        self.reads = reads
        self.endpoints: list[Endpoint] = []
        self._presents: dict[str, Endpoint | None] = {}
        self._serves: dict[tuple[str, str], Callable[[dict[str, str], Any], Response]] = {}

    def answer(self, method: str, path: str, named: dict[str, str], http: Any) -> Response:
        """Serve a request for one of the routes; `named` are the ids of the path, as they were sent."""
        return self._serves[method, path](named, http)

    def command(
        self,
        path: str,
        *,
        by: Access,
        response: Any = None,
        status: int = 200,
        errors: Sequence[type[DomainError]] = (),
        examples: Mapping[str, Any] | None = None,
        completes: Callable[..., StoredResponse] | None = None,
    ) -> Callable[[V], V]:
        """A POST that changes state. The view takes the path's ids, then `body` where there is one, then `request`.

        `completes` adds to the answer, the first or a repeated one, what no entry may keep (a signed form): it takes the answer and
        whatever the view takes.
        """

        return self._declaring(
            lambda endpoint, named, http: to_response(_serve_command(endpoint, self._present(endpoint), named, http)),
            "POST",
            path,
            by=by,
            response=response or self.response,
            status=status,
            errors=tuple(errors),
            keyed=True,
            examples=examples,
            completes=completes,
        )

    def query(
        self,
        path: str,
        *,
        by: Access,
        errors: Sequence[type[DomainError]] = (),
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A POST that changes nothing (a quote, a simulation), and so takes no Idempotency-Key. The view returns a struct."""

        return self._declaring(_serve_query, "POST", path, by=by, errors=tuple(errors), examples=examples)

    def read(
        self,
        path: str,
        *,
        response: Any = None,
        by: Access = NOBODY,
        errors: Sequence[type[DomainError]] = (),
        public: bool = False,
        timeless: bool = False,
        media: str = "application/json",
        missing: str = "",
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A GET. The view takes the path's ids, then `query` where there is one, then `request`; it returns a struct or a `Response`.

        `response`: its form, where the view returns a `Response`.
        `timeless`: it is served by the wall's clock, and so while the store, which knows the sandbox's time, is silent.
        `missing`: the media type in which the view itself says that nothing is there, where that is no problem but a page.
        """

        return self._declaring(
            _serve_read,
            "GET",
            path,
            by=by,
            response=response,
            errors=tuple(errors),
            public=public,
            timeless=timeless,
            media=media,
            missing=missing,
            examples=examples,
        )

    def raw(
        self,
        path: str,
        *,
        method: str,
        response: Any,
        status: int,
        request: Any = None,
        errors: Sequence[type[DomainError]] = (),
        headers: tuple[str, ...] = (),
        public: bool = False,
        by: Access = NOBODY,
        media: str = "application/json",
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """An endpoint with a protocol of its own (a signed webhook, a sandbox lever): the view takes ids, the raw body and `request`, and returns a StoredResponse."""

        return self._declaring(
            lambda endpoint, named, http: to_response(_serve_raw(endpoint, named, http)),
            method,
            path,
            by=by,
            request=request,
            response=response,
            status=status,
            errors=tuple(errors),
            public=public,
            headers=headers,
            media=media,
            examples=examples,
        )

    def present(self, command: Endpoint) -> Endpoint | None:
        """The read of this slice that gives the present state in the form of a command's answer; None where there is none."""
        reads = [*self.endpoints, *(self.reads.endpoints if self.reads else ())]
        return next((read for read in reads if _shows(read, command)), None)

    def _present(self, command: Endpoint) -> Endpoint | None:
        if command.path not in self._presents:
            self._presents[command.path] = self.present(command)
        return self._presents[command.path]

    def _declaring(
        self, serve: Serve, method: str, path: str, *, response: Any = None, **known: Any
    ) -> Callable[[V], V]:
        """The decorator of a view, whose signature says what it takes and returns; `serve` is how a request is served."""

        def declare(view: V) -> V:
            forms = {"request": _form(view, "body"), "query": _form(view, "query")} | known
            response_form = response or _form(view, "return")
            endpoint = Endpoint(method, path, view, response=response_form, group=self.group, **forms)
            if not endpoint.by.is_complete:
                raise UndeclaredDuty(
                    f"{endpoint.method} {endpoint.path} is open to officers: say which duty they need."
                )
            self._serves[endpoint.method, endpoint.path] = partial(_guarded, endpoint, serve)
            self.endpoints.append(endpoint)
            return view

        return declare


def _form(view: Any, part: str) -> Any:
    """The form that a view's signature names for a part of it, `views.OrderView` or `Page[OrderView]`. Looked up, as evaluating takes long."""
    if part not in view.__annotations__:
        return None
    name, _, of = view.__annotations__[part].rstrip("]").partition("[")
    return _known(view, name)[_known(view, of)] if of else _known(view, name)


def _known(view: Any, name: str) -> Any:
    first, *rest = name.split(".")
    return reduce(getattr, rest, view.__globals__[first])


def _shows(read: Endpoint, command: Endpoint) -> bool:
    forms = read.response, command.response
    return read.method == "GET" and all(isinstance(form, type) for form in forms) and issubclass(*forms)


def _serve_command(endpoint: Endpoint, present: Endpoint | None, named: dict[str, str], http: Any) -> StoredResponse:
    """Serve a command once. An answer that was removed since is the present state, and one that no read gives again is kept."""
    raw = http.raw_body or b""
    must_be_ids(named)
    must_have_no_query(http)
    key = http.headers.get("idempotency-key")
    if key is None or not IDEMPOTENCY_KEY.fullmatch(key):
        raise KeyMissing(
            "The Idempotency-Key is missing or is not 1 to 255 visible ASCII characters.", param="Idempotency-Key"
        )
    request = request_of(
        http,
        clock.now(),
        key=key,
        digest=_digest(endpoint, http, key, raw),
        keeps_answer=present is None,
    )
    arguments: dict[str, Any] = dict(named)
    if endpoint.request is not None:
        arguments["body"] = body_of(http, raw, endpoint.request)
    elif raw.strip() not in (b"", b"{}"):
        raise NotJson("This endpoint takes no body.", fix="Send no body, or an empty JSON object.")
    response = commit.idempotent(request, lambda: endpoint.view(**arguments, request=request))
    if response.expired_of and present is not None:
        response = _present_state(present, response, named, request)
    return endpoint.completes(response, **arguments, request=request) if endpoint.completes else response


def _digest(endpoint: Endpoint, http: Any, key: str, raw: bytes) -> str:
    """What tells a repetition from another request. The key, which is kept nowhere, makes a body of few possibilities hard to guess from it."""
    parts = (endpoint.method, path_of(http), key, caller_of(http).person)
    return hashlib.sha256(b"\n".join((*map(str.encode, parts), raw))).hexdigest()[:43]


def _present_state(
    read: Endpoint, response: StoredResponse, named: Mapping[str, str], request: RequestContext
) -> StoredResponse:
    """What the read shows now of what the command's path names, or of what the command made."""
    must_be_admitted(read, request.caller)
    [name] = re.findall(r"{(\w+)}", read.path)
    body = {"query": query_of({}, read.query)} if read.query is not None else {}
    own_name = response.expired_of.rpartition(":")[2]  # its chain may be called after what it is: `firm:mem_…`
    state = read.view(named.get(name, own_name), **body, request=request)
    return msgspec.structs.replace(response, body=encode(state), version=getattr(state, "version", None))


def _serve_read(endpoint: Endpoint, named: dict[str, str], http: Any) -> Response:
    must_be_ids(named)
    request = request_of(http, clock.real() if endpoint.timeless else clock.now())
    arguments: dict[str, Any] = dict(named)
    given: dict[str, Any] = dict(http.query_params or {})
    if repeated := [name for name in given if len(http.query_params.getlist(name)) > 1]:
        raise BadField(say("{repeated!r:.60} is given more than once.", repeated=repeated[0]), param=repeated[0][:100])
    if endpoint.query is not None:
        arguments["query"] = query_of(given, endpoint.query)
    else:
        must_have_no_query(http)
    view = endpoint.view(**arguments, request=request)
    if isinstance(view, Response):
        return view
    if endpoint.item is not None and tables.is_accepted(http.headers.get("accept", "")):
        return _as_table(view, endpoint, http, given)
    version = getattr(view, "version", None)
    return _in_their_language(view, http, {"ETag": f'"{version}"'} if isinstance(version, int) else {})


def _as_table(view: Any, endpoint: Endpoint, http: Any, given: dict[str, Any]) -> Response:
    language = language_of(http)
    body, has_sentences = encode_for(view, language)
    return tables.answer(body, endpoint.item, path_of(http), given, in_the_language(language) if has_sentences else {})


def _serve_query(endpoint: Endpoint, named: dict[str, str], http: Any) -> Response:
    must_be_ids(named)
    must_have_no_query(http)
    body = body_of(http, http.raw_body or b"", endpoint.request)
    return _in_their_language(endpoint.view(**named, body=body, request=request_of(http, clock.now())), http, {})


def _in_their_language(view: Any, http: Any, headers: dict[str, str]) -> Response:
    """What is read, in the language of who reads it. What a command answers is kept, and so is in English."""
    language = language_of(http)
    body, has_sentences = encode_for(view, language)
    return json_response(body, 200, headers | (in_the_language(language) if has_sentences else {}))


def _serve_raw(endpoint: Endpoint, named: dict[str, str], http: Any) -> StoredResponse:
    if endpoint.headers:  # of a signature: a partner's message
        must_bear_a_certificate(http)
    raw = http.raw_body or b""
    if len(raw) > MOST_BODY_BYTES:
        raise TooLarge(say("The body has {count} bytes.", count=len(raw)), maximum=MOST_BODY_BYTES)
    if endpoint.request is not None:
        must_be_json(http)
    must_have_no_query(http)
    response: StoredResponse = endpoint.view(
        **named, raw=raw, headers=http.headers, request=request_of(http, clock.now())
    )
    return response


def _guarded(endpoint: Endpoint, serve: Serve, named: dict[str, str], http: Any) -> Response:
    """What every request goes through: roles, refusals, the request's one log line."""
    request_id = request_id_of(http)
    named = {name: unquote(value) for name, value in named.items()}
    code = ""
    try:
        must_be_admitted(endpoint, caller_of(http))
        with retries.patience(retries.REQUEST_SECONDS):
            response = serve(endpoint, named, http)
    except DomainError as error:
        code, response = error.code, error_response(error, request_id, path_of(http), language_of(http))
    except Exception as failure:  # what no rule foresaw is told in the form of this API too
        domain_error = to_domain_error(failure)
        if not is_transient(failure):
            observe.logger.exception("unexpected", extra={"request_id": request_id, "route": endpoint.path})
        code, response = domain_error.code, error_response(domain_error, request_id, path_of(http), language_of(http))
    response.headers["X-Request-Id"] = request_id
    response.headers.setdefault("Cache-Control", "no-store")
    observe.logger.info(
        "request",
        extra={
            "request_id": request_id,
            "route": f"{endpoint.method} {endpoint.path}",
            "status": response.status_code,
            "code": code,
        },
    )
    observe.count("Refused" if code else "Served")
    observe.flush()
    return response


def must_be_admitted(endpoint: Endpoint, caller: Caller) -> None:
    """NotAllowed where the caller's role, or an officer's duties, do not open the endpoint. Decided on the token alone."""
    if endpoint.public or endpoint.by.admits(caller.role, caller.duties):
        return
    if caller.actor:
        raise NotAllowed(
            "Members may not do this, and so nobody who acts for one.",
            fix=say("Leave {acting_for} out.", acting_for=ACTING_FOR),
        )
    if caller.role in endpoint.by.roles:
        needed = sorted(endpoint.by.duties or ())
        raise NotAllowed(
            say("This needs an officer with the duty {needed}.", needed=" or ".join(map(repr, needed))),
            fix="Ask an officer who has that duty.",
            duties=needed,
        )
    raise NotAllowed(
        say("A caller with the role {role!r} is not allowed to call this endpoint.", role=caller.role),
        fix=say("Sign in as {roles}.", roles=" or ".join(endpoint.by.in_words())),
    )
