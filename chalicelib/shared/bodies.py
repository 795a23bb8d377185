"""What is sent to the engine, and what it answers with items, as JSON.

botocore turns parameters into JSON value by value, which takes a sixth of a call and half of a large one. Here msgspec makes the body, of the same
parameters: botocore is handed none of them, and takes it at its `before-call` event. What it adds itself stays: the token by which the engine knows
a transaction that is sent once more. Signing, retries, errors and all other events are botocore's.

It goes through an answer value by value too. One that brings items is read at `before-parse` into the form that botocore would give it; one that is
not as it should be is left to it, and so is what somebody else has taken out before (`bulk.answer`).
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final, TypedDict

import msgspec

# Names of fields are the engine's own.


class Value(TypedDict, total=False):
    S: str
    N: str
    B: bytes
    BOOL: bool
    NULL: bool
    SS: list[str]
    NS: list[str]
    BS: list[bytes]
    L: list[Value]
    M: dict[str, Value]


Item = dict[str, Value]


class Units(TypedDict, total=False):
    CapacityUnits: float
    ReadCapacityUnits: float
    WriteCapacityUnits: float


class Consumed(Units, total=False):
    TableName: str
    Table: Units
    LocalSecondaryIndexes: dict[str, Units]
    GlobalSecondaryIndexes: dict[str, Units]


class Wanted(TypedDict, total=False):
    Keys: list[Item]
    AttributesToGet: list[str]
    ConsistentRead: bool
    ProjectionExpression: str
    ExpressionAttributeNames: dict[str, str]


class OneItem(TypedDict, total=False):
    Item: Item
    ConsumedCapacity: Consumed


class Batch(TypedDict, total=False):
    Responses: dict[str, list[Item]]
    UnprocessedKeys: dict[str, Wanted]
    ConsumedCapacity: list[Consumed]


class Page(TypedDict, total=False):
    Items: list[Item]
    Count: int
    ScannedCount: int
    LastEvaluatedKey: Item
    ConsumedCapacity: Consumed


ANSWERS: Final[dict[str, msgspec.json.Decoder[Any]]] = {
    "BatchGetItem": msgspec.json.Decoder(Batch),
    "GetItem": msgspec.json.Decoder(OneItem),
    "Query": msgspec.json.Decoder(Page),
}

OPERATIONS: Final = (
    "BatchGetItem",
    "BatchWriteItem",
    "DeleteItem",
    "GetItem",
    "PutItem",
    "Query",
    "TransactWriteItems",
    "UpdateItem",
)


def make(events: Any) -> None:
    """Let the bodies of a client's calls be made, and the items of its answers be read, here. `events`: `client.meta.events`."""
    for operation in OPERATIONS:
        events.register(f"provide-client-params.dynamodb.{operation}", _keep)
        events.register(f"before-call.dynamodb.{operation}", _put_in_place)
    events.register_last("before-parse.dynamodb", _read)


def _keep(params: dict[str, Any], context: dict[str, Any], **_: Any) -> dict[str, Any]:
    """The parameters in the place of which botocore is handed none. It looks for the names of tables in those of a batch."""
    context[_ASKED] = params
    return {"RequestItems": {}} if "RequestItems" in params else {}


def _put_in_place(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    params["body"] = msgspec.json.encode(msgspec.json.decode(params["body"]) | context[_ASKED])


def _read(
    operation_model: Any, response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any
) -> None:
    decoder, body = ANSWERS.get(operation_model.name), response_dict["body"]
    if decoder is None or customized_response_dict or response_dict["status_code"] >= 300:
        return
    if not isinstance(body, bytes):  # an engine in this process hands over what it would be made of
        return
    with suppress(msgspec.MsgspecError):
        customized_response_dict.update(decoder.decode(body))
        response_dict["body"] = b"{}"


_ASKED: Final = "surety_asked"
