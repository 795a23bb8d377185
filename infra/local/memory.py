"""Makes moto's DynamoDB bear a real amount of data: a transaction copies what it may change, and not whole tables.

As it comes, moto makes a deep copy of every table of a transaction before it begins and keeps each copied item for its dashboard
for ever, so that loading a few thousand rows takes minutes and gigabytes. Here the copy of a table shares its items
with it, and an item is copied before it is changed in place. What moto decides stays moto's.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any, Final

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_update_item: Final = DynamoDBBackend.update_item


def spare_copies() -> None:
    """From now on, and for every engine of this process. May be called twice."""
    mended: Any = DynamoDBBackend
    mended.update_item = _update_a_copy
    spared: Any = Table
    spared.__deepcopy__ = _as_it_is


def _as_it_is(table: Any, memo: dict[int, Any]) -> Any:
    """A table to go back to. Made past `__new__`, which would remember it."""
    kept: Any = object.__new__(type(table))
    kept.__dict__.update(table.__dict__)
    kept.items = defaultdict(dict)
    for hash_key, found in table.items.items():
        kept.items[hash_key] = dict(found) if isinstance(found, dict) else found
    if table.stream_shard is not None:
        kept.stream_shard = object.__new__(type(table.stream_shard))
        kept.stream_shard.__dict__.update(table.stream_shard.__dict__, table=kept, items=list(table.stream_shard.items))
    return kept


def _update_a_copy(backend: Any, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    """moto changes an item in place: put a copy of it there first, so that who shares the old one keeps it."""
    table = backend.get_table(table_name)
    hash_key = DynamoType(key[table.hash_key_attr])
    if table.range_key_attr is None:
        if hash_key in table.items:
            table.items[hash_key] = _own(table.items[hash_key])
    else:
        range_key = DynamoType(key[table.range_key_attr])
        if range_key in table.items.get(hash_key, {}):
            table.items[hash_key][range_key] = _own(table.items[hash_key][range_key])
    return _update_item(backend, table_name, key, *args, **kwargs)


def _own(item: Any) -> Any:
    mine = object.__new__(type(item))
    mine.__dict__.update(copy.deepcopy(item.__dict__))
    return mine
