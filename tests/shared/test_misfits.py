"""What does not fit is told in our words, whatever it is that does not fit: never in those of the parser."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta

from chalicelib.shared.errors import DomainError
from chalicelib.shared.http.misfits import bad_field
from chalicelib.shared.http.requests import read_json
from chalicelib.shared.texts import in_language


class Shop(msgspec.Struct, tag_field="kind", tag="shop", forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=5)]


class Firm(msgspec.Struct, tag_field="kind", tag="firm", forbid_unknown_fields=True):
    people: list[str]


class Sent(msgspec.Struct, forbid_unknown_fields=True):
    text: str = ""
    short: Annotated[str, Meta(max_length=3)] = ""
    full: Annotated[str, Meta(min_length=1)] = "x"
    code: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "USD"
    count: int = 0
    part: float = 0.0
    few: Annotated[int, Meta(ge=1, le=100)] = 1
    many: Annotated[int, Meta(gt=0)] = 1
    less: Annotated[int, Meta(lt=9)] = 1
    yes: bool = True
    side: Literal["buyer", "supplier"] = "buyer"
    day: date | None = None
    at: Annotated[datetime, Meta(tz=True)] | None = None
    parts: Annotated[list[int], Meta(max_length=2)] = []
    words: Annotated[list[str], Meta(min_length=1)] | None = None
    named: dict[str, int] = {}
    keyed: dict[Literal["a"], int] = {}
    small: Annotated[dict[str, int], Meta(max_length=1)] = {}
    who: Shop | Firm | None = None
    either: int | str = 0
    shops: list[Shop] = []
    several: tuple[Shop, ...] = ()
    pair: tuple[int, str] | None = None


KINDS: list[tuple[dict[str, Any], str, str]] = [
    ({"text": 5}, "text", "text must be a text; what came is the number 5."),
    ({"short": "four"}, "short", "short must be a text of 0 to 3 characters; what came is a text of 4 characters."),
    ({"full": ""}, "full", "full must be a text that is not empty; what came is an empty text."),
    ({"code": "u"}, "code", "code must be 3 capital letters, such as USD; what came is a text of 1 character."),
    ({"count": "5"}, "count", "count must be a whole number; what came is a text of 1 character."),
    ({"part": None}, "part", "part must be a number; what came is null."),
    ({"few": 101}, "few", "few must be a whole number from 1 to 100; what came is the number 101."),
    ({"many": 0}, "many", "many must be a whole number of at least 1; what came is the number 0."),
    ({"less": 9}, "less", "less must be a whole number of at most 8; what came is the number 9."),
    ({"yes": "no"}, "yes", "yes must be true or false; what came is a text of 2 characters."),
    ({"side": "bank"}, "side", "side must be one of buyer, supplier; what came is a text of 4 characters."),
    ({"day": "1 May"}, "day", "day must be a date such as 2026-03-02; what came is a text of 5 characters."),
    ({"day": True}, "day", "day must be a date such as 2026-03-02; what came is true."),
    (
        {"at": "2026-03-02T02:15:00"},
        "at",
        "at must be an instant with its offset, such as 2026-03-02T02:15:00Z; what came is a text of 19 characters.",
    ),
    ({"parts": [1, 2, 3]}, "parts", "parts must be a list of 0 to 2; what came is a list of 3."),
    ({"parts": [1, "2"]}, "parts[1]", "parts[1] must be a whole number; what came is a text of 1 character."),
    ({"words": []}, "words", "words must be a list that is not empty; what came is a list of 0."),
    ({"words": {}}, "words", "words must be a list that is not empty; what came is an object of 0."),
    ({"named": {"x": "y"}}, "named[...]", "A value in named[...] is not what it must be: a whole number."),
    ({"small": {"a": 1, "b": 2}}, "small", "small must be an object of 0 to 1 names; what came is an object of 2."),
    ({"keyed": {"b": 1}}, "keyed", "A name in keyed is not what it must be: one of a."),
    (
        {"who": {"kind": "ghost"}},
        "who.kind",
        "who.kind must be one of firm, shop; what came is a text of 5 characters.",
    ),
    ({"who": {"name": "x"}}, "who.kind", "The field who.kind is missing."),
    (
        {"who": {"kind": "shop", "name": "abcdef"}},
        "who.name",
        "who.name must be a text of 1 to 5 characters; what came is a text of 6 characters.",
    ),
    (
        {"who": {"kind": "firm", "people": [1]}},
        "who.people[0]",
        "who.people[0] must be a text; what came is the number 1.",
    ),
    ({"who": []}, "who", "who must be an object; what came is a list of 0."),
    ({"either": []}, "either", "either must be a whole number or a text; what came is a list of 0."),
    ({"shops": [{"kind": "shop"}]}, "shops[0].name", "The field shops[0].name is missing."),
    ({"several": [None]}, "several[0]", "several[0] must be an object; what came is null."),
    ({"several": 1}, "several", "several must be a list; what came is the number 1."),
    ({"pair": [1]}, "pair", "pair must be a list of 2; what came is a list of 1."),
    ({"pair": [1, 2]}, "pair[1]", "pair[1] must be a text; what came is the number 2."),
    ({"ghost": 1}, "ghost", "There is no field ghost."),
    ({"who": {"kind": "shop", "name": "x", "ghost": 1}}, "who.ghost", "There is no field who.ghost."),
]


@pytest.mark.parametrize(("sent", "param", "detail"), KINDS, ids=[repr(sent) for sent, *_ in KINDS])
def test_a_field_that_does_not_fit_is_told_with_what_is_expected_and_what_came(
    sent: dict[str, Any], param: str, detail: str
) -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert(sent, Sent)
    error = bad_field(raised.value, sent, Sent)
    assert (error.param, error.detail) == (param, detail)
    for language in ("zh-Hans", "ko"):
        assert param in in_language(error.said, language) != detail


def test_a_body_that_is_none_of_what_is_expected_is_told_without_a_field() -> None:
    with pytest.raises(msgspec.ValidationError) as raised:
        msgspec.convert([], Sent)
    error = bad_field(raised.value, [], Sent)
    assert (error.param, error.detail) == (None, "What must be here is an object; what came is a list of 0.")


@pytest.mark.parametrize(
    ("raw", "detail"),
    [
        (b"", "The body is no JSON at line 1, column 1."),
        (b'{"count": 1,\n "text": }', "The body is no JSON at line 2, column 10."),
        (b'{"count": ' + b"9" * 5_000 + b"}", "A number in the body has too many digits."),
    ],
)
def test_what_is_no_json_is_told_by_its_place(raw: bytes, detail: str) -> None:
    with pytest.raises(DomainError) as raised:
        read_json(raw, Sent)
    assert raised.value.detail == detail
