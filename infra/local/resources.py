"""Makes the tables, queues and the bucket of `infra/tables.yaml` on an embedded engine.

The template is read as it is deployed; what an engine on one machine has no use for (encryption, recovery, deletion protection) is left out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from infra import templates

TEMPLATE: Final = Path(__file__).parent.parent / "tables.yaml"
ACCOUNT: Final = "123456789012"
_TABLE_KEYS: Final = ("TableName", "BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


@lru_cache(maxsize=64)
def declared(kind: str, stage: str) -> dict[str, dict[str, Any]]:
    """The template's resources of one type, by logical id, with names filled in for the stage."""
    return {
        name: _filled(resource.get("Properties", {}), stage)
        for name, resource in _resources().items()
        if resource["Type"] == kind
    }


@cache
def _resources() -> dict[str, dict[str, Any]]:
    resources: dict[str, dict[str, Any]] = templates.read(TEMPLATE)["Resources"]
    return resources


def create_tables(dynamodb: Any, stage: str, *, streams: bool = True) -> None:
    """Create every table that is not there yet, and of those that are there every index and time to live they lack."""
    there = set()
    for page in dynamodb.get_paginator("list_tables").paginate():
        there.update(page["TableNames"])
    for table in declared("AWS::DynamoDB::Table", stage).values():
        if table["TableName"] in there:
            _add_indexes(dynamodb, table)
        else:
            parameters: dict[str, Any] = {key: table[key] for key in _TABLE_KEYS if key in table}
            if streams and "StreamSpecification" in table:
                parameters["StreamSpecification"] = {"StreamEnabled": True, **table["StreamSpecification"]}
            dynamodb.create_table(**parameters)
        _set_time_to_live(dynamodb, table)


def delete_tables(dynamodb: Any, stage: str, names: Iterable[str]) -> None:
    """Delete those of these tables that are there."""
    for name in names:
        with suppress(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.delete_table(TableName=f"surety-{stage}-{name}")


def _add_indexes(dynamodb: Any, table: dict[str, Any]) -> None:
    """The indexes that a table of an earlier version lacks, or had with other columns: no engine changes those of one that is there."""
    name = table["TableName"]
    known = {index["IndexName"]: index["Projection"] for index in _indexes(dynamodb, name)}
    for index in table.get("GlobalSecondaryIndexes", []):
        of = index["IndexName"]
        if of in known and _columns(known[of]) == _columns(index["Projection"]):
            continue
        if of in known:
            dynamodb.update_table(TableName=name, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": of}}])
            _await_indexes(dynamodb, name)
        dynamodb.update_table(
            TableName=name,
            AttributeDefinitions=table["AttributeDefinitions"],
            GlobalSecondaryIndexUpdates=[{"Create": index}],
        )
        _await_indexes(dynamodb, name)


def _await_indexes(dynamodb: Any, name: str) -> None:
    """DynamoDB Local answers nothing from an index that it is still making, and makes none under the name of one that it still deletes."""
    while any(index.get("IndexStatus", "ACTIVE") != "ACTIVE" for index in _indexes(dynamodb, name)):
        time.sleep(0.05)


def _indexes(dynamodb: Any, name: str) -> list[dict[str, Any]]:
    indexes: list[dict[str, Any]] = dynamodb.describe_table(TableName=name)["Table"].get("GlobalSecondaryIndexes", [])
    return indexes


def _columns(projection: dict[str, Any]) -> tuple[str, list[str]]:
    return projection["ProjectionType"], sorted(projection.get("NonKeyAttributes", []))


def _set_time_to_live(dynamodb: Any, table: dict[str, Any]) -> None:
    wanted = table.get("TimeToLiveSpecification")
    if wanted is None:
        return
    name = table["TableName"]
    there = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if there["TimeToLiveStatus"] != "ENABLED":
        dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)


def create_queues(sqs: Any, stage: str) -> None:
    """Create every queue; what one could not deliver goes to its dead-letter queue, as deployed."""
    queues = declared("AWS::SQS::Queue", stage)
    for queue in queues.values():
        attributes = {"VisibilityTimeout": str(queue["VisibilityTimeout"])} if "VisibilityTimeout" in queue else {}
        if redrive := queue.get("RedrivePolicy"):
            dead = queues[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]["QueueName"]
            arn = f"arn:aws:sqs:us-east-1:{ACCOUNT}:{dead}"
            attributes["RedrivePolicy"] = json.dumps(redrive | {"deadLetterTargetArn": arn})
        sqs.create_queue(QueueName=queue["QueueName"], Attributes=attributes)


def create_bucket(s3: Any, stage: str) -> None:
    """The bucket of files: it keeps every version, lets browsers send to it, and tells the uploads queue of what arrives."""
    for bucket in declared("AWS::S3::Bucket", stage).values():
        name = bucket["BucketName"]
        s3.create_bucket(Bucket=name)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=bucket["VersioningConfiguration"])
        s3.put_bucket_cors(
            Bucket=name,
            CORSConfiguration={"CORSRules": [_cors(rule) for rule in bucket["CorsConfiguration"]["CorsRules"]]},
        )
        notification = bucket["NotificationConfiguration"]["QueueConfigurations"][0]
        s3.put_bucket_notification_configuration(
            Bucket=name,
            NotificationConfiguration={
                "QueueConfigurations": [
                    {
                        "QueueArn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:surety-{stage}-uploads",
                        "Events": [notification["Event"]],
                        "Filter": {"Key": {"FilterRules": notification["Filter"]["S3Key"]["Rules"]}},
                    }
                ]
            },
        )


def _cors(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as the API of S3 spells it."""
    return {
        {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}.get(name, name): value
        for name, value in rule.items()
    }


def _filled(value: Any, stage: str) -> Any:
    if isinstance(value, dict):
        if set(value) == {"Fn::Sub"}:
            return value["Fn::Sub"].replace("${Stage}", stage).replace("${AWS::AccountId}", ACCOUNT)
        return {key: _filled(inner, stage) for key, inner in value.items()}
    return [_filled(inner, stage) for inner in value] if isinstance(value, list) else value
