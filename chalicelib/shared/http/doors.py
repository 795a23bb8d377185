"""Doors: what a slice declares of each of its routes, and how a request goes through one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar
from urllib.parse import unquote

import msgspec
from chalice.app import CORSConfig, Response

from chalicelib.shared import clock, commit, observe, retries
from chalicelib.shared.access import NOBODY, Access, UndeclaredDuty
from chalicelib.shared.commit import Answer
from chalicelib.shared.encoding import encode
from chalicelib.shared.http.reading import (
    ACTING_FOR,
    IDEMPOTENCY_KEY,
    MOST_BODY_BYTES,
    BadField,
    KeyMissing,
    NotJson,
    TooLarge,
    body_of,
    caller_of,
    must_be_ids,
    must_have_no_query,
    path_of,
    query_of,
    request_id_of,
    request_of,
)
from chalicelib.shared.http.telling import foreseen, json_response, refusal_response, tell
from chalicelib.shared.refusal import (
    NotAllowed,
    Refusal,
)
from chalicelib.shared.request import Caller, Request
from chalicelib.shared.store_errors import is_transient

V = TypeVar("V", bound=Callable[..., Any])


class Headers(CORSConfig):
    """CORS that allows the headers it is given. Chalice's own adds those of API keys and signed AWS requests, which nobody here reads."""

    _REQUIRED_HEADERS: list[str] = []


CORS: Final = Headers(
    allow_origin="*",
    allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", ACTING_FOR, "X-Request-Id"],
    expose_headers=["ETag", "Idempotent-Replayed", "Retry-After", "X-Request-Id"],
    max_age=600,
)


class Door(msgspec.Struct, frozen=True):
    """What is known of one route: everything the API document says of it."""

    method: str
    path: str
    view: Callable[..., Any]
    by: Access
    asks: Any = None
    query: Any = None
    answers: Any = None
    status: int = 200
    refuses: tuple[type[Refusal], ...] = ()
    public: bool = False
    timeless: bool = False
    keyed: bool = False
    media: str = "application/json"
    headers: tuple[str, ...] = ()
    examples: Mapping[str, Any] | None = None
    group: str = ""
    completes: Callable[..., Answer] | None = None

    @property
    def name(self) -> str:
        """Its view's, behind the slice's: `orders_accept`."""
        return f"{self.view.__module__.split('.')[-2]}_{self.view.__name__}"


class Routes:
    """The routes of a slice, which speak this API's HTTP. `doors` lists what was declared.

    `app.py` registers them from `chalicelib/route_table.py`, and imports the slice with the first request for one of them.
    """

    def __init__(self, *, group: str) -> None:
        self.group = group
        self.doors: list[Door] = []
        self._serves: dict[tuple[str, str], Callable[[dict[str, str], Any], Response]] = {}

    def answer(self, method: str, path: str, named: dict[str, str], http: Any) -> Response:
        """Serve a request for one of the routes; `named` are the ids of the path, as they were sent."""
        return self._serves[method, path](named, http)

    def command(
        self,
        path: str,
        *,
        by: Access,
        answers: Any,
        asks: Any = None,
        status: int = 200,
        refuses: Sequence[type[Refusal]] = (),
        examples: Mapping[str, Any] | None = None,
        completes: Callable[..., Answer] | None = None,
    ) -> Callable[[V], V]:
        """A POST that changes state. The view takes the path's ids, then `asked` where there is a body, then `request`.

        `completes` adds to the answer, the first or a repeated one, what no entry may keep (a signed form): it takes the answer and
        whatever the view takes.
        """

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
                completes=completes,
            )
            self._open(door, lambda named, http: tell(_perform(door, self.present(door), named, http)))
            return view

        return declare

    def question(
        self,
        path: str,
        *,
        asks: Any,
        answers: Any,
        by: Access,
        refuses: Sequence[type[Refusal]] = (),
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A POST that changes nothing (a quote, a simulation), and so takes no Idempotency-Key. The view returns a struct."""

        def declare(view: V) -> V:
            door = Door(
                "POST", path, view, by, asks, None, answers, 200, tuple(refuses), examples=examples, group=self.group
            )
            self._open(door, lambda named, http: _consider(door, named, http))
            return view

        return declare

    def read(
        self,
        path: str,
        *,
        answers: Any,
        by: Access = NOBODY,
        query: Any = None,
        refuses: Sequence[type[Refusal]] = (),
        public: bool = False,
        timeless: bool = False,
        media: str = "application/json",
        examples: Mapping[str, Any] | None = None,
    ) -> Callable[[V], V]:
        """A GET. The view takes the path's ids, then `query` where there is one, then `request`; it returns a struct or a `Response`.

        `timeless`: it is served by the wall's clock, and so while the store, which knows the sandbox's time, is silent.
        """

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
                timeless,
                media=media,
                examples=examples,
                group=self.group,
            )
            self._open(door, lambda named, http: _look(door, named, http))
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
        by: Access = NOBODY,
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
            self._open(door, lambda named, http: tell(_serve_raw(door, named, http)))
            return view

        return declare

    def present(self, command: Door) -> Door | None:
        """The read of this slice that gives the present state in the form of a command's answer; None where there is none."""
        return next((read for read in self.doors if _shows(read, command)), None)

    def _open(self, door: Door, serve: Callable[[dict[str, str], Any], Response]) -> None:
        if not door.by.is_complete:
            raise UndeclaredDuty(f"{door.method} {door.path} is open to officers: say which duty they need.")

        self._serves[door.method, door.path] = lambda named, http: _guarded(door, named, http, serve)
        self.doors.append(door)


def _shows(read: Door, command: Door) -> bool:
    forms = read.answers, command.answers
    return read.method == "GET" and all(isinstance(form, type) for form in forms) and issubclass(*forms)


def _perform(door: Door, present: Door | None, named: dict[str, str], http: Any) -> Answer:
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
        digest=hashlib.sha256(b"\n".join((door.method.encode(), path_of(http).encode(), raw))).hexdigest()[:43],
        keeps_answer=present is None,
    )
    arguments: dict[str, Any] = dict(named)
    if door.asks is not None:
        arguments["asked"] = body_of(http, raw, door.asks)
    elif raw.strip() not in (b"", b"{}"):
        raise NotJson("This door takes no body.", fix="Send no body, or an empty JSON object.")
    answer = commit.once(request, lambda: door.view(**arguments, request=request))
    if answer.expired_of and present is not None:
        answer = _present_state(present, answer, named, request)
    return door.completes(answer, **arguments, request=request) if door.completes else answer


