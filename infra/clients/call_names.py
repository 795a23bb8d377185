"""What calls are named in the clients: by their path, so that whoever knows one of path, Python and command line knows the others.

named(document)   `GET /v1/orders` is `orders.list`, `POST /v1/orders/{order_id}/accept-short-payment` `orders.accept_short_payment`
"""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

VERSION: Final = "v1"


class Call(NamedTuple):
    collection: str
    name: str
    method: str
    path: str
    operation: dict[str, Any]


class SameName(Exception):
    """Two calls of a collection would have one name."""


def named(document: dict[str, Any]) -> list[Call]:
    """Every call under `/v1`, those that give the document and its pages left out."""
    calls = list(_calls(document))
    seen: dict[tuple[str, str], Call] = {}
    for call in calls:
        if other := seen.get((call.collection, call.name)):
            raise SameName(f"{call.method} {call.path} and {other.method} {other.path}")
        seen[call.collection, call.name] = call
    return calls


def _calls(document: dict[str, Any]) -> Iterator[Call]:
    for path, operations in document["paths"].items():
        first, *parts = path.strip("/").split("/")
        if first != VERSION or "." in parts[0]:
            continue
        for method, operation in operations.items():
            words = [part.replace("-", "_").replace(".", "_") for part in parts[1:] if not part.startswith("{")]
            verb = (
                _verb(method, path, operation, document)
                if not words or _needs_a_verb(method, parts, operations)
                else ""
            )
            name = "_".join(filter(None, (verb, *words)))
            yield Call(
                parts[0].replace("-", "_"),
                f"{name}_" if keyword.iskeyword(name) else name,
                method.upper(),
                path,
                operation,
            )


def _needs_a_verb(method: str, parts: list[str], operations: dict[str, Any]) -> bool:
    """`GET …/documents/{id}` beside `POST …/documents`, and a POST where the same path is read."""
    return parts[-1].startswith("{") if method == "get" else "get" in operations


def _verb(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    parts = path.split("/")[3:]
    if method == "get":
        return "get" if parts or not _is_list(path, operation, document) else "list"
    if not parts:
        return "create"
    return "open" if len(parts) == 1 and parts[0].startswith("{") else "post"


def _is_list(path: str, operation: dict[str, Any], document: dict[str, Any]) -> bool:
    """One thing among several, or one thing that there is once, such as `health`."""
    schema = operation["responses"]["200"]["content"].get("application/json", {}).get("schema", {})
    form = document["components"]["schemas"].get(schema.get("$ref", "").rpartition("/")[2], schema)
    return "items" in form.get("properties", {}) or any(other.startswith(f"{path}/{{") for other in document["paths"])
