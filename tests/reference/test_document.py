"""The API document: valid, complete, stable, and its examples fit."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import openapi_spec_validator
import pytest
from jsonschema.exceptions import best_match
from jsonschema.validators import Draft202012Validator

import app
from chalicelib.reference import VERSION, openapi, problems, service
from chalicelib.shared.errors import DomainError
from infra import templates
from tests.api.api_requests import document, endpoints, name
from tests.world import Api

ROOT = Path(__file__).parents[2]


def test_the_document_is_valid_openapi() -> None:
    openapi_spec_validator.validate(document())


def test_every_door_is_described_and_nothing_else() -> None:
    described = {
        f"{method.upper()} {path}" for path, operations in document()["paths"].items() for method in operations
    }
    assert described == {name(endpoint) for endpoint in endpoints()}


def test_every_route_of_the_application_is_a_door() -> None:
    routes = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    assert routes == {name(endpoint) for endpoint in endpoints()}


def test_the_same_doors_always_give_the_same_document() -> None:
    assert json.dumps(openapi.document(endpoints())) == json.dumps(openapi.document(endpoints()))


def test_operations_have_names_of_their_own_and_a_summary() -> None:
    described = [operation for methods in document()["paths"].values() for operation in methods.values()]
    names = [operation["operationId"] for operation in described]
    assert len(set(names)) == len(names)
    assert [
        operation["operationId"] for operation in described if operation["summary"] == operation["operationId"]
    ] == []


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(document())
    for kind, named in document()["components"].items():
        used = {part.split('"')[0] for part in text.split(f'"#/components/{kind}/')[1:]}
        assert used <= set(named)


def _examples() -> list[Any]:
    found = []
    for endpoint in endpoints():
        described = document()["paths"][endpoint.path][endpoint.method.lower()]
        body = described.get("requestBody", {}).get("content", {}).get("application/json")
        for title, example in (body or {}).get("examples", {}).items():
            found.append(pytest.param(body["schema"], example["value"], id=f"{name(endpoint)} body {title}"))
        for status, response in described["responses"].items():
            for content in response.get("content", {}).values():
                if "example" in content:
                    found.append(pytest.param(content["schema"], content["example"], id=f"{name(endpoint)} {status}"))
        found += [
            pytest.param(parameter["schema"], parameter["example"], id=f"{name(endpoint)} {parameter['name']}")
            for parameter in described["parameters"]
            if "example" in parameter
        ]
    return found


@pytest.mark.parametrize(("schema", "example"), _examples())
def test_examples_fit_their_schema(schema: dict[str, Any], example: Any) -> None:
    form = {**schema, "components": document()["components"]}
    wrong = best_match(Draft202012Validator(form).iter_errors(example))
    assert wrong is None, f"{wrong.json_path}: {wrong.message}"


@pytest.mark.parametrize("error", problems.every(), ids=lambda error: error.code)
def test_problem_examples_are_problems(error: type) -> None:
    form = {"$ref": "#/components/schemas/Problem", "components": document()["components"]}
    Draft202012Validator(form).validate(problems.example(error)["value"])


def test_every_status_of_a_refusal_is_said_in_words() -> None:
    assert {problems.status(error) for error in problems.every()} == set(problems.WORDS)


def test_codes_are_lower_snake_and_each_belongs_to_one_refusal() -> None:
    kinds = [kind for kind in problems._below(DomainError) if kind.__module__.startswith("chalicelib.")]
    by_code: dict[str, set[type]] = {}
    for kind in kinds:
        assert kind.code.replace("_", "").isalnum()
        assert kind.code == kind.code.lower()
        by_code.setdefault(kind.code, set()).add(kind)
    assert {code: found for code, found in by_code.items() if len(found) > 1 and code != "internal"} == {}


def test_what_the_gateway_says_by_itself_is_explained_too() -> None:
    template = templates.read(ROOT / "infra" / "merge.yaml")
    responses = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"][
        "x-amazon-apigateway-gateway-responses"
    ]
    explained = {error.code: error for error in problems.every()}
    for told in responses.values():
        problem = json.loads(told["responseTemplates"]["application/json"])
        error = explained[problem["code"]]
        if told["statusCode"] != "400":  # whatever else it refuses
            assert int(told["statusCode"]) == problem["status"] == problems.status(error)
            assert problem["title"] == error.title
        assert problem["doc_url"] == f"https://$context.domainName/docs/errors/{problem['code']}"


def test_the_version_is_the_packages() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_the_document_is_served_to_anybody_and_cacheable(api: Api) -> None:
    reply = api.get("/v1/openapi.json")
    assert reply.status == 200
    assert reply.body == document()
    assert reply.raw == service.document()
    assert reply.headers["ETag"]
    assert "max-age" in reply.headers["Cache-Control"]