def _present_state(read: Door, answer: Answer, named: Mapping[str, str], request: Request) -> Answer:
    """What the read shows now of what the command's path names, or of what the command made."""
    must_enter(read, request.caller)
    [name] = re.findall(r"{(\w+)}", read.path)
    asked = {"query": query_of({}, read.query)} if read.query is not None else {}
    state = read.view(named.get(name, answer.expired_of), **asked, request=request)
    return msgspec.structs.replace(answer, body=encode(state), version=getattr(state, "version", None))


def _look(door: Door, named: dict[str, str], http: Any) -> Response:
    must_be_ids(named)
    request = request_of(http, clock.real() if door.timeless else clock.now())
    arguments: dict[str, Any] = dict(named)
    given: dict[str, Any] = dict(http.query_params or {})
    if repeated := [name for name in given if len(http.query_params.getlist(name)) > 1]:
        raise BadField(f"{repeated[0]!r:.60} is given more than once.", param=repeated[0][:100])
    if door.query is not None:
        arguments["query"] = query_of(given, door.query)
    else:
        must_have_no_query(http)
    told = door.view(**arguments, request=request)
    if isinstance(told, Response):
        return told
    version = getattr(told, "version", None)
    return json_response(encode(told), 200, {"ETag": f'"{version}"'} if isinstance(version, int) else {})


def _consider(door: Door, named: dict[str, str], http: Any) -> Response:
    must_be_ids(named)
    must_have_no_query(http)
    asked = body_of(http, http.raw_body or b"", door.asks)
    return json_response(encode(door.view(**named, asked=asked, request=request_of(http, clock.now()))), 200, {})


def _serve_raw(door: Door, named: dict[str, str], http: Any) -> Answer:
    raw = http.raw_body or b""
    if len(raw) > MOST_BODY_BYTES:
        raise TooLarge(f"The body has {len(raw)} bytes.", maximum=MOST_BODY_BYTES)
    must_have_no_query(http)
    answer: Answer = door.view(**named, raw=raw, headers=http.headers, request=request_of(http, clock.now()))
    return answer


def _guarded(
    door: Door, named: dict[str, str], http: Any, serve: Callable[[dict[str, str], Any], Response]
) -> Response:
    """The door itself: roles, refusals, the request's one log line."""
    request_id = request_id_of(http)
    named = {name: unquote(value) for name, value in named.items()}
    code = ""
    try:
        must_enter(door, caller_of(http))
        with retries.patience(retries.REQUEST_SECONDS):
            response = serve(named, http)
    except Refusal as refusal:
        code, response = refusal.code, refusal_response(refusal, request_id, path_of(http))
    except Exception as failure:  # the door: what no rule foresaw is told in this house's words too
        told = foreseen(failure)
        if not is_transient(failure):
            observe.logger.exception("unexpected", extra={"request_id": request_id, "door": door.path})
        code, response = told.code, refusal_response(told, request_id, path_of(http))
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


def must_enter(door: Door, caller: Caller) -> None:
    """NotAllowed where the caller's role, or an officer's duties, do not open the endpoint. Decided on the token alone."""
    if door.public or door.by.admits(caller.role, caller.duties):
        return
    if caller.actor:
        raise NotAllowed("Members may not do this, and so nobody who acts for one.", fix=f"Leave {ACTING_FOR} out.")
    if caller.role in door.by.roles:
        needed = sorted(door.by.duties or ())
        raise NotAllowed(
            f"This needs an officer with the duty {' or '.join(map(repr, needed))}.",
            fix="Ask an officer who has that duty.",
            duties=needed,
        )
    raise NotAllowed(
        f"A caller with the role {caller.role!r} may not use this door.",
        fix=f"Sign in as {' or '.join(door.by.in_words())}.",
    )
