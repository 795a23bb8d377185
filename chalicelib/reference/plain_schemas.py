"""Schemas in the part of JSON Schema that generators of clients and forms read alike; what they allow stays the same.

plain(schema, names)   types stated, one choice by its discriminator, lists instead of tuples, patterns of ECMA 262 without look-ahead
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from chalicelib.shared.text_forms import ecma

SCHEMAS: Final = "#/components/schemas/"
_TYPES: Final = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
_VALUES: Final = ("default", "example", "examples", "const", "enum", "required")
_BY_NAME: Final = ("properties", "$defs")


def plain(schema: Any, names: Mapping[str, str]) -> Any:
    """The schema anew, with all that is in it, what it refers to under its name of `names`. Values that stand in it stay as they are."""
    if isinstance(schema, str):
        return _renamed(schema, names)
    if isinstance(schema, list):
        return [plain(each, names) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _inside(name, value, names) for name, value in schema.items()}
    for rule in (_text, _typed, _list, _open_object, _choice):
        inner = rule(inner)
    return inner


def _inside(name: str, value: Any, names: Mapping[str, str]) -> Any:
    if name in _BY_NAME:
        return {field: plain(schema, names) for field, schema in value.items()}
    return value if name in _VALUES else plain(value, names)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    name = text.removeprefix(SCHEMAS)
    return f"{SCHEMAS}{names[name]}" if text.startswith(SCHEMAS) else text


def _text(schema: dict[str, Any]) -> dict[str, Any]:
    if "pattern" in schema:
        schema["pattern"] = ecma(schema["pattern"])
    if "description" in schema:
        schema["description"] = inspect.cleandoc(schema["description"])
    return schema


def _typed(schema: dict[str, Any]) -> dict[str, Any]:
    """A constant and an enumeration say what type their values have."""
    values = [schema["const"]] if "const" in schema else schema.get("enum", [])
    if not values or "type" in schema:
        return schema
    kinds = sorted({_TYPES[type(value)] for value in values})
    return {"type": kinds[0] if len(kinds) == 1 else kinds, **schema}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    """A tuple is a list of as many; what stands at which place its description says."""
    if (places := schema.pop("prefixItems", None)) is None:
        return schema
    kinds = _each_once(places)
    widest = [kind for kind in kinds if all(kind == {"type": other.get("type")} for other in kinds)]
    return {**schema, "items": (widest or kinds)[0] if widest or len(kinds) == 1 else {"anyOf": kinds}}


def _open_object(schema: dict[str, Any]) -> dict[str, Any]:
    """An object that names no field holds any."""
    if schema.get("type") == "object" and not {"properties", "additionalProperties"} & set(schema):
        return {**schema, "additionalProperties": True}
    return schema


def _choice(schema: dict[str, Any]) -> dict[str, Any]:
    """Where a field tells kinds apart it is one of them; several enumerations are one."""
    if (choices := schema.get("anyOf")) is None:
        return schema
    rest = {name: each for name, each in schema.items() if name != "anyOf"}
    if "discriminator" in schema:
        return {"oneOf": choices, **rest}
    listed = [choice for choice in choices if set(choice) == {"type", "enum"}]
    if len(listed) < 2 or len({choice["type"] for choice in listed}) > 1:
        return schema
    merged = {"type": listed[0]["type"], "enum": sorted(value for choice in listed for value in choice["enum"])}
    others = [choice for choice in choices if choice not in listed]
    return {"anyOf": [merged, *others], **rest} if others else {**merged, **rest}


def _each_once(schemas: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return list({json.dumps(schema, sort_keys=True): schema for schema in schemas}.values())
