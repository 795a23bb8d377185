"""A start that died half way is made whole by the next: each part is made where it is missing, and no part twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from infra.local import keys, resources
from infra.local.quickstart import tour
from infra.local.runner import Surety
from infra.local.sample import SUPPLIERS, Sample, orders, suppliers
from infra.local.sample.world import World
from tests.desk import Desk, Died
from tests.machine import machine
from tests.size import at_size
from tests.world import START, Api, StandingClock

SHOWN: Final[dict[str, set[str]]] = {
    "/v1/bank-events?status=parked": {"parked"},
    "/v1/bank-events?status=suspense": {"suspense"},
    "/v1/bank-instructions?status=manual": {"manual"},
    "/v1/bank-instructions?status=needs_account": {"needs_account"},
    "/v1/claims?status=review": {"review"},
    "/v1/claims?status=appealed": {"appealed"},
    "/v1/recoveries": {"debited"},
    "/v1/credit-applications": {"submitted", "with_banks", "signed"},
    "/v1/loans": {"current", "in_arrears", "called"},
    "/v1/guarantee-groups": {"called"},
    "/v1/guarantee-calls": {"noticed"},
    "/v1/alerts": {"escalated"},
    "/v1/sanctions": {"proposed"},
    "/v1/nominations": {"nominated", "returned", "joined"},
    "/v1/listings": {"draft", "submitted", "published"},
    "/v1/cases": {"open"},
    "/v1/peer-reports": {"filed"},
    "/v1/reconciliation-items": {"open"},
    "/v1/trainings": {"announced"},
    "/v1/webhook-endpoints": {"enabled", "disabled"},
}
"""What lists of officers hold at least, by their statuses."""


def counts() -> dict[str, int]:
    return {table: len(items) for table, items in machine().snapshot().items().items()}


def test_a_sample_shows_something_true_wherever_an_officer_looks_and_is_left_alone_when_it_is_there(
    api: Api, time: StandingClock
) -> None:
    sample = Sample(first := Desk(api))
    sample.make()
    first.settle()
    for path, statuses in SHOWN.items():
        seen = {item["status"] for item in first.get(path, sample.officer)["items"]}
        assert seen >= statuses, (path, seen)
    again, counted = Sample(later := Desk(api)), counts()
    again.make()
    assert (again.order_id, later.posts, counts()) == (sample.order_id, 0, counted)


def test_a_sample_that_died_on_its_first_day_is_made_whole_and_nothing_of_it_twice(
    api: Api, time: StandingClock
) -> None:
    """Its suppliers and their orders, in any of its requests; the other parts say their requests again in the same way."""
    _first_parts(whole := Desk(api))
    undisturbed = counts()
    assert undisturbed["suppliers"] == len(SUPPLIERS)
    for most in range(0, whole.posts, at_size(1, 23)):
        machine().wipe()
        time.at = START
        with pytest.raises(Died):
            _first_parts(Desk(api, most))
        time.advance(minutes=5)
        _first_parts(Desk(api))
        assert counts() == undisturbed, f"died after {most} requests"


def _first_parts(desk: Desk) -> None:
    world = World(desk)
    suppliers.register(world)
    suppliers.propose(world)
    orders.prepare(world)
    orders.agree(world)
    desk.settle()


def test_resources_that_died_after_any_call_are_made_whole(aws: None) -> None:
    client: Any = boto3.Session().client("dynamodb")
    tables = resources.declared("AWS::DynamoDB::Table", "half")
    calls = len(tables) + sum("TimeToLiveSpecification" in table for table in tables.values())
    for most in range(0, calls, at_size(1, 9)):
        stage = f"half{most}"
        with pytest.raises(Died):
            resources.create_tables(_dying(client, most), stage, streams=False)
        resources.create_tables(client, stage, streams=False)
        for table in resources.declared("AWS::DynamoDB::Table", stage).values():
            _must_be_whole(client, table)
    machine().wipe()


def test_an_index_that_a_table_of_an_earlier_version_lacks_is_added(aws: None) -> None:
    client: Any = boto3.Session().client("dynamodb")
    told = next(
        one for one in resources.declared("AWS::DynamoDB::Table", "old").values() if "GlobalSecondaryIndexes" in one
    )
    keyed = {key["AttributeName"] for key in told["KeySchema"]}
    client.create_table(
        TableName=told["TableName"],
        BillingMode="PAY_PER_REQUEST",
        KeySchema=told["KeySchema"],
        AttributeDefinitions=[one for one in told["AttributeDefinitions"] if one["AttributeName"] in keyed],
    )
    resources.create_tables(client, "old", streams=False)
    _must_be_whole(client, told)
    machine().wipe()


def test_an_index_that_held_other_columns_is_made_anew(aws: None) -> None:
    client: Any = boto3.Session().client("dynamodb")
    told = resources.declared("AWS::DynamoDB::Table", "old")["OfficeWork"]
    indexes = [index | {"Projection": {"ProjectionType": "KEYS_ONLY"}} for index in told["GlobalSecondaryIndexes"]]
    parts = {key: told[key] for key in ("TableName", "BillingMode", "KeySchema", "AttributeDefinitions")}
    client.create_table(**parts, GlobalSecondaryIndexes=indexes)
    resources.create_tables(client, "old", streams=False)
    kept = client.describe_table(TableName=told["TableName"])["Table"]["GlobalSecondaryIndexes"]
    assert {index["IndexName"]: index["Projection"] for index in kept} == {
        index["IndexName"]: index["Projection"] for index in told["GlobalSecondaryIndexes"]
    }
    machine().wipe()


def test_keys_are_kept_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "keys.json"
    first = keys.kept(file)
    monkeypatch.setattr(keys, "_needed", lambda: {"new": lambda: "told"})
    with monkeypatch.context() as dying:
        dying.setattr(json, "dump", _dies_half_way)
        with pytest.raises(Died):
            keys.kept(file)
    assert keys.kept(file) == first | {"new": "told"}


def test_the_tour_names_the_log_that_is_written(tmp_path: Path) -> None:
    surety = Surety(8000, sandbox=False, home=tmp_path / "elsewhere")
    assert str(tmp_path / "elsewhere" / "log.jsonl") in tour(surety)
    assert str(tmp_path / "elsewhere" / "data") in tour(surety)
    assert ".local" not in tour(surety)


def _dies_half_way(value: Any, file: Any, **_: Any) -> None:
    file.write('{"half')
    raise Died


def _dying(client: Any, most: int) -> Any:
    """A client whose process is gone after so many calls that make something."""
    made = Counter[str]()

    class Dying:
        def __getattr__(self, name: str) -> Any:
            def call(**content: Any) -> Any:
                if made.total() == most:
                    raise Died
                made[name] += 1
                return getattr(client, name)(**content)

            return call if name.startswith(("create", "update")) else getattr(client, name)

    return Dying()


def _must_be_whole(client: Any, table: dict[str, Any]) -> None:
    name = table["TableName"]
    there = client.describe_table(TableName=name)["Table"]
    indexes = {one["IndexName"] for one in there.get("GlobalSecondaryIndexes", [])}
    assert indexes == {one["IndexName"] for one in table.get("GlobalSecondaryIndexes", [])}, name
    lives = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"]
    assert (lives == "ENABLED") is ("TimeToLiveSpecification" in table), name
