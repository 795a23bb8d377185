"""What a request must look like, and what is read of it: body, query, ids, key, version, caller."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

import msgspec

from chalicelib.shared import clock, ids, languages, text
from chalicelib.shared.errors import (
    Malformed,
    NotFound,
    Unauthenticated,
)
from chalicelib.shared.http.misfits import BadField, bad_field
from chalicelib.shared.periods import business_date
from chalicelib.shared.ranges import must_lie_in_range
from chalicelib.shared.request import ENDPOINT, PUBLIC, Caller, RequestContext
from chalicelib.shared.settings import settings
from chalicelib.shared.texts import say
from chalicelib.shared.webhooks import BadSignature

MOST_BODY_BYTES: Final = 256 * 1024
MOST_DEPTH: Final = 16
ACTING_FOR: Final = "Surety-Acting-For"
ACTING_PERSON: Final = "Surety-Acting-Person"
IDEMPOTENCY_KEY: Final = re.compile(r"[\x21-\x7e]{1,255}", re.ASCII)
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,100}", re.ASCII)
_ID: Final = re.compile(r"[\x21-\x7e]{1,128}", re.ASCII)
_ETAG: Final = re.compile(r'"?([0-9]{1,18})"?', re.ASCII)


class NotJson(Malformed):
    code = "not_json"
    title = "The body is not the JSON object this endpoint takes."
    fix = "Send one JSON object in UTF-8, without duplicate keys."


class WrongMedia(Malformed):
    code = "unsupported_media_type"
    title = "The body is not of a type this endpoint takes."
    fix = "Send Content-Type: application/json."


class KeyMissing(Malformed):
    code = "idempotency_key_required"
    title = "This request changes state and needs an Idempotency-Key."
    fix = "Send a header Idempotency-Key with 1 to 255 visible ASCII characters, a new one for each new request."


class TooLarge(Malformed):
    code = "body_too_large"
    title = "The body is larger than this endpoint takes."
    fix = f"Send at most {MOST_BODY_BYTES} bytes; files go through a presigned upload."


def read_json(raw: bytes, form: Any) -> Any:
    """A body as the struct it must be. NotJson, BadField, DateOutOfRange or TooLarge say what is wrong, by field."""
    if len(raw) > MOST_BODY_BYTES:
        raise TooLarge(say("The body has {count} bytes.", count=len(raw)), maximum=MOST_BODY_BYTES)
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
    except json.JSONDecodeError as broken:
        line, column = broken.lineno, broken.colno
        raise NotJson(say("The body is no JSON at line {line}, column {column}.", line=line, column=column)) from broken
    except ValueError as broken:
        raise NotJson("A number in the body has too many digits.") from broken
    if not isinstance(loose, dict):
        raise NotJson("The body must be a JSON object.")
    _not_deeper(loose, MOST_DEPTH)
    if b"\\u" in raw:  # the only way a half of a character or a NUL gets past the two decoders
        _whole_text(loose, "")
    loose = text.read_fields(loose, form)
    try:
        body = msgspec.convert(loose, form)
    except msgspec.ValidationError as wrong:
        raise bad_field(wrong, loose, form) from wrong
    must_lie_in_range(body, form, _today)
    return body


def needs_body(form: Any) -> bool:
    """A body all of whose fields may be left out may be left out itself."""
    return any(field.required for field in msgspec.structs.fields(form))


def must_be_json(http: Any) -> None:
    """WrongMedia where a request says that its body is anything else."""
    media = http.headers.get("content-type", "application/json").partition(";")[0]
    if media.strip().lower() != "application/json":
        raise WrongMedia("The Content-Type must be application/json.", param="Content-Type")


def body_of(http: Any, raw: bytes, form: Any) -> Any:
    must_be_json(http)
    return form() if not raw and not needs_body(form) else read_json(raw, form)


def query_of(given: dict[str, Any], form: Any) -> Any:
    given = text.read_fields(given, form)
    try:
        query = msgspec.convert(given, form, strict=False)
    except msgspec.ValidationError as wrong:
        raise bad_field(wrong, {name: _as_meant(value) for name, value in given.items()}, form) from wrong
    for field in msgspec.structs.fields(form):
        if field.encode_name in given and getattr(query, field.name) is None:
            raise BadField("A query parameter is left out, not null.", param=field.encode_name)
    must_lie_in_range(query, form, _today)
    return query


def _as_meant(value: Any) -> Any:
    """In a query everything is text; what is written as a whole number is told as one."""
    return int(value) if isinstance(value, str) and re.fullmatch("-?[0-9]{1,18}", value) else value


def request_of(
    http: Any, now: datetime, *, key: str = "", digest: str = "", keeps_answer: bool = False
) -> RequestContext:
    return RequestContext(
        caller=caller_of(http),
        now=now,
        request_id=request_id_of(http),
        key=key,
        digest=digest,
        expected_version=_expected(http),
        base_url=settings().base_url,
        name_space=ENDPOINT,
        keeps_answer=keeps_answer,
        languages=http.headers.get("accept-language", ""),
    )


def language_of(http: Any) -> str:
    """The language that the caller reads best, of those that public texts are in."""
    return languages.preferred(http.headers.get("accept-language", ""))


def request_id_of(http: Any) -> str:
    """The caller's X-Request-Id where it is usable, else the gateway's, else a new one: the same all through the request."""
    kept: str | None = http.context.get("surety_request_id")
    if kept is None:
        given = http.headers.get("x-request-id", "")
        kept = (
            given if _REQUEST_ID.fullmatch(given) else http.context.get("requestId") or ids.new_id("req", clock.real())
        )
        http.context["surety_request_id"] = kept
    return kept


def path_of(http: Any) -> str:
    path: str = http.context.get("path") or http.path
    return path


def must_be_ids(named: Mapping[str, str]) -> None:
    """What cannot be an id names nothing. The store is not asked: it takes no empty key, and none above 2 KB."""
    for value in named.values():
        if not _ID.fullmatch(value):
            raise NotFound(say("Nothing is called {value!r:.60}.", value=value))


def must_bear_a_certificate(http: Any) -> None:
    """BadSignature where the stage takes partners' messages only with a client certificate: the gateway has checked one if it tells of it."""
    if settings().partner_certificates and not (http.context.get("identity") or {}).get("clientCert"):
        raise BadSignature


