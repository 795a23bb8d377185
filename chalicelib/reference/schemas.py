"""JSON Schemas of the structs that endpoints take and give, as msgspec states them, with the words written beside their fields."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Final, get_origin

import msgspec
from msgspec.inspect import DateTimeType, Metadata, StructType, UnionType, multi_type_info

from chalicelib.reference import form_names
from chalicelib.reference.plain_schemas import plain
from chalicelib.shared.texts import Text

REFERENCE: Final = "#/components/schemas/{name}"


def components(forms: Iterable[Any]) -> tuple[dict[Any, dict[str, Any]], dict[str, Any]]:
    """For each form its schema (a reference where it is a struct), and the named schemas all of them need."""
    distinct = list(dict.fromkeys(forms))
    inner = list(structs(multi_type_info(distinct)))
    schemas, named = msgspec.json.schema_components(
        [*distinct, *(struct.cls for struct in inner)], ref_template=REFERENCE, schema_hook=of_sentences
    )
    first_names = {struct.cls: _name_in(schemas[len(distinct) + place]) for place, struct in enumerate(inner)}
    for struct in inner:
        _describe(named[first_names[struct.cls]], struct)
    names = {first_names[form]: name for form, name in form_names.of(first_names).items()}
    called = {names[name]: plain({**schema, "title": names[name]}, names) for name, schema in named.items()}
    return {form: plain(schema, names) for form, schema in zip(distinct, schemas, strict=False)}, called


def of_sentences(form: type) -> dict[str, Any]:
    """A sentence is sent as text, in the language of who reads it."""
    if form is Text:
        return {"type": "string"}
    raise NotImplementedError(f"{form.__name__} has no schema")


def resolve(schema: dict[str, Any], named: dict[str, Any]) -> dict[str, Any]:
    """The schema itself where it is a reference to a named one."""
    resolved: dict[str, Any] = named[_name_in(schema)] if "$ref" in schema else schema
    return resolved


def _name_in(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is there or not; it is never null."""
    given = {name: value for name, value in schema.items() if not (name == "default" and value is None)}
    if "anyOf" not in given:
        return given
    left = [choice for choice in given.pop("anyOf") if choice != {"type": "null"}]
    return {**left[0], **given} if len(left) == 1 else {**given, "anyOf": left}


def field_notes(form: type) -> dict[str, str]:
    """What the docstrings below a struct's fields say, by field, those of its bases included.

    Read from the source, which is shipped with the code; where there is none, fields have no words.
    """
    notes: dict[str, str] = {}
    for ancestor in reversed(form.__mro__):
        if ancestor is not msgspec.Struct and issubclass(ancestor, msgspec.Struct):
            notes.update(_notes_of(ancestor))
    return notes


def _notes_of(form: type) -> dict[str, str]:
    return _notes_in(form.__module__).get(form.__qualname__, {})


@cache
def _notes_in(module: str) -> dict[str, dict[str, str]]:
    """Those of every class of a module, by its qualified name: a module is read once, however many forms stand in it."""
    try:
        statements = ast.parse(inspect.getsource(sys.modules[module])).body
    except (KeyError, OSError, TypeError):
        return {}
    return {name: dict(_notes_below(body)) for name, body in _classes(statements)}


def _classes(statements: list[ast.stmt], within: str = "") -> Iterator[tuple[str, list[ast.stmt]]]:
    for statement in statements:
        if isinstance(statement, ast.ClassDef):
            yield f"{within}{statement.name}", statement.body
            yield from _classes(statement.body, f"{within}{statement.name}.")


def _notes_below(statements: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, note in pairwise(statements):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(note, ast.Expr)
            and isinstance(note.value, ast.Constant)
            and isinstance(note.value.value, str)
        ):
            yield field.target.id, inspect.cleandoc(note.value.value)


def _describe(schema: dict[str, Any], struct: StructType) -> None:
    notes = field_notes(get_origin(struct.cls) or struct.cls)
    for field in struct.fields:
        property_schema = schema["properties"][field.encode_name]
        if words := " ".join(filter(None, (notes.get(field.name), _range_in_words(field.type)))):
            property_schema["description"] = words
        if _is_instant(field.type):
            _as_instant(property_schema)
    if struct.tag_field is not None:
        schema["properties"][struct.tag_field]["description"] = "Which of the forms this is."


def _range_in_words(form: Any) -> str:
    """Where a date of a request may lie."""
    if isinstance(form, Metadata):
        return form.extra["range"].words if form.extra and "range" in form.extra else _range_in_words(form.type)
    return "".join(_range_in_words(choice) for choice in form.types) if isinstance(form, UnionType) else ""


def _is_instant(form: Any) -> bool:
    if isinstance(form, Metadata):
        return _is_instant(form.type)
    if isinstance(form, UnionType):
        return any(_is_instant(choice) for choice in form.types)
    return isinstance(form, DateTimeType)


def _as_instant(schema: dict[str, Any]) -> None:
    """msgspec states no format for a datetime that may be naive; on this wire it is always an instant."""
    for choice in schema.get("anyOf", [schema]):
        if choice.get("type") == "string":
            choice["format"] = "date-time"


def structs(forms: Iterable[Any]) -> Iterator[StructType]:
    """Every struct among these forms and inside them, each once."""
    seen: set[Any] = set()
    waiting = list(forms)
    while waiting:
        form = waiting.pop(0)
        if isinstance(form, StructType):
            if form.cls in seen:
                continue
            seen.add(form.cls)
            yield form
        waiting += inside(form)


def inside(form: Any) -> list[Any]:
    """The forms a form is made of."""
    if isinstance(form, StructType):
        return [field.type for field in form.fields]
    names = ("type", "item_type", "key_type", "value_type")
    inner = [getattr(form, name) for name in names if hasattr(form, name)]
    inner += [part for name in ("types", "item_types") for part in getattr(form, name, ())]
    return [part for part in inner if isinstance(part, msgspec.inspect.Type)]
