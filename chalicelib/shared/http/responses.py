"""How an answer or a refusal is told: bytes, headers, status codes, and problem documents (RFC 9457)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from chalice.app import Response

from chalicelib.shared.commit import StoredResponse
from chalicelib.shared.encoding import encode_for
from chalicelib.shared.errors import (
    Conflict,
    DomainError,
    Malformed,
    NotAllowed,
    NotFound,
    RuleViolation,
    Unauthenticated,
    Unavailable,
    Unreadable,
)
from chalicelib.shared.http.requests import TooLarge, WrongMedia
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import STORE_ERRORS, is_our_fault, is_unstorable
from chalicelib.shared.texts import in_language

SVG: Final = "image/svg+xml"
FOR_FIVE_MINUTES: Final = "public, max-age=300"
"""How long what is the same for everybody, and changes with a release, may be kept."""
STATUS: Final[dict[type[DomainError], int]] = {
    TooLarge: 413,
    WrongMedia: 415,
    Malformed: 400,
    Unauthenticated: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    RuleViolation: 422,
    Unavailable: 503,
    Unreadable: 503,
}
"""A fault of ours has no place in this table: see `InternalError`."""


class NotStorable(Malformed):
    code = "not_storable"
    title = "A value in the request is empty or larger than can be kept."
    fix = "Send shorter values, and no empty id."


class InternalError(DomainError):
    """A fault of ours, told in the shape of every other problem. No test may ever see one."""

    code = "internal"
    title = "Something went wrong on our side."
    fix = "Repeat the request with the same Idempotency-Key; if it stays, tell us the request_id."


def etag(content: bytes) -> str:
    """Names an answer by its content."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def respond(body: bytes | str, status: int = 200, **headers: str) -> Response:
    """A Chalice response with the given headers (underscores become hyphens)."""
    text = body.decode() if isinstance(body, bytes) else body
    return Response(
        body=text, status_code=status, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def problem(error: DomainError, *, request_id: str, path: str, language: str) -> dict[str, Any]:
    """RFC 9457, with what this API adds: code, param, request_id, doc_url, fix and the numbers involved. What else is a sentence is said as it is encoded."""
    document: dict[str, Any] = {
        "type": f"urn:surety:problem:{error.code}",
        "title": in_language(error.title, language),
        "status": status_of(error),
        "detail": in_language(error.said, language),
        "instance": path,
        "code": error.code,
        "request_id": request_id,
        "doc_url": f"{settings().base_url}/docs/errors/{error.code}",
        "fix": in_language(error.mend, language),
    }
    if error.param is not None:
        document["param"] = error.param
    for name, number in error.numbers.items():
        document.setdefault(name, number)
    return document


def status_of(error: DomainError | type[DomainError]) -> int:
    kind = error if isinstance(error, type) else type(error)
    return next((STATUS[ancestor] for ancestor in kind.__mro__ if ancestor in STATUS), 500)


def to_response(response: StoredResponse) -> Response:
    headers = {"Idempotent-Replayed": "expired" if response.expired_of else "true"} if response.replayed else {}
    if response.version is not None:
        headers["ETag"] = f'"{response.version}"'
    return json_response(response.body, response.status, headers)


def in_the_language(language: str) -> dict[str, str]:
    """The headers of an answer that would read otherwise to another reader."""
    return {"Content-Language": language, "Vary": "Accept-Language"}


def picture(drawn: str, language: str, *, cache: str = "no-store") -> Response:
    """An SVG as a document of its own, with its words in a language: nothing in it runs, and nothing is fetched for it."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": SVG,
        **in_the_language(language),
        "Cache-Control": cache,
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body=drawn, status_code=200, headers=headers)


def html_page(written: str, *, policy: str, cache: str = "no-store", language: str = "", status: int = 200) -> Response:
    """A page for people. `policy` is its Content-Security-Policy (`shared.page.policy`); `language` where it would read otherwise to others."""
    headers: dict[str, str | list[str]] = {
        "Content-Type": "text/html; charset=utf-8",
        **(in_the_language(language) if language else {}),
        "Cache-Control": cache,
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return Response(body=written, status_code=status, headers=headers)


def json_response(body: bytes, status: int, headers: Mapping[str, str]) -> Response:
    return Response(body=body.decode(), status_code=status, headers={"Content-Type": "application/json", **headers})


def error_response(error: DomainError, request_id: str, path: str, language: str) -> Response:
    headers: dict[str, str | list[str]] = {"Content-Type": "application/problem+json", **in_the_language(language)}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.numbers.get("retry_after", 1))
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(
        body=encode_for(problem(error, request_id=request_id, path=path, language=language), language)[0].decode(),
        status_code=status_of(error),
        headers=headers,
    )


def to_domain_error(failure: Exception) -> DomainError:
    """What the caller is told of a failure that is no refusal: bad values, a store that does not serve us, or a fault of ours."""
    if not isinstance(failure, STORE_ERRORS) or is_our_fault(failure):
        return InternalError("The request could not be served. Nothing is known of it but its request_id.")
    if is_unstorable(failure):
        return NotStorable("A value in the request is empty or larger than can be kept.")
    return Unavailable("The store did not answer in time.")
