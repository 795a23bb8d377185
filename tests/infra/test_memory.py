"""The engine in memory: a transaction that fails leaves nothing behind, although only what it touches is copied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.local import memory

KEY = {"k": {"S": "a"}, "r": {"S": "1"}}


@pytest.fixture
def engine() -> Iterator[Any]:
    memory.spare_copies()
    with mock_aws():
        client: Any = botocore.session.get_session().create_client("dynamodb")
        client.create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in "kr"],
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}, {"AttributeName": "r", "KeyType": "RANGE"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        client.put_item(TableName="t", Item=KEY | {"n": {"N": "1"}, "tags": {"L": [{"S": "x"}]}})
        client.put_item(TableName="t", Item=KEY | {"r": {"S": "2"}})
        yield client
        client.delete_table(TableName="t")


def everything(engine: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = engine.scan(TableName="t")["Items"]
    return sorted(found, key=lambda item: (item["k"]["S"], item["r"]["S"]))


def changes(condition: str) -> list[dict[str, Any]]:
    return [
        {"Put": {"TableName": "t", "Item": {"k": {"S": "b"}, "r": {"S": "1"}}}},
        {"Delete": {"TableName": "t", "Key": KEY | {"r": {"S": "2"}}}},
        {
            "Update": {
                "TableName": "t",
                "Key": KEY,
                "UpdateExpression": "SET n = n + :one, tags[0] = :y",
                "ExpressionAttributeValues": {":one": {"N": "1"}, ":y": {"S": "y"}},
            }
        },
        {
            "Update": {
                "TableName": "t",
                "Key": {"k": {"S": "c"}, "r": {"S": "1"}},
                "UpdateExpression": "SET n = :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}},
                "ConditionExpression": condition,
            }
        },
    ]


def test_a_transaction_that_fails_leaves_every_item_as_it_was(engine: Any) -> None:
    before = everything(engine)
    with pytest.raises(ClientError, match="ConditionalCheckFailed"):
        engine.transact_write_items(TransactItems=changes("attribute_exists(k)"))
    assert everything(engine) == before


def test_a_transaction_that_succeeds_changes_every_item(engine: Any) -> None:
    engine.transact_write_items(TransactItems=changes("attribute_not_exists(k)"))
    told = {(item["k"]["S"], item["r"]["S"]): item.get("n", {}).get("N") for item in everything(engine)}
    assert told == {("a", "1"): "2", ("b", "1"): None, ("c", "1"): "1"}
    (changed,) = [item for item in everything(engine) if item["k"]["S"] == "a"]
    assert changed["tags"] == {"L": [{"S": "y"}]}


def test_asking_twice_is_asking_once(engine: Any) -> None:
    memory.spare_copies()
    engine.transact_write_items(TransactItems=changes("attribute_not_exists(k)"))
    assert len(everything(engine)) == 3


@pytest.mark.parametrize(("first", "expected"), [("a", ["1", "2"]), ("none", [])])
def test_a_query_finds_the_items_of_one_key_in_order_page_by_page(engine: Any, first: str, expected: list[str]) -> None:
    asked: dict[str, Any] = {
        "TableName": "t",
        "KeyConditionExpression": "k = :k",
        "ExpressionAttributeValues": {":k": {"S": first}},
        "Limit": 1,
    }
    found: list[str] = []
    for page in engine.get_paginator("query").paginate(**asked):
        found += [item["r"]["S"] for item in page["Items"]]
    assert found == expected
