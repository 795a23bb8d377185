"""What a door may refuse, and how the API document says it: one response for each status, with every code it can carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import msgspec

from chalicelib.shared import money
from chalicelib.shared.commit import KeyReused
from chalicelib.shared.http import BadField, Door, KeyMissing, NotJson, NotStorable, TooLarge, status_of
from chalicelib.shared.pages import BadCursor, Paging
from chalicelib.shared.ranges import DateOutOfRange, judge_of
from chalicelib.shared.refusal import (
    Busy,
    Malformed,
    NotAllowed,
    NotFound,
    Raced,
    Refusal,
    Unauthenticated,
    Unreadable,
)
from chalicelib.shared.request import Stale
from chalicelib.shared.settings import settings
from chalicelib.shared.text import UnreadableText, has_text

MEDIA: Final = "application/problem+json"


class TooMany(Refusal):
    code = "too_many_requests"
    title = "Too much at once."
    fix = "Wait for Retry-After seconds and repeat the request with the same Idempotency-Key."


class TimedOut(Refusal):
    code = "timed_out"
    title = "The answer did not come in time."
    fix = "Repeat the request with the same Idempotency-Key: it is carried out once."


class WrongMedia(Refusal):
    code = "unsupported_media_type"
    title = "The body is not of a type this door takes."
    fix = "Send Content-Type: application/json."


class WrongMethod(Refusal):
    code = "method_not_allowed"
    title = "This address does not take that method."
    fix = "Check the path and the method against the document at /v1/openapi.json."


class HeadersTooLarge(Refusal):
    code = "headers_too_large"
    title = "The headers are larger than the gateway takes."
    fix = "Send at most 10240 bytes of request line and headers together."


AT_THE_GATEWAY: Final[dict[type[Refusal], int]] = {
    TooMany: 429,
    TimedOut: 504,
    WrongMedia: 415,
    WrongMethod: 405,
    HeadersTooLarge: 431,
}
"""What the gateway says before or instead of us: see `infra/merge.yaml`, which a test compares."""

WORDS: Final = {
    400: "The request cannot be read.",
    401: "Who are you?",
    403: "Your role may never do this.",
    404: "Not there, or not yours.",
    409: "Not in this state, or somebody else was faster.",
    413: "Larger than the gateway takes.",
    422: "Understood, and against a rule.",
    429: "Too much at once: ask again after Retry-After seconds.",
    431: "Larger than the gateway takes.",
    503: "Too much at once: ask again after Retry-After seconds.",
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


def every() -> list[type[Refusal]]:
    """All refusals this application knows, by code."""
    by_code: dict[str, type[Refusal]] = {}
    for refusal in _below(Refusal):
        if refusal.__module__.startswith("chalicelib."):
            by_code.setdefault(refusal.code, refusal)
    return [by_code[code] for code in sorted(by_code)]


def refusals_of(door: Door, *, with_money: bool) -> dict[int, list[type[Refusal]]]:
    """By status, what this door may refuse: what follows from its form, and what it declares."""
    found: dict[int, dict[str, type[Refusal]]] = defaultdict(dict)
    for refusal in (*_by_form(door, with_money), *door.refuses):
        found[status(refusal)].setdefault(refusal.code, refusal)
    if door.method == "POST":
        found[413] = {TooLarge.code: TooLarge}
    found[431] = {HeadersTooLarge.code: HeadersTooLarge}
    return {code: list(found[code].values()) for code in sorted(found)}


def status(refusal: type[Refusal]) -> int:
    return AT_THE_GATEWAY.get(refusal) or status_of(refusal)


SHARED: Final = {
    401: Unauthenticated,
    403: NotAllowed,
    404: NotFound,
    413: TooLarge,
    429: TooMany,
    431: HeadersTooLarge,
    503: Busy,
}
"""Refusals that mostly come alone: their responses are written once and referred to."""


def shared() -> dict[str, Any]:
    return {refusal.code: _response(code, [refusal]) for code, refusal in SHARED.items()}


def response(code: int, refusals: Sequence[type[Refusal]]) -> dict[str, Any]:
    """The response object of one status: the problem's form, narrowed to the codes that can occur."""
    if list(refusals) == [SHARED.get(code)]:
        return {"$ref": f"#/components/responses/{refusals[0].code}"}
    return _response(code, refusals)


def _response(code: int, told: Sequence[type[Refusal]]) -> dict[str, Any]:
    narrowed = {"properties": {"status": {"const": code}, "code": {"enum": [refusal.code for refusal in told]}}}
    return {
        "description": WORDS[code] + "".join(f"\n- `{refusal.code}`: {refusal.title}" for refusal in told),
        "headers": {
            "X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"},
            **({"Retry-After": {"$ref": "#/components/headers/Retry-After"}} if code in (429, 503) else {}),
        },
        "content": {
            MEDIA: {
                "schema": {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]},
                "examples": {
                    refusal.code: {"$ref": f"#/components/examples/problem.{refusal.code}"} for refusal in told
                },
            }
        },
    }


def example(refusal: type[Refusal]) -> dict[str, Any]:
    return {
        "summary": refusal.title,
        "value": {
            "type": f"urn:surety:problem:{refusal.code}",
            "title": refusal.title,
            "status": status(refusal),
            "detail": refusal.title,
            "instance": "/v1/…",
            "code": refusal.code,
            "request_id": "req_01KJP3ZQ4GT5H2W8N6VXRD0BCE",
            "doc_url": f"{settings().base_url}/docs#{refusal.code}",
            "fix": refusal.fix,
        },
    }


def _by_form(door: Door, with_money: bool) -> Iterator[type[Refusal]]:
    yield from (BadField, TooMany, Busy)
    if not door.public:
        yield from (Unauthenticated, NotAllowed)
    if "{" in door.path:
        yield from (NotFound, NotStorable, Unreadable)
    if door.method == "POST":
        yield from (NotJson, TooLarge)
    if door.asks is not None or door.query is not None:
        yield from (Malformed, NotStorable)
    if any(form is not None and has_text(form) for form in (door.asks, door.query)):
        yield UnreadableText
    if door.keyed:
        yield from (KeyMissing, Raced, Stale, KeyReused)
    if isinstance(door.query, type) and issubclass(door.query, Paging):
        yield BadCursor
    if with_money:
        yield money.UnknownCurrency
    if any(form is not None and judge_of(form) is not None for form in (door.asks, door.query)):
        yield DateOutOfRange


def _below(refusal: type[Refusal]) -> Iterator[type[Refusal]]:
    for kind in refusal.__subclasses__():
        yield kind
        yield from _below(kind)
