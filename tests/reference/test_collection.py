"""The Postman collection: what version 2.1 of its schema asks of one, every endpoint once, and requests that work as they are sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from chalicelib.reference import collection as collections
from tests.api.api_requests import document, endpoints, name
from tests.world import Api

ID: Final = r"\{\{(\w+)\}\}"
METHODS: Final = {"GET", "POST"}


@pytest.fixture(scope="module")
def collection() -> dict[str, Any]:
    return collections.collection(document())


def requests(folder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in folder["item"]:
        yield from requests(item) if "item" in item else [item]


def test_it_is_served_to_anybody_and_cacheable(api: Api) -> None:
    reply = api.get("/v1/postman.json")
    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")
    assert reply.body["info"]["schema"] == collections.SCHEMA
    assert reply.headers["ETag"]
    assert len(reply.raw) < 3_000_000


def test_it_has_what_the_schema_of_a_collection_requires(collection: dict[str, Any]) -> None:
    assert set(collection) >= {"info", "item"}
    assert set(collection["info"]) >= {"name", "schema"}
    assert all(set(variable) == {"key", "value"} for variable in collection["variable"])
    for item in requests(collection):
        request, url = item["request"], item["request"]["url"]
        assert isinstance(item["name"], str)
        assert isinstance(item["response"], list)
        assert request["method"] in METHODS
        assert all(isinstance(header["key"], str) and isinstance(header["value"], str) for header in request["header"])
        assert url["raw"] == "/".join([*url["host"], *url["path"]])
        assert {part[1:] for part in url["path"] if part.startswith(":")} == {told["key"] for told in url["variable"]}
        assert all(isinstance(told["value"], str) for told in (*url["query"], *url["variable"]))
        if "body" in request:
            assert request["body"]["mode"] == "raw"
            json.loads(request["body"]["raw"])


def test_every_endpoint_is_there_once_in_the_folder_of_its_group(collection: dict[str, Any]) -> None:
    folders = {folder["name"]: [item["name"] for item in requests(folder)] for folder in collection["item"][1:]}
    assert sorted(item for items in folders.values() for item in items) == sorted(map(name, endpoints()))
    assert all(name(endpoint) in folders[endpoint.group] for endpoint in endpoints())


def test_every_variable_is_declared_and_no_key_is_written_down(collection: dict[str, Any]) -> None:
    declared = {variable["key"] for variable in collection["variable"]}
    used = set(re.findall(ID, json.dumps(collection["item"])))
    assert used <= declared
    keys = [
        header
        for item in requests(collection)
        for header in item["request"]["header"]
        if header["key"] == collections.KEY
    ]
    assert {header["value"] for header in keys} == {collections.NEW_KEY}
    assert len(keys) == sum(endpoint.keyed for endpoint in endpoints())


def test_the_tokens_it_begins_with_are_given_and_open_what_they_are_for(api: Api, collection: dict[str, Any]) -> None:
    for item in collection["item"][0]["item"]:
        body = json.loads(item["request"]["body"]["raw"])
        body["sub"] = body["sub"].replace("{{memberId}}", "mem_01KJP3ZQ4GT5H2W8N6VXRD0BCE")
        given = api.post(collections.TOKENS, body)
        assert given.status == 200, given.body
        assert f'"{body["role"]}"' in item["event"][0]["script"]["exec"][0]
        assert api.get("/v1/sandbox/clock", given["token"]).status == 200


def test_a_request_is_signed_with_a_token_of_a_role_it_is_open_to(collection: dict[str, Any]) -> None:
    open_to = {name(endpoint): endpoint.by.roles for endpoint in endpoints() if not endpoint.public}
    for folder in collection["item"][1:]:
        for item in requests(folder):
            auth = item["request"]["auth"]
            if auth["type"] == "noauth":
                assert item["name"] not in open_to
            else:
                assert auth["bearer"][0]["value"].strip("{}") in open_to[item["name"]]


def test_where_there_is_no_sandbox_there_is_nothing_to_begin_with() -> None:
    paths = {path: told for path, told in document()["paths"].items() if "/sandbox/" not in path}
    names = [folder["name"] for folder in collections.collection({**document(), "paths": paths})["item"]]
    assert names == [tag["name"] for tag in document()["tags"]]
