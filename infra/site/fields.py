"""The fields of a request or an answer as nested lists, from its JSON Schema: each with its form, its bounds and its words, and a name to link to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any, Final, NamedTuple

from infra.site import html

Schema = dict[str, Any]
_BOUNDS: Final = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "more than {}"),
    ("maximum", "at most {}"),
    ("minLength", "length at least {}"),
    ("maxLength", "length at most {}"),
    ("minItems", "{} or more"),
    ("maxItems", "{} or fewer"),
    ("pattern", "like {}"),
    ("default", "{} if not given"),
)
_ID: Final = re.compile(r"\^([a-z]{2,5}_)\[0-9A-HJKMNP-TV-Z\]\{26\}")


class Path(NamedTuple):
    """A field by the names that lead to it (`lines.price.amount`), its words, and the name to link to."""

    path: str
    words: str
    name: str


MOST_VALUES: Final = 60
"""Of an enumeration; a longer one is a standard's, and named by its words."""


class Fields:
    """Writes schemas of one document. `links`: whether each field gets a name to link to."""

    def __init__(self, schemas: dict[str, Schema], *, links: bool = True) -> None:
        self._schemas, self._links = schemas, links

    def listed(self, schema: Schema, name: str) -> str:
        """The fields of an object, or what a value is that is none."""
        inner = self._objects(schema, name, ())
        return inner or f"<p>{self.form(schema)}</p>"

    def paths(self, schema: Schema, name: str) -> Iterator[Path]:
        """Every field there is below `name`."""
        yield from self._paths(schema, "", name, ())

    def form(self, schema: Schema) -> str:
        """What a value is, in a few words."""
        if "$ref" in schema:
            return self.form({**self._resolved(schema), **{k: v for k, v in schema.items() if k != "$ref"}})
        if choices := schema.get("anyOf", schema.get("oneOf")):
            return " or ".join(dict.fromkeys(self.form(choice) for choice in choices)) + _bounds(schema)
        if "enum" in schema or "const" in schema:
            return _values(schema.get("enum", [schema.get("const")])) + _bounds(schema)
        if schema.get("type") == "array":
            return f"list{self._of(schema.get('items'))}{_bounds(schema)}"
        if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
            return f"object by name{self._of(schema['additionalProperties'])}"
        if match := _ID.match(schema.get("pattern", "")):
            return f"id, <code>{match[1]}…</code>"
        return escape(str(schema.get("format") or schema.get("type") or "any value")) + _bounds(schema)

    def _of(self, inner: Any) -> str:
        return f" of {self.form(inner)}" if isinstance(inner, dict) and inner else ""

    def _objects(self, schema: Schema, name: str, above: tuple[str, ...]) -> str:
        """The lists of fields of all objects a value may be."""
        objects = [
            (choice, self._list(inner, f"{name}{choice and '.' + choice}", names))
            for choice, inner, names in self._choices(schema, above)
        ]
        return "".join(f"{_either(choice)}{each}" for choice, each in objects)

    def _list(self, schema: Schema, name: str, above: tuple[str, ...]) -> str:
        required = schema.get("required", ())
        rows = (
            self._row(field, inner, f"{name}.{field}", above, is_required=field in required)
            for field, inner in schema["properties"].items()
        )
        return html.fields(rows)

    def _row(self, field: str, schema: Schema, name: str, above: tuple[str, ...], *, is_required: bool) -> str:
        return html.field(
            field,
            self.form(schema),
            schema.get("description", ""),
            name=name if self._links else "",
            is_required=is_required and self._links,
            inner=self._objects(schema, name, above),
        )

    def _paths(self, schema: Schema, path: str, name: str, above: tuple[str, ...]) -> Iterator[Path]:
        for choice, inner, names in self._choices(schema, above):
            for field, schema_of_field in inner["properties"].items():
                inner_path = f"{path}.{field}".lstrip(".")
                inner_name = f"{name}{choice and '.' + choice}.{field}"
                yield Path(inner_path, schema_of_field.get("description", ""), inner_name)
                yield from self._paths(schema_of_field, inner_path, inner_name, names)

    def _choices(self, schema: Schema, above: tuple[str, ...]) -> Iterator[tuple[str, Schema, tuple[str, ...]]]:
        """The objects a value may be, each by what tells it from the others; by nothing where there is one."""
        objects = list(self._inner_objects(schema, above))
        for number, (inner, names) in enumerate(objects, 1):
            yield _told_by(inner) or str(number) if len(objects) > 1 else "", inner, names

    def _inner_objects(self, schema: Schema, above: tuple[str, ...]) -> Iterator[tuple[Schema, tuple[str, ...]]]:
        """The objects with fields that a value is or holds; one that holds itself is not opened again."""
        if "$ref" in schema:
            reference = schema["$ref"]
            if reference not in above:
                yield from self._inner_objects(self._resolved(schema), (*above, reference))
            return
        if schema.get("properties"):
            yield schema, above
        for inner in (
            *schema.get("anyOf", ()),
            *schema.get("oneOf", ()),
            schema.get("items"),
            schema.get("additionalProperties"),
        ):
            if isinstance(inner, dict):
                yield from self._inner_objects(inner, above)

    def _resolved(self, schema: Schema) -> Schema:
        return self._schemas[schema["$ref"].rpartition("/")[2]]


def _told_by(schema: Schema) -> str:
    """The constant of a field that says which of several objects this is."""
    constants = (_fixed(field) for field in schema["properties"].values() if _is_fixed(field))
    return next((str(constant) for constant in constants), "")


def _is_fixed(field: Schema) -> bool:
    return "const" in field or len(field.get("enum", ())) == 1


def _fixed(field: Schema) -> Any:
    return field["const"] if "const" in field else field["enum"][0]


def _either(choice: str) -> str:
    return f'<p class="faint">either <code>{escape(choice)}</code></p>' if choice else ""


def _values(values: list[Any]) -> str:
    shown = " | ".join(f"<code>{escape(_plain(value))}</code>" for value in values[:MOST_VALUES])
    return f"{shown} and {len(values) - MOST_VALUES} more" if len(values) > MOST_VALUES else shown


def _bounds(schema: Schema) -> str:
    bounds = [
        words.format(f"<code>{escape(_plain(schema[name]))}</code>")
        for name, words in _BOUNDS
        if schema.get(name) not in (None, "", [])
    ]
    return f" ({', '.join(bounds)})" if bounds else ""


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
