"""Whoever sends something is told of each field what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.api.api_requests import document


def test_every_field_that_can_be_sent_is_described() -> None:
    sent = document()["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name in sorted(_reached(_bodies()))
        for field, form in sent[name].get("properties", {}).items()
        if not form.get("description")
    ]
    assert bare == []


def test_every_query_parameter_is_described() -> None:
    bare = [
        f"{operation['operationId']}?{parameter['name']}"
        for operation in _operations()
        for parameter in operation["parameters"]
        if parameter.get("in") == "query" and not parameter.get("description")
    ]
    assert bare == []


def test_no_id_that_is_asked_for_may_be_an_empty_text() -> None:
    """An empty id is refused as a field, by name, and not by the store. One that may be left out as an empty text says so by its default, and the items
    of a feed, which have no bounds here, are refused one by one.
    """
    sent = document()["components"]["schemas"]
    fields = [
        (f"{name}.{field}", form)
        for name in sorted(_reached(_bodies()))
        for field, form in sent[name].get("properties", {}).items()
    ]
    queries = [
        (f"{operation['operationId']}?{parameter['name']}", parameter["schema"])
        for operation in _operations()
        for parameter in operation["parameters"]
        if parameter.get("in") == "query"
    ]
    assert [place for place, form in (*fields, *queries) if place.endswith("_id") and _may_be_empty(form)] == []


def _may_be_empty(form: dict[str, Any]) -> bool:
    if form.get("default") == "":
        return False
    texts = [each for each in (form, *form.get("anyOf", [])) if each.get("type") == "string" and "maxLength" in each]
    return any(not each.keys() & {"minLength", "pattern"} for each in texts)


def _operations() -> Iterator[dict[str, Any]]:
    return (operation for methods in document()["paths"].values() for operation in methods.values())


def _bodies() -> Iterator[Any]:
    return (operation["requestBody"]["content"] for operation in _operations() if "requestBody" in operation)


def _reached(forms: Iterator[Any]) -> set[str]:
    """The named schemas that these are made of, and theirs."""
    found: set[str] = set()
    waiting = [name for form in forms for name in _named_in(form)]
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += _named_in(document()["components"]["schemas"][name])
    return found


def _named_in(form: Any) -> list[str]:
    if isinstance(form, list):
        return [name for part in form for name in _named_in(part)]
    if not isinstance(form, dict):
        return []
    own = [form["$ref"].rpartition("/")[2]] if "/schemas/" in str(form.get("$ref", "")) else []
    return own + [name for part in form.values() for name in _named_in(part)]
