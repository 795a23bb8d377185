"""Whatever form a text must have is said in words, with an example that has it: nobody who fills in a form reads a regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from msgspec.inspect import StrType, multi_type_info

from chalicelib.bank_events.inbound import INBOUND
from chalicelib.console import service as console
from chalicelib.reference import problems, schemas, vocabulary
from chalicelib.shared.errors import DomainError
from chalicelib.shared.http.requests import read_json
from chalicelib.shared.languages import OFFERED
from chalicelib.shared.text_forms import ecma, in_words
from chalicelib.shared.texts import Text, in_language
from infra import catalogue
from tests.api.api_requests import endpoints


@cache
def _patterns() -> tuple[str, ...]:
    """Of every text that a request's body or query holds, or what a bank tells."""
    asked = [form for each in endpoints() for form in (each.request, each.query) if form is not None]
    told = [each.type.form for each in INBOUND.values()]
    found: list[Any] = list(multi_type_info([*dict.fromkeys([*asked, *told])]))
    fields = [field.type for struct in schemas.structs(found) for field in struct.fields]
    return tuple(sorted({form.pattern for form in _texts(fields) if form.pattern}))


def _texts(forms: list[Any]) -> Iterator[StrType]:
    for form in forms:
        if isinstance(form, StrType):
            yield form
        yield from _texts([inner for inner in schemas.inside(form) if not hasattr(inner, "fields")])


def test_there_are_as_many_forms_as_requests_have() -> None:
    assert len(_patterns()) > 40


@pytest.mark.parametrize("pattern", _patterns())
def test_a_form_is_said_in_every_language_and_shows_no_expression(pattern: str) -> None:
    words = in_words(pattern)
    said = [in_language(words, language) for language in OFFERED]
    assert all(said)
    assert len(set(said)) == len(said)
    assert not [each for each in said if ecma(pattern) in each or re.search(r"[\\^$`]|\]\{", each)]


@pytest.mark.parametrize("pattern", _patterns())
def test_its_example_has_the_form_and_is_as_long_as_is_said(pattern: str) -> None:
    values = dict(_values(in_words(pattern)))
    examples = values["values"].split(", ") if "values" in values else [values["example"]]
    assert [each for each in examples if not re.search(pattern, each)] == []
    least, most = (values.get(bound, values.get("n")) for bound in ("least", "most"))
    if most:
        filler = examples[0] * 300
        assert re.search(pattern, filler[:most])
        assert not re.search(pattern, filler[: most + 1])
    if least:
        assert re.search(pattern, filler[:least])
        assert least == 1 or not re.search(pattern, filler[: least - 1])


def _values(text: Text) -> Iterator[tuple[str, Any]]:
    for name, value in text.values.items():
        yield name, value
        if isinstance(value, Text):
            yield from _values(value)


def test_a_refusal_says_the_form_in_words() -> None:
    line = next(each for each in endpoints() if each.path == "/v1/members" and each.method == "POST")
    with pytest.raises(DomainError) as refused:
        read_json(b'{"external_ref": "shop-1", "country": "Germany"}', line.request)
    assert refused.value.detail == (
        "country must be 2 capital letters, such as DE; what came is a text of 7 characters."
    )


def test_a_form_of_the_console_says_so_beside_each_field_that_has_one() -> None:
    """Of all that officers open there: as many as there are patterns, and each in words."""
    told = [part for each in catalogue.opened_in_the_console() for part in _patterned(console.form(each.name))]
    assert len(told) > 50
    assert [part for part in told if not part["written_as"]] == []


def _patterned(form: Any) -> Iterator[dict[str, Any]]:
    waiting = [form.body, form.query, form.definitions]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict) and isinstance(part.get("pattern"), str):
            yield part
        waiting += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()


def test_a_name_in_a_refusal_is_one_that_people_have_a_word_for() -> None:
    """The console says it by that word: `maximum` is Maximum there."""
    known = {name for words in vocabulary.codes().values() for name in words}
    named = {
        (error.code, name)
        for error in problems.every()
        for text in (error.title, error.fix)
        for name in re.findall("`([a-z_0-9]+)`", text)
    }
    assert len(named) > 60
    assert sorted((code, name) for code, name in named if name not in known) == []
