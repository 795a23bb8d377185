"""Makes moto's engine in memory quick enough to test everything on it, and able to bear a real amount of data.

What moto decides stays moto's; what it does needlessly around that is left out:

- `items`: a transaction copies what it changes, and not whole tables; a query is shown the items of its key alone.
- `indexes`: which those are, for the key of an index.
- `expressions`: an expression is read once, and filled with values as often as it comes.
- `calls`: a call about items goes straight to moto's action and its answer straight back.
- `queues`: a message is sent without counting those that are there.

A test asks both ways, the short and moto's own, and compares. Two things are added that AWS does and moto does not: the event of an object
names its version, and DynamoDB refuses to be asked for an empty key, in a batch and in a query too, or for what lies between two ends that
are the wrong way round.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from moto.dynamodb.exceptions import KeyIsEmptyStringException, MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.responses import DynamoHandler
from moto.s3 import notifications

from infra.local.memory import calls, expressions, items, queues

EMPTY: Final = {"S": ""}
_VALUE: Final = re.compile(r":\w+")
_BETWEEN: Final = re.compile(r"BETWEEN\s+(:\w+)\s+AND\s+(:\w+)", re.IGNORECASE)
_event: Final[Callable[..., Any]] = notifications._get_s3_event
_get_batch: Final[Callable[..., Any]] = DynamoHandler.batch_get_item
_query: Final[Callable[..., Any]] = DynamoHandler.query


def spare() -> None:
    """From now on, and for every engine of this process. May be called twice."""
    for owner, name, quicker in PATCHES:
        setattr(owner, name, quicker)


def _event_with_version(name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
    event: dict[str, Any] = _event(name, bucket, key, notification_id)
    if bucket.is_versioned:
        event["Records"][0]["s3"]["object"]["versionId"] = key.version_id
    return event


def _get_named(handler: DynamoHandler) -> Any:
    for of_table in handler.body["RequestItems"].values():
        for key in of_table["Keys"]:
            _must_be_named(key)
    return _get_batch(handler)


def _query_named(handler: DynamoHandler) -> Any:
    values = handler.body.get("ExpressionAttributeValues", {})
    condition = handler.body.get("KeyConditionExpression", "")
    _must_be_named({name: values[name] for name in _VALUE.findall(condition)})
    for ends in _BETWEEN.findall(condition):
        least, most = (DynamoType(values[name]) for name in ends)
        if least > most:
            raise MockValidationException(
                "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound"
            )
    return _query(handler)


def _must_be_named(key: dict[str, Any]) -> None:
    for name, value in key.items():
        if value == EMPTY:
            raise KeyIsEmptyStringException(name)


PATCHES: Final = (
    *items.PATCHES,
    *expressions.PATCHES,
    *calls.PATCHES,
    *queues.PATCHES,
    (notifications, "_get_s3_event", _event_with_version),
    (DynamoHandler, "batch_get_item", _get_named),
    (DynamoHandler, "query", _query_named),
)
AS_IT_COMES: Final = tuple((owner, name, vars(owner).get(name)) for owner, name, _ in PATCHES)
"""What stands in those places in moto and botocore; None where nothing does."""
