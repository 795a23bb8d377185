"""Examples made from a schema: what an endpoint's own examples do not say is filled in with the words of the trade.

A value is taken from the schema's own `examples`, `const`, `enum` or `default`, else from what a field of that name holds here, else
from its type. A test checks every example in the document against its schema.
"""

from __future__ import annotations

import re
from typing import Any, Final

from chalicelib.reference.schemas import resolve
from chalicelib.shared.ids import KINDS

_ID: Final = "01KJP3ZQ4GT5H2W8N6VXRD0BCE"
_PREFIXES: Final = {kind.name: prefix for prefix, kind in KINDS.items()}
_WORDS: Final[dict[str, str]] = {
    "account": "TA-USD-01",
    "amount": "1500.00",
    "bank_id": "boc",
    "bank_ref": "R-778",
    "base_currency": "USD",
    "carrier": "DHL",
    "category": "electronics",
    "code": "not_found",
    "colour": "#0b3d91",
    "country": "DE",
    "cursor": "",
    "currency": "USD",
    "description": "Steel bottles, 0.5 l, brushed",
    "detail": "Nothing is called that.",
    "external_ref": "acme-1",
    "hash": "0f1e2d3c4b5a6978",
    "incoterm": "FOB",
    "job": "books-close",
    "kind": "order.proposed",
    "line": "1",
    "mailbox": "export@hanbit.example",
    "name": "ACME GmbH",
    "place": "Shanghai",
    "quantity": "100",
    "rate": "0.1389",
    "reason": "agreed by both sides",
    "reference": "BL-2026-0042",
    "remitter": "ACME GmbH",
    "role": "member",
    "status": "active",
    "sub": "mem_" + _ID,
    "token": "eyJhbGciOiJFUzI1NiIsImtpZCI6InRlc3QifQ.e30.c2ln",
    "tracking_number": "1Z999AA10123456784",
    "unit": "piece",
    "version": "2026.1",
    "zone": "Asia/Shanghai",
}
_IN_PATHS: Final = {
    "account": "subsidies",
    "acquirer_id": "alipay",
    "aggregate_id": f"ord_{_ID}",
    "bank_id": "boc",
    "book_id": "EX-2024-01",
    "disclosure_id": f"ent_{_ID}",
    "file": "main.js",
    "job": "books-close",
    "language": "ko",
    "membership_id": f"chm_{_ID}",
    "module": "lit.js",
    "name": "fx",
    "operation": "orders_accept",
    "page": "not_found",
    "period": "2026-03",
    "report": "orders",
    "seat": "2",
    "section": "errors",
    "shadow_id": f"run_{_ID}",
    "version": "1",
    "work_id": f"clm_{_ID}",
}
_FORMATS: Final = {"date": "2026-03-02", "date-time": "2026-03-02T02:15:00Z", "uri": "/v1/members", "byte": ""}
_DAYS: Final = {"from": "2026-02-01", "since": "2026-02-01"}
_DEEPEST: Final = 8


def example(schema: dict[str, Any], named: dict[str, Any], *, name: str = "", all_fields: bool = True) -> Any:
    """A value that fits. `all_fields` False leaves out what may be left out: the least a request must say."""
    return _compose(schema, named, name, all_fields, _DEEPEST)


def in_path(name: str) -> str:
    """What may stand in a path under this name."""
    return _IN_PATHS.get(name) or _named(name) or name


def _compose(schema: dict[str, Any], named: dict[str, Any], name: str, all_fields: bool, left: int) -> Any:
    schema = {**schema, **resolve(schema, named)} if "$ref" in schema else schema
    for stated in ("examples", "enum"):
        if schema.get(stated):
            return schema[stated][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema or "oneOf" in schema:
        return _compose(_first_choice(schema), named, name, all_fields, left)
    if "default" in schema and schema.get("type") != "object" and schema["default"] != "":
        return schema["default"]
    match schema.get("type"):
        case "object":
            return _object(schema, named, all_fields, left)
        case "array":
            return _array(schema, named, name, all_fields, left)
        case "integer" | "number":
            return max(schema.get("minimum", 1), schema.get("exclusiveMinimum", -1) + 1)
        case "boolean":
            return False
        case "string":
            return _text(schema, name)
        case "null":
            return None
    return {}


def _first_choice(schema: dict[str, Any]) -> dict[str, Any]:
    chosen: dict[str, Any] = next(
        choice for choice in schema.get("anyOf", schema.get("oneOf", ())) if choice != {"type": "null"}
    )
    return chosen


def _object(schema: dict[str, Any], named: dict[str, Any], all_fields: bool, left: int) -> dict[str, Any]:
    required = schema.get("required", ())
    if schema.get("minProperties") and isinstance(inner := schema.get("additionalProperties"), dict):
        return {"name": _compose(inner, named, "name", all_fields, left - 1)}
    return {
        field: _compose(inner, named, field, all_fields, left - 1)
        for field, inner in schema.get("properties", {}).items()
        if field in required or (all_fields and left > 0)
    }


def _array(schema: dict[str, Any], named: dict[str, Any], name: str, all_fields: bool, left: int) -> list[Any]:
    if isinstance(schema.get("items"), dict) and (left > 0 or schema.get("minItems")):
        item = _compose(schema["items"], named, _one_of(name), all_fields, left - 1)
        return [item] * max(schema.get("minItems", 1), 1)
    return []


def _one_of(names: str) -> str:
    """`currencies` has a currency."""
    return f"{names.removesuffix('ies')}y" if names.endswith("ies") else names.removesuffix("s")


def _text(schema: dict[str, Any], name: str) -> str:
    if schema.get("format") == "date" and name in _DAYS:
        return _DAYS[name]
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    likely = (_WORDS.get(name), _named(name), name.replace("_", " "), *_WORDS.values(), "2026-03", "08:00")
    return next((text for text in likely if text and fits(schema, text)), "")


def fits(schema: dict[str, Any], text: str) -> bool:
    return re.search(schema.get("pattern", ""), text) is not None and schema.get("minLength", 0) <= len(
        text
    ) <= schema.get("maxLength", 10_000)


def _named(name: str) -> str | None:
    if name == "id" or name.endswith("_id"):
        return f"{_PREFIXES.get(name.removesuffix('_id'), 'mem')}_{_ID}"
    if name.endswith("_currency"):
        return "USD"
    return None
