"""The tables as the code declares them and as they are deployed: the same keys, the same indexes, nothing lost with the stack."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

import chalicelib
from chalicelib.dead_letters.records import DeadLetterRow
from chalicelib.shared.aws import client
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import Row
from chalicelib.webhooks.records import DeliveryRow
from infra.local import resources

TEMPLATE = resources.declared("AWS::DynamoDB::Table", settings().stage)


def rows() -> list[type[Row]]:
    for module in pkgutil.walk_packages(chalicelib.__path__, "chalicelib."):
        importlib.import_module(module.name)
    return sorted(all_below(Row), key=lambda row: row.__name__)


def all_below(kind: type[Row]) -> Iterator[type[Row]]:
    for below in kind.__subclasses__():
        yield from all_below(below)
        if below.__module__.startswith("chalicelib.") and hasattr(below, "Meta"):
            yield below


def deployed(row: type[Row]) -> dict[str, Any]:
    return next(table for table in TEMPLATE.values() if table["TableName"] == row.Meta.table_name)


def keys_of(row: type[Row]) -> list[tuple[str, str]]:
    marked = [
        (told.attr_name, "HASH" if told.is_hash_key else "RANGE")
        for told in row.get_attributes().values()
        if told.is_hash_key or told.is_range_key
    ]
    return sorted(marked, key=lambda told: told[1])


def deployed_keys(schema: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(told["AttributeName"], told["KeyType"]) for told in schema]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.__name__)
def test_a_record_and_its_table_have_the_same_keys(row: type[Row]) -> None:
    table = deployed(row)
    assert keys_of(row) == deployed_keys(table["KeySchema"])
    types = {told["AttributeName"]: told["AttributeType"] for told in table["AttributeDefinitions"]}
    for told in row.get_attributes().values():
        if told.attr_name in types:
            assert told.attr_type == types[told.attr_name], told.attr_name


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.__name__)
def test_an_index_a_record_asks_is_deployed_with_the_same_keys(row: type[Row]) -> None:
    there = {
        told["IndexName"]: deployed_keys(told["KeySchema"]) for told in deployed(row).get("GlobalSecondaryIndexes", [])
    }
    for index in row._indexes.values():
        told = index._get_schema()
        asked = [(key["AttributeName"], key["KeyType"]) for key in told["key_schema"]]
        assert sorted(asked, key=lambda key: key[1]) == there[told["index_name"]]


def test_every_deployed_table_belongs_to_a_record() -> None:
    assert {table["TableName"] for table in TEMPLATE.values()} == {row.Meta.table_name for row in rows()}


def test_messages_alone_are_removed_by_the_engine_after_the_moment_their_record_names(aws: Any) -> None:
    view = {table["TableName"]: table.get("TimeToLiveSpecification") for table in TEMPLATE.values()}
    for row in (DeliveryRow, DeadLetterRow):
        name = row.Meta.table_name
        assert view.pop(name) == {"AttributeName": row.expires_at.attr_name, "Enabled": True}
        here = client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        assert here == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
    assert set(view.values()) == {None}


def test_tables_outlive_their_stack_and_can_be_brought_back() -> None:
    for name, table in TEMPLATE.items():
        assert table["DeletionProtectionEnabled"] is True, name
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}, name
        assert table["SSESpecification"] == {"SSEEnabled": True}, name
        assert table["BillingMode"] == "PAY_PER_REQUEST", name
