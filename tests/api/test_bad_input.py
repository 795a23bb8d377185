"""What nobody should send, sent to every endpoint: a named problem each time, never a fault of ours, and nothing is written.

One mechanism reads every request, so at ordinary size each endpoint gets a share of what is wrong, and all of it is sent to some; at full size
all is sent to all.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Any, Final

import pytest

from chalicelib.shared import pages, tables
from chalicelib.shared.http import MOST_BODY_BYTES, Endpoint
from chalicelib.shared.pages import Paging
from chalicelib.shared.request import Caller
from tests.api.api_requests import (
    ApiRequest,
    ApiUnderTest,
    endpoints,
    example_body,
    example_query,
    fits_the_document,
    is_shared_among_people,
    items_kept,
    must_be_documented,
    name,
    token_of,
)
from tests.size import share
from tests.world import Reply

OF_A_PARSER: Final = re.compile(r"Expected `|Object |Invalid |Expecting |`\$|char \d")
"""How msgspec and json speak: no client hears them."""
WITH_BODY: Final = [endpoint for endpoint in endpoints() if endpoint.request is not None and not endpoint.headers]
SIGNED: Final = [endpoint for endpoint in endpoints() if endpoint.headers]
WITH_KEY: Final = [endpoint for endpoint in endpoints() if endpoint.keyed]
WITH_IDS: Final = [endpoint for endpoint in endpoints() if "{" in endpoint.path]
LISTS: Final = [
    endpoint for endpoint in endpoints() if isinstance(endpoint.query, type) and issubclass(endpoint.query, Paging)
]

BIG: Final = 10**400
STRANGE: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    0,
    1.5,
    2**53,
    2**63,
    10**30,
    "",
    " ",
    "\n",
    "null",
    "0x10",
    "१२",
    "é" * 300,
    "A" * 5000,
    "-1.00",
    "1e5",
    "9" * 40,
    "2026-02-30",
    "9999-12-31T23:59:59.999999+00:00",
    "0001-01-01T00:00:00Z",
    [],
    [None],
    [[]],
    {},
    {"": {}},
)

UNREADABLE: Final[dict[str, bytes]] = {
    "an array": b"[]",
    "a string": b'"text"',
    "a number": b"1",
    "null": b"null",
    "cut off": b'{"a": ',
    "two bodies": b"{}{}",
    "bad utf-8": b'{"a": "\xff\xfe"}',
    "overlong utf-8": b'{"a": "\xc0\xaf"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "nan": b'{"a": NaN}',
    "infinity": b'{"a": -Infinity}',
    "a number out of range": b'{"a": 1e999}',
    "a huge number": b'{"a": ' + str(BIG).encode() + b"}",
    "too many digits for Python": b'{"a": ' + b"9" * 5000 + b"}",
    "a key twice": b'{"a": 1, "a": 2}',
    "half a key twice": b'{"\\ud800": 1, "\\ud800": 2}',
    "an unknown half": b'{"\\udfff": 1}',
    "deep": b'{"a": ' * 100_000 + b"1" + b"}" * 100_000,
    "deep lists": b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}",
    "single quotes": b"{'a': 1}",
    "a comment": b'{"a": 1 /* one */}',
    "too large": b'{"a": "' + b"x" * 262_144 + b'"}',
}


MEDIA: Final = ("text/plain", "application/xml", "multipart/form-data; boundary=x", "application/jsonx", "x")
NO_VERSIONS: Final = ("", "x", '"x"', 'W/"3"', "3;", '"-1"', "1.5", "9" * 19, '"1", "2"', "१")
NO_QUERIES: Final = ("unknown=1", "a=1&a=2", "%ff=1", "=", "a%00=1", "limit=1&limit=2", "cursor=&cursor=", "a[]=1")
OF_OTHERS: Final = ("unknown=1", "%ff=1", "=", "a%00=1", "a[]=1")
"""Once, and no name of ours: like what services that pass links on add to the address of a page."""
NOBODYS_ID: Final = "x"
NO_IDS: Final = (
    "a%2Fb",
    "%00",
    "%ff",
    "%2e%2e",
    "%C3%A9",
    "%20",
    "%25",
    "%252F",
    "x" * 3000,
    "'",
    "mem_",
    "{member_id}",
    "%F0%9F%98%80",
    "a;b=c",
    "%0d%0aX-Evil:%201",
)


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
def test_a_body_that_cannot_be_read_is_refused(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    before = items_kept()
    for what, body in share(list(UNREADABLE.items()), name(endpoint), 4):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), body=body))
        assert reply.status == _unread(body), (what, reply.status, reply.body)
    if example_body(endpoint):  # where something must be said, saying nothing is refused
        for body in (b"", b"{}"):
            reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), body=body))
            assert reply.status == 400 or fits_the_document(endpoint, {}), reply.body
    assert items_kept() == before


def _unread(body: bytes) -> int:
    """The status of a body that cannot be read, or is too long to be."""
    return 413 if len(body) > MOST_BODY_BYTES else 400


@pytest.mark.parametrize("endpoint", SIGNED, ids=name)
def test_what_is_not_signed_is_refused_whatever_it_says(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    before = items_kept()
    for what, body in {**UNREADABLE, "nothing": b"", "a good body": None}.items():
        for headers in ({}, dict.fromkeys(endpoint.headers, "x"), dict.fromkeys(endpoint.headers, "\xff")):
            reply = _answer(under_test, ApiRequest(endpoint, body=body, headers=headers, ids={"bank_id": "boc"}))
            expected = 413 if _unread(body or b"") == 413 else 401
            assert reply.status == expected, (what, reply.status, reply.body)
    assert items_kept() == before


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
def test_what_does_not_fit_the_document_is_refused_and_what_is_strange_and_fits_is_never_a_fault_of_ours(
    under_test: ApiUnderTest, endpoint: Endpoint
) -> None:
    before, fitting = items_kept(), []
    for body in _mutations(example_body(endpoint) or {}):
        if fits_the_document(endpoint, body):
            fitting.append(body)
            continue
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), body=json.dumps(body).encode()))
        assert reply.status == 400, (body, reply.status, reply.body)
    assert items_kept() == before
    for body in fitting:
        _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), body=json.dumps(body).encode()))


@pytest.mark.parametrize("endpoint", WITH_BODY, ids=name)
def test_half_characters_and_nul_are_refused_wherever_text_stands(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    before = items_kept()
    for strange in share(("\ud800", "a\udc00b", "a\0b"), name(endpoint), 1):
        for body in _with_every_text(example_body(endpoint) or {}, strange):
            reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), body=json.dumps(body).encode()))
            assert reply.status == 400, (body, reply.status, reply.body)
    assert items_kept() == before


@pytest.mark.parametrize(
    "endpoint", [endpoint for endpoint in endpoints() if endpoint.method == "POST" and not endpoint.public], ids=name
)
def test_another_content_type_or_a_query_is_refused(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    before = items_kept()
    if endpoint.request is not None:
        for media in share(MEDIA, name(endpoint), 2):
            reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), headers={"content-type": media}))
            assert (reply.status, reply["code"]) == (415, "unsupported_media_type"), (media, reply.body)
            assert (reply["param"], reply["fix"]) == ("Content-Type", "Send Content-Type: application/json.")
    for query in share(("a=1", "limit=1", "%00=%00", "é=1"), name(endpoint), 2):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), query=query))
        assert reply.status == 400, (query, reply.body)
    assert items_kept() == before


@pytest.mark.parametrize("endpoint", WITH_KEY, ids=name)
def test_a_command_needs_a_key_it_can_keep(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    before = items_kept()
    reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), without=("idempotency-key",)))
    assert (reply.status, reply["code"]) == (400, "idempotency_key_required")
    for key in share(("", "a b", "a" * 256, "schlüssel", "a\tb", "\x7f"), name(endpoint), 2):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), headers={"idempotency-key": key}))
        assert (reply.status, reply["code"]) == (400, "idempotency_key_required"), key
    assert items_kept() == before


@pytest.mark.parametrize("endpoint", WITH_KEY, ids=name)
def test_if_match_is_a_version_or_it_is_refused(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    before = items_kept()
    for version in share(NO_VERSIONS, name(endpoint), 3):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), headers={"if-match": version}))
        assert (reply.status, reply["param"]) == (400, "If-Match"), (version, reply.body)
    assert items_kept() == before


@pytest.mark.parametrize("endpoint", [endpoint for endpoint in endpoints() if endpoint.method == "GET"], ids=name)
def test_unknown_and_repeated_query_parameters_are_refused(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    for query in share(NO_QUERIES, name(endpoint), 3):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), query=query))
        ignored = is_shared_among_people(endpoint) and query in OF_OTHERS
        assert reply.status == (404 if ignored else 400), (query, reply.status)


@pytest.mark.parametrize("endpoint", LISTS, ids=name)
def test_a_limit_is_a_whole_number_from_one_to_a_hundred(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    for limit in share(("0", "101", "-1", "x", "", "1e9", "9" * 30, "1.5", "%00", "١"), name(endpoint), 3):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), query=f"limit={limit}"))
        assert reply.status == 400, (limit, reply.body)


@pytest.mark.parametrize("endpoint", LISTS, ids=name)
def test_a_cursor_is_one_that_this_list_gave_out_to_this_caller(under_test: ApiUnderTest, endpoint: Endpoint) -> None:
    somebody = pages.encode_cursor("mem_1", Caller(sub="somebody", role="member"), "members")
    forged = _text(b'"mem_1"') + "." + _text(b"0" * 16)
    required = "".join(f"{name}={value}&" for name, value in example_query(endpoint).items())
    strange = ("x", ".", "a.b", "a.b.c", "%ff", "é", "%00", somebody, somebody[:-1], forged, "A" * 3000)
    for cursor in (somebody, *share(strange, name(endpoint), 3)):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), query=f"{required}cursor={cursor}"))
        assert reply.status == 400 or ("{" in endpoint.path and reply.status == 404), (cursor, reply.status, reply.body)


@pytest.mark.parametrize("endpoint", WITH_IDS, ids=name)
def test_what_cannot_be_an_id_names_nothing(
    under_test: ApiUnderTest, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = items_kept()
    asked = _asked_together(monkeypatch)
    for text in (NOBODYS_ID, *share(NO_IDS, name(endpoint), 4)):
        reply = _answer(under_test, ApiRequest(endpoint, by=_key_of(endpoint), ids=_Everywhere(text)))
        assert reply.status in ({401, 404} if endpoint.public else {404}), (text, reply.status, reply.body)
    assert items_kept() == before
    assert [
        key for key in asked if {"S": ""} in key.values()
    ] == []  # an engine refuses them, but not that of these tests


def test_a_request_id_that_cannot_be_logged_is_replaced(under_test: ApiUnderTest) -> None:
    endpoint = next(endpoint for endpoint in endpoints() if endpoint.path == "/v1/health")
    for given in ("", "a b", "x" * 101, "ü", '"', "a\x7f"):
        reply = under_test.send(ApiRequest(endpoint, headers={"x-request-id": given}))
        assert reply.headers["X-Request-Id"] not in ("", given)


def _asked_together(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The keys of all items that are asked for together from now on."""
    asked: list[dict[str, Any]] = []
    batch_get = tables._batch_get

    def listening(wanted: dict[str, Any]) -> dict[str, Any]:
        asked.extend(key for told in wanted.values() for key in told["Keys"])
        return batch_get(wanted)

    monkeypatch.setattr(tables, "_batch_get", listening)
    return asked


