"""Knocking on any endpoint, through the gateway that `make run` uses: what the tests of this folder have in common."""

from __future__ import annotations

import inspect
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import jsonschema
from jsonschema.validators import Draft202012Validator

import app
from chalicelib import slices
from chalicelib.reference import problems, service
from chalicelib.shared.http import Endpoint
from infra.local.gateway import Gateway
from tests import provoked
from tests.machine import machine
from tests.world import Reply, token

NOBODY_MEMBER: Final = "mem_0000000000000000000000000Z"
UNKNOWN_ID: Final = "xxx_99999999999999999999999999"
ROLES: Final = ("member", "bank", "agency", "officer")


def endpoints() -> list[Endpoint]:
    return [endpoint for routes in slices.every() for endpoint in routes.endpoints]


def name(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(service.document())
    return content


def operation(endpoint: Endpoint) -> dict[str, Any]:
    described: dict[str, Any] = document()["paths"][endpoint.path][endpoint.method.lower()]
    return described


def example_body(endpoint: Endpoint) -> dict[str, Any] | None:
    """A fresh copy of the first example the document gives for the endpoint's body."""
    if "requestBody" not in operation(endpoint):
        return None
    given = operation(endpoint)["requestBody"]["content"]["application/json"]["examples"]
    content: dict[str, Any] = json.loads(json.dumps(next(iter(given.values()))["value"]))
    return content


def example_query(endpoint: Endpoint) -> dict[str, str]:
    """What must be in the query, with a value that fits."""
    required = [told for told in operation(endpoint)["parameters"] if told.get("in") == "query" and told["required"]]
    return {told["name"]: str(told["example"]) for told in required}


def has_a_protocol_of_its_own(endpoint: Endpoint) -> bool:
    """A signed webhook, a lever of the sandbox: it reads the raw body itself, after it has asked its own questions."""
    return "raw" in inspect.signature(endpoint.view).parameters


def is_shared_among_people(endpoint: Endpoint) -> bool:
    """A page that people open and pass on: it says in its own form that nothing is there, and ignores what others add to its address."""
    return bool(endpoint.missing)


def fits_the_document(endpoint: Endpoint, body: Any) -> bool:
    return _validator(operation(endpoint)["requestBody"]["content"]["application/json"]["schema"]).is_valid(body)


def token_of(role: str) -> str:
    return token(role, NOBODY_MEMBER if role == "member" else f"{role}-1", *(["admin"] if role == "officer" else []))


@dataclass(frozen=True)
class ApiRequest:
    """One request to an endpoint, complete and well-formed unless told otherwise."""

    endpoint: Endpoint
    by: str | None = None
    ids: Mapping[str, str] | None = None
    query: str | None = None
    body: bytes | None = None
    headers: Mapping[str, str] | None = None
    without: tuple[str, ...] = ()


class ApiUnderTest:
    """The application behind the local gateway."""

    def __init__(self) -> None:
        self._gateway = Gateway(app.app, seconds=None)
        self._keys = itertools.count(1)

    def send(self, request: ApiRequest) -> Reply:
        endpoint = request.endpoint
        path = re.sub(r"\{(\w+)\}", lambda match: (request.ids or {}).get(match[1], UNKNOWN_ID), endpoint.path)
        query = request.query
        if query is None:
            query = "&".join(f"{name}={value}" for name, value in example_query(endpoint).items())
        body = request.body
        if body is None:
            example = example_body(endpoint)
            body = b"" if example is None else json.dumps(example).encode()
        headers = {"content-type": "application/json", "x-request-id": "test", **(request.headers or {})}
        if endpoint.keyed:
            headers.setdefault("idempotency-key", f"knock-{next(self._keys)}")
        if request.by is not None:
            headers["authorization"] = f"Bearer {request.by}"
        for missing in request.without:
            headers.pop(missing, None)
        answer = self._gateway.answer(endpoint.method, f"{path}?{query}" if query else path, headers, body)
        flat = {name: value if isinstance(value, str) else value[0] for name, value in answer.headers.items()}
        json_told = json.loads(answer.body) if "json" in flat.get("Content-Type", "") else answer.body
        provoked.note(endpoint.method, f"{path}?{query}" if query else path, headers, body, answer.status, json_told)
        return Reply(answer.status, json_told, flat, answer.body)


def must_be_documented(endpoint: Endpoint, reply: Reply) -> None:
    """The status, the media type and the form of an answer are ones the document promises."""
    responses = operation(endpoint)["responses"]
    assert str(reply.status) in responses, f"{name(endpoint)} answers {reply.status}, undocumented: {reply.body}"
    described = responses[str(reply.status)]
    if "$ref" in described:
        described = document()["components"]["responses"][described["$ref"].rpartition("/")[2]]
    media = reply.headers["Content-Type"].partition(";")[0]
    assert media in described["content"], f"{name(endpoint)} answers {media}"
    if media == problems.MEDIA:
        assert reply["code"] in described["x-codes"], f"{name(endpoint)} {reply.status}: {reply.body}"
    if "json" in media:
        wrong = jsonschema.exceptions.best_match(
            _validator(described["content"][media]["schema"]).iter_errors(reply.body)
        )
        assert wrong is None, f"{name(endpoint)} {reply.status}: {wrong.message} in {reply.body}"


def items_kept() -> dict[str, int]:
    """How many items each table holds."""
    return machine().counts()


def _validator(schema: dict[str, Any]) -> Draft202012Validator:
    return _validator_of(json.dumps(schema))


@lru_cache(maxsize=1024)
def _validator_of(schema: str) -> Draft202012Validator:
    form = {**json.loads(schema), "components": document()["components"]}
    return Draft202012Validator(form, format_checker=Draft202012Validator.FORMAT_CHECKER)
