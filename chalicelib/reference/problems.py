"""What an endpoint may refuse, and how the API document says it: one response for each status, with every code it can carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from chalicelib.shared import money
from chalicelib.shared.commit import KeyReused
from chalicelib.shared.errors import (
    DomainError,
    Malformed,
    NotAllowed,
    NotFound,
    Unauthenticated,
    Unavailable,
    Unreadable,
    WriteConflict,
)
from chalicelib.shared.http import BadField, Endpoint, KeyMissing, NotJson, NotStorable, TooLarge, WrongMedia, status_of
from chalicelib.shared.pages import BadCursor, Paging
from chalicelib.shared.quarantine import ChainBroken
from chalicelib.shared.ranges import DateOutOfRange, judge_of
from chalicelib.shared.request import Stale
from chalicelib.shared.settings import settings
from chalicelib.shared.text import UnreadableText, has_text

MEDIA: Final = "application/problem+json"


class TooMany(DomainError):
    code = "too_many_requests"
    title = "Too much at once."
    fix = "Wait for Retry-After seconds and repeat the request with the same Idempotency-Key."


class TimedOut(DomainError):
    code = "timed_out"
    title = "The answer did not come in time."
    fix = "Repeat the request with the same Idempotency-Key: it is carried out once."


class WrongMethod(DomainError):
    code = "method_not_allowed"
    title = "This address does not take that method."
    fix = "Check the path and the method against the document at /v1/openapi.json."


class HeadersTooLarge(DomainError):
    code = "headers_too_large"
    title = "The headers are larger than the gateway takes."
    fix = "Send at most 10240 bytes of request line and headers together."


AT_THE_GATEWAY: Final[dict[type[DomainError], int]] = {
    TooMany: 429,
    TimedOut: 504,
    WrongMethod: 405,
    HeadersTooLarge: 431,
}
"""What the gateway says before or instead of us: see `infra/merge.yaml`, which a test compares."""

WORDS: Final = {
    400: "The request cannot be read.",
    401: "Authentication required.",
    403: "Your role may never do this.",
    404: "Not there, or not yours.",
    405: "Not a method of that address.",
    409: "Not in this state, or somebody else was faster.",
    413: "Larger than this endpoint or the gateway takes.",
    415: "Not of a type this endpoint takes.",
    422: "Understood, and against a rule.",
    429: "Too much at once: ask again after Retry-After seconds.",
    431: "Larger than the gateway takes.",
    500: "Something went wrong on our side.",
    503: "Too much at once: ask again after Retry-After seconds.",
    504: "The answer did not come in time.",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A refusal, as RFC 9457 has it and with what this API adds. Business refusals also carry the numbers involved."""

    type: str
    """`urn:surety:problem:` and the code."""
    title: str
    status: int
    detail: str
    """What was wrong this time, for people."""
    instance: str
    """The path that was asked for."""
    code: str
    """Stable, for programs."""
    request_id: str
    doc_url: str
    """Where this code is explained."""
    fix: str
    """What to do about it."""
    param: str | msgspec.UnsetType = msgspec.UNSET
    """The field, header or parameter concerned, where there is one."""


def every() -> list[type[DomainError]]:
    """All refusals this application knows, by code."""
    by_code: dict[str, type[DomainError]] = {}
    for error in _below(DomainError):
        if error.__module__.startswith("chalicelib."):
            by_code.setdefault(error.code, error)
    return [by_code[code] for code in sorted(by_code)]


def refusals_of(endpoint: Endpoint, *, with_money: bool) -> dict[int, list[type[DomainError]]]:
    """By status, what this endpoint may refuse: what follows from its form, and what it declares."""
    refusals: dict[int, dict[str, type[DomainError]]] = defaultdict(dict)
    for error in (*_by_form(endpoint, with_money), *endpoint.errors):
        refusals[status(error)].setdefault(error.code, error)
    refusals[431] = {HeadersTooLarge.code: HeadersTooLarge}
    return {code: list(refusals[code].values()) for code in sorted(refusals)}


def status(error: type[DomainError]) -> int:
    return AT_THE_GATEWAY.get(error) or status_of(error)


SHARED: Final = {
    401: Unauthenticated,
    403: NotAllowed,
    404: NotFound,
    413: TooLarge,
    415: WrongMedia,
    429: TooMany,
    431: HeadersTooLarge,
    503: Unavailable,
}
"""Refusals that mostly come alone: their responses are written once and referred to."""


def shared() -> dict[str, Any]:
    return {error.code: _response(code, [error]) for code, error in SHARED.items()}


def response(code: int, refusals: Sequence[type[DomainError]]) -> dict[str, Any]:
    """The response object of one status: a problem, and in `x-codes` the codes that can occur.

    The form is not narrowed to them: generators make a class of each narrowing, a thousand of them.
    """
    if list(refusals) == [SHARED.get(code)]:
        return {"$ref": f"#/components/responses/{refusals[0].code}"}
    return _response(code, refusals)


def missing(media: str) -> dict[str, Any]:
    """The response of an endpoint that says in a page of its own that nothing is there; what cannot be an id at all is a problem."""
    answer = _response(404, [NotFound])
    return answer | {"content": answer["content"] | {media: {"schema": {"type": "string"}}}}


def _response(code: int, errors: Sequence[type[DomainError]]) -> dict[str, Any]:
    return {
        "x-codes": [error.code for error in errors],
        "description": WORDS[code] + "".join(f"\n- `{error.code}`: {error.title}" for error in errors),
        "headers": {
            "X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"},
            **({"Retry-After": {"$ref": "#/components/headers/Retry-After"}} if code in (429, 503) else {}),
        },
        "content": {
            MEDIA: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {error.code: {"$ref": f"#/components/examples/problem.{error.code}"} for error in errors},
            }
        },
    }


def example(error: type[DomainError]) -> dict[str, Any]:
    return {
        "summary": error.title,
        "value": {
            "type": f"urn:surety:problem:{error.code}",
            "title": error.title,
            "status": status(error),
            "detail": error.title,
            "instance": "/v1/…",
            "code": error.code,
            "request_id": "req_01KJP3ZQ4GT5H2W8N6VXRD0BCE",
            "doc_url": f"{settings().base_url}/docs/errors/{error.code}",
            "fix": error.fix,
        },
    }


def _by_form(endpoint: Endpoint, with_money: bool) -> Iterator[type[DomainError]]:
    yield from (BadField, TooMany, Unavailable)
    if not endpoint.public:
        yield from (Unauthenticated, NotAllowed)
    if "{" in endpoint.path:
        yield from (NotFound, NotStorable, Unreadable)
    if endpoint.method == "POST":
        yield from (NotJson, TooLarge)
    if endpoint.request is not None:
        yield WrongMedia
    if endpoint.request is not None or endpoint.query is not None:
        yield from (Malformed, NotStorable)
    if any(form is not None and has_text(form) for form in (endpoint.request, endpoint.query)):
        yield UnreadableText
    if endpoint.keyed:
        yield from (KeyMissing, WriteConflict, Stale, KeyReused, ChainBroken)
    if isinstance(endpoint.query, type) and issubclass(endpoint.query, Paging):
        yield BadCursor
    if with_money:
        yield money.UnknownCurrency
    if any(form is not None and judge_of(form) is not None for form in (endpoint.request, endpoint.query)):
        yield DateOutOfRange


def _below(error: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in error.__subclasses__():
        yield kind
        yield from _below(kind)