class _Everywhere(dict[str, str]):
    """The same text for every id of a path."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def get(self, key: str, default: Any = None) -> Any:
        return self._text

    def __bool__(self) -> bool:
        return True


def _answer(under_test: ApiUnderTest, request: ApiRequest) -> Reply:
    reply = under_test.send(request)
    assert reply.status < 500, (name(request.endpoint), request, reply.body)
    # A page says it all over.
    said = reply.body.get("detail", "") if isinstance(reply.body, dict) else reply.raw.decode()
    assert reply.status < 300 or not OF_A_PARSER.search(said), reply.body
    must_be_documented(request.endpoint, reply)
    return reply


def _key_of(endpoint: Endpoint) -> str | None:
    return (
        None
        if endpoint.public
        else token_of("officer" if "officer" in endpoint.by.roles else sorted(endpoint.by.roles)[0])
    )


def _mutations(body: dict[str, Any]) -> Iterator[Any]:
    """The body with an unknown field, with a field missing, and with every value in it replaced by every strange one."""
    yield body | {"unknown_field": 1}
    for field in body:
        yield {key: value for key, value in body.items() if key != field}
    for path in _paths(body):
        for strange in share(STRANGE, f"{sorted(body)} {path}", 8):
            yield _replaced(body, path, strange)


def _with_every_text(body: dict[str, Any], strange: str) -> Iterator[Any]:
    for path in _paths(body):
        if isinstance(_at(body, path), str):
            yield _replaced(body, path, strange)


def _paths(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*above, key)
        yield from _paths(part, (*above, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _replaced(value: Any, path: tuple[Any, ...], strange: Any) -> Any:
    copy = json.loads(json.dumps(value))
    _at(copy, path[:-1])[path[-1]] = strange
    return copy


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
