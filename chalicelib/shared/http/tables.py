"""Lists as files: a page as CSV for whoever accepts that rather than JSON. The header row follows from the item's view."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, get_args, get_origin
from urllib.parse import urlencode

import msgspec
from chalice.app import Response
from msgspec import inspect

from chalicelib.shared import csv_files
from chalicelib.shared.pages import Page

Column = tuple[str, ...]
"""Where a value stands in an item: a field, and a field in that."""
_JSON: Final = ("application/json", "*/*")


def item_of(response: Any) -> Any:
    """The view of a list's items; None where an answer is no list."""
    if get_origin(response) is Page:
        return get_args(response)[0]
    if not (isinstance(response, type) and issubclass(response, msgspec.Struct)):
        return None
    fields = {field.name: field.type for field in msgspec.structs.fields(response)}
    return get_args(fields["items"])[0] if {"items", "next_cursor"} <= fields.keys() else None


def is_accepted(accept: str) -> bool:
    """Whether CSV is rather wanted than JSON, by a header Accept."""
    wanted = dict(filter(None, map(_choice, accept.lower().split(","))))
    return wanted.get(csv_files.MEDIA, 0.0) > max((wanted.get(name, 0.0) for name in _JSON), default=0.0)


def answer(body: bytes, item: Any, path: str, query: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """A page that was encoded, as CSV. Where the list goes on, `Link` says with rel="next"."""
    page = json.loads(body)
    rows = [[_cell(_at(each, column)) for column in columns(item)] for each in page["items"]]
    sent: dict[str, str | list[str]] = {"Content-Type": f"{csv_files.MEDIA}; charset=utf-8", **headers}
    if page["next_cursor"]:
        following = urlencode({**query, "cursor": page["next_cursor"]})
        sent["Link"] = f'<{path}?{following}>; rel="next"'
    header = [".".join(column) for column in columns(item)]
    return Response(body=csv_files.written([header, *rows]).decode(), status_code=200, headers=sent)


@lru_cache
def columns(item: Any) -> list[Column]:
    """The columns of an item: each field of its view, and of a view in it each of that one's (`paid.amount`, `paid.currency`)."""
    return list(dict.fromkeys(_columns(inspect.type_info(item), (), frozenset())))


def _columns(form: inspect.Type, at: Column, above: frozenset[type]) -> Iterator[Column]:
    structs = [each for each in _alternatives(form) if isinstance(each, inspect.StructType) and each.cls not in above]
    if not structs:
        yield at
    for each in structs:
        for field in each.fields:
            yield from _columns(field.type, (*at, field.encode_name), above | {each.cls})


def _alternatives(form: inspect.Type) -> tuple[inspect.Type, ...]:
    if isinstance(form, inspect.Metadata):
        return _alternatives(form.type)
    return (
        tuple(inner for each in form.types for inner in _alternatives(each))
        if isinstance(form, inspect.UnionType)
        else (form,)
    )


def _at(item: Any, column: Column) -> Any:
    for name in column:
        item = item.get(name) if isinstance(item, dict) else None
    return item


def _cell(value: Any) -> str | int:
    """A list or a mapping stands in its cell as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    return value


def _choice(choice: str) -> tuple[str, float] | None:
    name, *parameters = (part.strip() for part in choice.split(";"))
    weight = next((each.removeprefix("q=") for each in parameters if each.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return None
