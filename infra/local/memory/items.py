"""Tables that share what is in them with their copies.

As it comes, moto makes a deep copy of every table of a transaction before it begins and keeps every item it ever made for its
dashboard, so that loading a few thousand rows takes minutes and gigabytes. Here the copy of a table shares its items, and whatever
is about to be changed in place is copied first. Likewise moto sorts a whole table to answer a query, and weighs an item anew with each
attribute it gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

MOST_BYTES: Final = 405_000
"""What moto lets an item weigh."""

_put: Final[Callable[..., Any]] = Table.put_item
_delete: Final[Callable[..., Any]] = Table.delete_item
_query: Final[Callable[..., Any]] = Table.query
_update: Final[Callable[..., Any]] = DynamoDBBackend.update_item


def like(thing: Any, **changed: Any) -> Any:
    """A copy made past `__new__`, which would remember it for ever; what is in it is shared."""
    made = object.__new__(type(thing))
    made.__dict__.update(thing.__dict__, **changed)
    return made


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
        items[at] = _item_apart(items[at])
    return _update(backend, table_name, key, *args, **kwargs)


def _query_of_one_key(table: Any, hash_key: DynamoType | None, *args: Any, **kwargs: Any) -> Any:
    index_name = kwargs.get("index_name", args[6] if len(args) > 6 else None)
    if index_name is not None:
        shown = _under(table, kwargs.get("hash_key_conditions") or ())
    elif hash_key is not None:
        shown = {hash_key: table.items[hash_key]} if hash_key in table.items else {}
    else:
        return _query(table, hash_key, *args, **kwargs)
    return _query(like(table, items=shown), hash_key, *args, **kwargs)


def _under(table: Any, keys: Iterable[tuple[str, DynamoType]]) -> dict[Any, Any]:
    """The items of a table whose attributes have these values."""
    wanted = [(name, value.type, value.value) for name, value in keys]

    def is_wanted(item: Any) -> bool:
        return all(
            (has := item.attrs.get(name)) and has.type == kind and has.value == value for name, kind, value in wanted
        )

    if any(kind == "N" for _, kind, _ in wanted):  # one number can be written in several ways
        return dict(table.items)
    if table.range_key_attr is None:
        return {key: item for key, item in table.items.items() if is_wanted(item)}
    return {
        key: found
        for key, under_one_key in table.items.items()
        if (found := {inner: item for inner, item in under_one_key.items() if is_wanted(item)})
    }


def _of_no_register(kind: type[Item], *args: Any, **kwargs: Any) -> Item:
    """A new item that goes when nobody holds it: moto's own register of all things it ever made would keep it for its dashboard."""
    return object.__new__(kind)


def _own_range(table: Any, hash_key: DynamoType) -> None:
    """Items under one hash key are in a dictionary of their own, which moto changes in place."""
    if table.range_key_attr is not None and hash_key in table.items:
        table.items[hash_key] = dict(table.items[hash_key])


def _filled_at_once(item: Any, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    item.hash_key, item.range_key = hash_key, range_key
    item.attrs = _limited((name, DynamoType(value)) for name, value in attrs.items())
    if item.size() > MOST_BYTES:
        raise ItemSizeTooLarge


def _item_apart(item: Any, memo: object = None) -> Any:
    return like(item, attrs=_limited((name, _value_apart(value)) for name, value in item.attrs.items()))


def _value_apart(value: Any, memo: object = None) -> Any:
    """A value that may be changed in place: numbers and texts never are, only what holds others."""
    match value.value:
        case list():
            held: Any = [_value_apart(each) if isinstance(each, DynamoType) else each for each in value.value]
        case dict():
            held = {name: _value_apart(each) for name, each in value.value.items()}
        case held:
            pass
    apart = object.__new__(DynamoType)
    apart.type, apart.value = value.type, held
    return apart


def _limited(attributes: Iterable[tuple[str, Any]]) -> LimitedSizeDict:
    """Attributes as moto keeps them, without weighing them at each."""
    filled = LimitedSizeDict()
    dict.update(filled, attributes)
    return filled


PATCHES: Final = (
    (Table, "__deepcopy__", _as_it_is),
    (Table, "put_item", _put_apart),
    (Table, "delete_item", _delete_apart),
    (Table, "query", _query_of_one_key),
    (DynamoDBBackend, "update_item", _update_apart),
    (Item, "__new__", staticmethod(_of_no_register)),
    (Item, "__init__", _filled_at_once),
    (Item, "__deepcopy__", _item_apart),
    (DynamoType, "__deepcopy__", _value_apart),
)
