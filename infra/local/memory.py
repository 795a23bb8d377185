"""Makes moto's DynamoDB bear a real amount of data: a transaction copies what it changes, and not whole tables.

As it comes, moto makes a deep copy of every table of a transaction before it begins and keeps each copied item for its dashboard
for ever, so that loading a few thousand rows takes minutes and gigabytes. Here the copy of a table shares what is in it,
and whatever is about to be changed in place is copied first. Likewise moto sorts a whole table to answer a query about one key;
here it is shown the items of that key alone; and in process a call goes straight to the action, past the web server's requests and the walk
over botocore's model with each answer, which took more than half of a test's time. What moto decides stays moto's.
One thing is added that S3 does and moto does not: the event of an object names its version.
"""

from __future__ import annotations

import copy
import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.exceptions import ServiceException
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import camelcase_to_underscores, get_service_model
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from moto.s3 import notifications
from werkzeug.exceptions import HTTPException

_put: Final[Callable[..., Any]] = Table.put_item
_delete: Final[Callable[..., Any]] = Table.delete_item
_query: Final[Callable[..., Any]] = Table.query
_update: Final[Callable[..., Any]] = DynamoDBBackend.update_item
_process: Final[Callable[..., Any]] = BotocoreStubber.process_request
_event: Final[Callable[..., Any]] = notifications._get_s3_event

_TARGET: Final = "DynamoDB_20120810."
_SHORT: Final = frozenset(
    {
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
        *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
    }
)
"""Actions whose answer is what they return, as it is."""


def spare_copies() -> None:
    """From now on, and for every engine of this process. May be called twice."""
    table: Any = Table
    table.__deepcopy__, table.put_item, table.delete_item = _as_it_is, _put_apart, _delete_apart
    table.query = _query_of_one_key
    backend: Any = DynamoDBBackend
    backend.update_item = _update_apart
    events: Any = notifications
    events._get_s3_event = _event_with_version
    stubber: Any = BotocoreStubber
    stubber.process_request = _process_short


def _event_with_version(name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
    told: dict[str, Any] = _event(name, bucket, key, notification_id)
    if bucket.is_versioned:
        told["Records"][0]["s3"]["object"]["versionId"] = key.version_id
    return told


def _process_short(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    """Answer a call about items. What moto refuses changed nothing, and is asked again the long way, which words the refusal."""
    headers = {name: _text(value) for name, value in request.headers.items()}
    action = headers.get("X-Amz-Target", "").removeprefix(_TARGET)
    service = urlsplit(request.url).netloc.split(".")
    if action not in _SHORT or service[0] != "dynamodb":  # something else, or on its way to a server
        return _process(stubber, request)
    handler: Any = DynamoHandler()
    handler.headers, handler.querystring = headers, {}
    handler.current_account = handler.get_current_account()
    handler.region = service[1]
    handler.body = handler.params = _parsed(action, request.body)
    try:
        returned = getattr(handler, camelcase_to_underscores(action))()
    except (ServiceException, HTTPException):
        return _process(stubber, request)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(returned.result, default=_encoded)


def _parsed(action: str, body: Any) -> Any:
    parser = PROTOCOL_PARSERS["json"](get_service_model("dynamodb").operation_model(action))
    request: Any = {"method": "POST", "values": {}, "headers": {}, "body": body, "url_path": "/", "url_params": {}}
    return parser.parse(request)


def _encoded(value: bytes) -> str:
    return b64encode(value).decode()


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value


def _as_it_is(table: Any, memo: dict[int, Any]) -> Any:
    """A table to go back to, with the same items in it."""
    kept = like(table, items=table.items.copy())
    if table.stream_shard is not None:
        kept.stream_shard = like(table.stream_shard, table=kept, items=list(table.stream_shard.items))
    return kept


def _put_apart(table: Any, item: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    _own_range(table, DynamoType(item[table.hash_key_attr]))
    return _put(table, item, *args, **kwargs)


def _delete_apart(table: Any, hash_key: DynamoType, range_key: DynamoType | None) -> Any:
    _own_range(table, hash_key)
    return _delete(table, hash_key, range_key)


def _update_apart(backend: Any, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    table = backend.get_table(table_name)
    hash_key = DynamoType(key[table.hash_key_attr])
    _own_range(table, hash_key)
    items, at = table.items, hash_key
    if table.range_key_attr is not None:
        items, at = table.items.get(hash_key, {}), DynamoType(key[table.range_key_attr])
    if at in items:
        items[at] = like(items[at], **copy.deepcopy(items[at].__dict__))
    return _update(backend, table_name, key, *args, **kwargs)


def _query_of_one_key(table: Any, hash_key: DynamoType | None, *args: Any, **kwargs: Any) -> Any:
    index_name = kwargs.get("index_name", args[6] if len(args) > 6 else None)
    if index_name is not None or hash_key is None:
        return _query(table, hash_key, *args, **kwargs)
    alone = {hash_key: table.items[hash_key]} if hash_key in table.items else {}
    return _query(like(table, items=alone), hash_key, *args, **kwargs)


def _own_range(table: Any, hash_key: DynamoType) -> None:
    """Items under one hash key are in a dictionary of their own, which moto changes in place."""
    if table.range_key_attr is not None and hash_key in table.items:
        table.items[hash_key] = dict(table.items[hash_key])


def like(thing: Any, **changed: Any) -> Any:
    """A copy made past `__new__`, which would remember it for ever; what is in it is shared."""
    made = object.__new__(type(thing))
    made.__dict__.update(thing.__dict__, **changed)
    return made
