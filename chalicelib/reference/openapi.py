"""The OpenAPI 3.1 document, made from the endpoints as they are declared: nothing in it is written a second time.

document(endpoints)   the endpoints of every slice, in the order of `app.py`
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from chalicelib.bank_events import catalogue
from chalicelib.reference import VERSION, examples, problems, schemas
from chalicelib.reference.conventions import CONVENTIONS, SUMMARY
from chalicelib.reference.plain_schemas import plain
from chalicelib.reference.problems import Problem
from chalicelib.shared import csv_files
from chalicelib.shared.http import Endpoint, needs_body
from chalicelib.shared.money import Money
from chalicelib.shared.settings import settings

ACCEPTED: Final = 202
AS_A_FILE: Final = {
    "schema": {
        "type": "string",
        "description": 'The same page for `Accept: text/csv`, with a header row; where the list goes on, `Link` says with rel="next".',
    }
}
"""An endpoint that takes events in answers so, and 200 to one it has already."""
_IDS: Final = re.compile(r"\{(\w+)\}")
ID_SCHEMA: Final = {"type": "string", "minLength": 1, "maxLength": 128, "pattern": r"^[!-~]+$"}

PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "Names this request: sent again with the same key and body, it is answered as the first time. "
        "Make a new one for each new request, a UUID for instance.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    },
    "Surety-Acting-For": {
        "name": "Surety-Acting-For",
        "in": "header",
        "required": False,
        "description": "With a token that has the duty `act`: the id of the member whose request this is. See Acting for a member.",
        "schema": {"type": "string", "pattern": "^mem_[0-9A-HJKMNP-TV-Z]{26}$"},
        "example": "mem_01KJP3ZQ4GT5H2W8N6VXRD0BCE",
    },
    "Surety-Acting-Person": {
        "name": "Surety-Acting-Person",
        "in": "header",
        "required": False,
        "description": "The id of the person who acts for the firm, where that takes a signer with a power. See Signers of a firm.",
        "schema": {"type": "string", "pattern": "^per_[0-9A-HJKMNP-TV-Z]{26}$"},
        "example": "per_01KJP3ZQ4GT5H2W8N6VXRD0BCE",
    },
    "If-Match": {
        "name": "If-Match",
        "in": "header",
        "required": False,
        "description": 'Act only on this version of the thing, in quotes (`"3"`) or without. `*` and no header mean any.',
        "schema": {"type": "string", "pattern": r'^(\*|"?[0-9]{1,18}"?)$'},
        "example": '"3"',
    },
    "X-Request-Id": {
        "name": "X-Request-Id",
        "in": "header",
        "required": False,
        "description": "Your name for this request, if it is made of letters, digits and `._:-`; else one is made.",
        "schema": {"type": "string"},
        "example": "checkout-20260302-1",
    },
}
HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-Id": {"description": "Names this request in our logs and journal.", "schema": {"type": "string"}},
    "ETag": {"description": "The thing's version, in quotes.", "schema": {"type": "string"}},
    "Idempotent-Replayed": {
        "description": "`true` where this request had been served before and this is its first answer; `expired` where that "
        "answer is no longer kept and this is the present state.",
        "schema": {"type": "string", "enum": ["true", "expired"]},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
}


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """The whole document, in plain values. The same endpoints always give the same document."""
    forms = [form for endpoint in endpoints for form in _forms(endpoint)]
    by_form, named = schemas.components([*forms, Problem])
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, by_form, named)
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": _info(),
        "servers": [{"url": settings().base_url or "/"}],
        "security": [{"bearer": []}],
        "tags": [{"name": group} for group in dict.fromkeys(endpoint.group for endpoint in endpoints)],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "parameters": PARAMETERS,
            "headers": HEADERS,
            "responses": problems.shared(),
            "examples": {f"problem.{error.code}": problems.example(error) for error in problems.every()},
            "schemas": {},
        },
    }
    whole["components"]["schemas"] = _needed(whole, named)
    whole["x-bank-events"] = [
        {**event, "data": plain(event["data"], {})} for event in msgspec.to_builtins(catalogue.types())
    ]
    return whole


def _info() -> dict[str, Any]:
    rules = "\n".join(f"- **{topic}**: {rule}" for topic, rule in CONVENTIONS)
    return {
        "title": "Surety",
        "version": VERSION,
        "summary": SUMMARY.split(":")[0],
        "description": f"{SUMMARY}\n\n{rules}",
    }


def _forms(endpoint: Endpoint) -> Iterable[Any]:
    return (form for form in (endpoint.request, endpoint.query, endpoint.response) if form not in (None, str, bytes))


def _operation(endpoint: Endpoint, by_form: dict[Any, Any], named: dict[str, Any]) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(endpoint.view) or endpoint.name).partition("\n")
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "tags": [endpoint.group],
        "summary": summary,
        "description": f"{description.strip()}\n\n{_who(endpoint)}".strip(),
        "parameters": [*_ids(endpoint), *_query(endpoint, by_form, named), *_headers(endpoint)],
    }
    if endpoint.public:
        operation["security"] = []
    else:
        operation["x-roles"] = sorted(endpoint.by.roles)
        if endpoint.by.duties:
            operation["x-duties"] = sorted(endpoint.by.duties)
    if endpoint.request is not None:
        operation["requestBody"] = _body(endpoint, by_form, named)
    success = _success(endpoint, by_form, named)
    operation["responses"] = {str(endpoint.status): success, **_refusals(endpoint, by_form, named)}
    if endpoint.status == ACCEPTED:
        operation["responses"]["200"] = {**success, "description": "Known already: nothing happens again."}
    return operation


def _who(endpoint: Endpoint) -> str:
    return "Public: no token." if endpoint.public else f"Open to: {', '.join(endpoint.by.in_words())}."


def _ids(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": ID_SCHEMA,
            "example": examples.in_path(name),
        }
        for name in _IDS.findall(endpoint.path)
    ]


def _query(endpoint: Endpoint, by_form: dict[Any, Any], named: dict[str, Any]) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    form = schemas.resolve(by_form[endpoint.query], named)
    return [
        _query_parameter(name, schemas.without_null(inner), required=name in form.get("required", ()))
        for name, inner in form["properties"].items()
    ]


def _query_parameter(name: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    description = schema.pop("description", None)
    parameter = {"name": name, "in": "query", "required": required, "schema": schema}
    if required:
        parameter["example"] = examples.example(schema, {}, name=name)
    return {**parameter, "description": description} if description else parameter


def _headers(endpoint: Endpoint) -> list[dict[str, Any]]:
    usual = [*(["Surety-Acting-For", "Surety-Acting-Person"] if "member" in endpoint.by.roles else []), "X-Request-Id"]
    if endpoint.keyed:
        usual.insert(0, "Idempotency-Key")
        if "{" in endpoint.path:
            usual.insert(1, "If-Match")
    own = [{"name": name, "in": "header", "required": True, "schema": {"type": "string"}} for name in endpoint.headers]
    return [*own, *({"$ref": f"#/components/parameters/{name}"} for name in usual)]


def _body(endpoint: Endpoint, by_form: dict[Any, Any], named: dict[str, Any]) -> dict[str, Any]:
    schema = by_form[endpoint.request]
    given = {name: {"value": value} for name, value in (endpoint.examples or {}).items()}
    least = examples.example(schema, named, all_fields=False)
    return {
        "required": needs_body(endpoint.request),
        "content": {"application/json": {"schema": schema, "examples": given or {"example": {"value": least}}}},
    }


def _success(endpoint: Endpoint, by_form: dict[Any, Any], named: dict[str, Any]) -> dict[str, Any]:
    schema = by_form.get(endpoint.response, {"type": "string"})
    headers = ["X-Request-Id", *(["Idempotent-Replayed"] if endpoint.keyed else [])]
    content: dict[str, Any] = {"schema": schema}
    if endpoint.media.endswith("json") and schema != {"type": "string"}:
        content["example"] = examples.example(schema, named)
        if "version" in schemas.resolve(schema, named).get("properties", {}):
            headers.append("ETag")
    return {
        "description": f"{schemas.resolve(schema, named).get('description', 'The answer.')}",
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {endpoint.media: content, **({csv_files.MEDIA: AS_A_FILE} if endpoint.item is not None else {})},
    }


def _refusals(endpoint: Endpoint, by_form: dict[Any, Any], named: dict[str, Any]) -> dict[str, Any]:
    with_money = endpoint.request is not None and Money.__name__ in _reached([by_form[endpoint.request]], named)
    responses = {
        str(code): problems.response(code, refusals)
        for code, refusals in problems.refusals_of(endpoint, with_money=with_money).items()
    }
    return responses | ({"404": problems.missing(endpoint.missing)} if endpoint.missing else {})


def _needed(schema: Any, named: dict[str, Any]) -> dict[str, Any]:
    """The named schemas the document refers to, by name; a query's own form is told as parameters and not needed."""
    return {name: named[name] for name in sorted(_reached([schema], named))}


def _reached(values: list[Any], named: dict[str, Any]) -> set[str]:
    names: set[str] = set()
    waiting = list(values)
    while waiting:
        for name in re.findall(rb'"#/components/schemas/([^"]+)"', msgspec.json.encode(waiting.pop())):
            if name.decode() not in names:
                names.add(name.decode())
                waiting.append(named[name.decode()])
    return names