def must_have_no_query(http: Any) -> None:
    for name in http.query_params or ():
        raise BadField(say("This endpoint takes no query; {name!r:.60} is unknown.", name=name), param=name[:100])


def caller_of(http: Any) -> Caller:
    """Who the authorizer says is calling, or the member it says it acts for, and which of the member's people acts: the same all through the
    request. The authorizer's answer is cached: Unauthenticated where the token has not begun yet, or has ended since."""
    kept: Caller | None = http.context.get("surety_caller")
    if kept is None:
        kept = http.context["surety_caller"] = _caller_of(http)
    return kept


def _caller_of(http: Any) -> Caller:
    member_id = http.headers.get(ACTING_FOR)
    if member_id is not None and not ids.is_id(member_id, ids.MEMBER):
        raise BadField("The header names the member to act for: its id, `mem_…`.", param=ACTING_FOR)
    authorizer = http.context.get("authorizer") or {}
    if "role" not in authorizer:
        return PUBLIC
    now = clock.real().timestamp()
    if now < int(authorizer["since"]):
        raise Unauthenticated("The token is not valid yet.")
    if now >= int(authorizer["until"]):
        raise Unauthenticated("The token is not valid any more.")
    caller = Caller(
        sub=authorizer["principalId"],
        role=authorizer["role"],
        duties=tuple(filter(None, authorizer.get("duties", "").split(" "))),
    )
    caller = caller if member_id is None else caller.acting_for(member_id)
    person_id = http.headers.get(ACTING_PERSON)
    return caller if person_id is None else _as_person(caller, person_id)


def _as_person(caller: Caller, person_id: str) -> Caller:
    if not caller.member_id:
        raise BadField("Only a member's request names a person.", param=ACTING_PERSON)
    if not ids.is_id(person_id, "per"):
        raise BadField("The header names a person of the member's firm: its id, `per_…`.", param=ACTING_PERSON)
    return msgspec.structs.replace(caller, person=person_id)


def _today() -> date:
    return business_date(clock.now())


def _expected(http: Any) -> int | None:
    given = http.headers.get("if-match")
    if given is None or given == "*":
        return None
    match = _ETAG.fullmatch(given)
    if match is None:
        raise BadField('If-Match must be a version in quotes, like "3".', param="If-Match")
    return int(match[1])


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadField(
            say("The key {twice!r:.60} stands twice in one object.", twice=twice),
            param=twice[:100].encode(errors="replace").decode(),
        )
    return fields


def _no_constant(name: str) -> None:
    raise NotJson(say("{name} is not JSON.", name=name))


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
        raise NotJson(say("The body is nested more than {most_depth} deep.", most_depth=MOST_DEPTH))
    for part in inner:
        if isinstance(part, (dict, list)):
            _not_deeper(part, left - 1)
