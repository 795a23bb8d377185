"""The API as a Postman collection (v2.1), which Bruno and Insomnia read too: made from the document, nothing is written a second time.

collection(document)   a folder for each group, a request for each operation with its example, a token for each role, a new key each time
"""

from __future__ import annotations

import json
from typing import Any, Final

from chalicelib.reference.reading import parameters

SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
BASE_URL: Final = "baseUrl"
KEY: Final = "Idempotency-Key"
NEW_KEY: Final = "{{$guid}}"
TOKENS: Final = "/v1/sandbox/tokens"
IDENTITIES: Final[dict[str, dict[str, Any]]] = {
    "officer": {"role": "officer", "sub": "me", "duties": ["admin"]},
    "member": {"role": "member", "sub": "{{memberId}}"},
    "bank": {"role": "bank", "sub": "boc"},
    "agency": {"role": "agency", "sub": "kotra"},
}
"""Whom the sandbox signs a token for, by role; each token is kept in the variable of that name."""
ABOUT: Final = (
    "Where the stage is a sandbox, send the requests of “Begin here” first: each keeps a token in the variable of its role. "
    "Elsewhere set those variables to tokens of your identity provider. A POST gets a new Idempotency-Key each time it is sent; "
    "write one down where a request is to stay the same."
)


def collection(document: dict[str, Any]) -> dict[str, Any]:
    begin = (
        [{"name": "Begin here: tokens of the sandbox", "item": [*map(_token, IDENTITIES)]}]
        if _is_sandbox(document)
        else []
    )
    return {
        "info": {
            "name": document["info"]["title"],
            "description": f"{document['info']['summary']}\n\n{ABOUT}",
            "version": document["info"]["version"],
            "schema": SCHEMA,
        },
        "variable": [
            {"key": BASE_URL, "value": document["servers"][0]["url"].rstrip("/")},
            {"key": "memberId", "value": ""},
            *({"key": role, "value": ""} for role in IDENTITIES),
        ],
        "item": [
            *begin,
            *({"name": tag["name"], "item": _requests(tag["name"], document)} for tag in document["tags"]),
        ],
    }


def _is_sandbox(document: dict[str, Any]) -> bool:
    return TOKENS in document["paths"]


def _token(role: str) -> dict[str, Any]:
    """A request for a token, and the script that keeps it."""
    kept = f'pm.collectionVariables.set("{role}", pm.response.json().token);'
    request = {
        "method": "POST",
        "auth": {"type": "noauth"},
        "header": [{"key": "Content-Type", "value": "application/json"}],
        "url": _url(TOKENS, []),
        "body": _body(IDENTITIES[role]),
    }
    return {
        "name": f"As {role}",
        "event": [{"listen": "test", "script": {"type": "text/javascript", "exec": [kept]}}],
        "request": request,
        "response": [],
    }


def _requests(group: str, document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        _request(method, path, operation, document)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if group in operation["tags"]
    ]


def _request(method: str, path: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    named = list(parameters(operation, document))
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    request = {
        "method": method.upper(),
        "auth": _auth(operation),
        "header": [*_headers(named), *([{"key": "Content-Type", "value": "application/json"}] if body else [])],
        "url": _url(path, named),
        "description": f"{operation['summary']}\n\n{operation['description']}",
    }
    if body:
        request["body"] = _body(next(iter(body["examples"].values()))["value"])
    return {"name": f"{method.upper()} {path}", "request": request, "response": []}


def _auth(operation: dict[str, Any]) -> dict[str, Any]:
    """The token of the first role it is open to: a member's before an officer's, since most of it is for members."""
    roles = operation.get("x-roles", ())
    role = next((role for role in ("member", "officer", *roles) if role in roles), None)
    if role is None:
        return {"type": "noauth"}
    return {"type": "bearer", "bearer": [{"key": "token", "value": f"{{{{{role}}}}}", "type": "string"}]}


def _headers(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What must be said; what may be said is there, switched off."""
    return [
        {
            "key": parameter["name"],
            "value": NEW_KEY if parameter["name"] == KEY else str(parameter.get("example", "")),
            "description": parameter.get("description", ""),
            **({} if parameter["required"] else {"disabled": True}),
        }
        for parameter in parameters
        if parameter["in"] == "header"
    ]


def _url(path: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    parts = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    query = [
        {
            "key": parameter["name"],
            "value": str(parameter.get("example", parameter["schema"].get("default", ""))),
            "description": parameter.get("description", ""),
            **({} if parameter["required"] else {"disabled": True}),
        }
        for parameter in parameters
        if parameter["in"] == "query"
    ]
    return {
        "raw": f"{{{{{BASE_URL}}}}}/{'/'.join(parts)}",
        "host": [f"{{{{{BASE_URL}}}}}"],
        "path": parts,
        "query": query,
        "variable": [
            {"key": parameter["name"], "value": str(parameter["example"])}
            for parameter in parameters
            if parameter["in"] == "path"
        ],
    }


def _body(value: Any) -> dict[str, Any]:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return {"mode": "raw", "raw": text, "options": {"raw": {"language": "json"}}}
