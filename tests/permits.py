"""Holds what a test calls as a deployed function to that function's policy: whatever it asks of AWS beyond that fails the test."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import botocore.client

from chalicelib.shared.settings import settings

POLICIES: Final = Path(__file__).parents[1] / ".chalice"
STAGE: Final = "${Stage}"
KEY: Final = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/one"
"""A key of KMS: which of them it may be, a condition of the policy says."""
IN_A_TRANSACTION: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
OF_SQS: Final = {
    "SendMessageBatch": "SendMessage",
    "DeleteMessageBatch": "DeleteMessage",
    "ChangeMessageVisibilityBatch": "ChangeMessageVisibility",
}
OF_S3: Final = {"ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions", "HeadObject": "GetObject"}

_denied: ContextVar[tuple[str, set[str]] | None] = ContextVar("denied", default=None)
"""The function that is running, and what it asked for in vain."""


@lru_cache(maxsize=10_000)
def may(function: str, action: str, resource: str) -> bool:
    """Whether a function's policy allows an action, `dynamodb:Query`, on a resource by its short name, `orders/index/due`."""
    return any(action == one and fnmatchcase(resource, pattern) for one, pattern in _granted(function))


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """Everything called within is that function's doing."""
    denied = set[str]()
    before = _denied.set((function, denied))
    try:
        yield
    finally:
        _denied.reset(before)
    assert not denied, f"{function} is not granted {', '.join(sorted(denied))}: infra/permissions.py"


@contextmanager
def unwatched() -> Iterator[None]:
    """What is called within is the test's own doing, whichever function is running."""
    before = _denied.set(None)
    try:
        yield
    finally:
        _denied.reset(before)


@cache
def _granted(function: str) -> frozenset[tuple[str, str]]:
    policy = json.loads((POLICIES / f"policy-{function}.json").read_text())
    return frozenset(
        (action, _short(resource["Fn::Sub"]))
        for statement in policy["Statement"]
        for resource in statement["Resource"]
        for action in statement["Action"]
    )


def _short(arn: str) -> str:
    """`orders`, `orders/index/*`, `files-*/*`, `/banks/*`."""
    return arn.rpartition(f"surety-{STAGE}-")[2].rpartition(f"surety/{STAGE}")[2].replace("${AWS::AccountId}", "*")


def _asked(service: str, operation: str, sent: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Actions and resources, by short names, that a call needs."""
    if service == "dynamodb":
        yield from (
            (f"dynamodb:{action}", table.removeprefix(settings().name("")))
            for action, table in _tables(operation, sent)
        )
    elif service == "sqs":
        queue = sent.get("QueueName") or sent["QueueUrl"].rpartition("/")[2]
        yield f"sqs:{OF_SQS.get(operation, operation)}", queue.removeprefix(settings().name(""))
    elif service == "s3":
        place = f"{sent['Bucket']}/{sent['Key']}" if "Key" in sent else sent["Bucket"]
        of_version = operation if operation == "DeleteObject" else "GetObject"
        action = f"{of_version}Version" if sent.get("VersionId") else OF_S3.get(operation, operation)
        yield f"s3:{action}", place.removeprefix(settings().name(""))
    elif service == "kms":
        yield f"kms:{operation}", KEY
    elif service == "ssm":
        yield f"ssm:{operation}", sent["Name"].removeprefix(f"/surety/{settings().stage}")


def _tables(operation: str, sent: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if operation in ("BatchGetItem", "BatchWriteItem"):
        yield from ((operation, table) for table in sent["RequestItems"])
    elif operation == "TransactWriteItems":
        yield from (
            (IN_A_TRANSACTION[kind], action["TableName"])
            for item in sent["TransactItems"]
            for kind, action in item.items()
        )
    else:
        index = f"/index/{sent['IndexName']}" if sent.get("IndexName") else ""
        yield operation, f"{sent['TableName']}{index}"


def _watch() -> None:
    """Every call of every client is compared with the policy of the function that is running."""
    real: Any = botocore.client.BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(client: Any, operation: str, sent: dict[str, Any]) -> Any:
        if running := _denied.get():
            function, denied = running
            for action, resource in _asked(client.meta.service_model.service_name, operation, sent):
                if not may(function, action, resource):
                    denied.add(f"{action} on {resource}")
        return real(client, operation, sent)

    botocore.client.BaseClient._make_api_call = call  # type: ignore[attr-defined]


_watch()
