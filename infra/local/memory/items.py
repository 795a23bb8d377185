"""Tables that share what is in them with their copies.

As it comes, moto makes a deep copy of every table of a transaction before it begins and keeps every item it ever made for its
dashboard, so that loading a few thousand rows takes minutes and gigabytes. Here the copy of a table shares its items, and whatever
is about to be changed in place is copied first. Likewise moto sorts a whole table to answer a query, casts both sides of each comparison
it sorts by, and weighs an item anew with each attribute it gets and with each query that finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict, deserializer, serializer
from moto.dynamodb.models.table import Table

from infra.local.memory import indexes

MOST_BYTES: Final = 405_000
"""What moto lets an item weigh."""

_put: Final[Callable[..., Any]] = Table.put_item
_delete: Final[Callable[..., Any]] = Table.delete_item
_query: Final[Callable[..., Any]] = Table.query
_update: Final[Callable[..., Any]] = DynamoDBBackend.update_item
_all_items: Final[Callable[..., list[Any]]] = Table.all_items
_sorted_items: Final[Callable[..., list[Any]]] = Table.sorted_items
_project: Final[Callable[..., Any]] = Item.project
_weigh: Final[Callable[..., int]] = Item.size
_WEIGHT: Final = "surety_weight"


def like(thing: Any, **changed: Any) -> Any:
    """A copy made past `__new__`, which would remember it for ever; what is in it is shared."""
    copied = object.__new__(type(thing))
    copied.__dict__.update(thing.__dict__, **changed)
    return copied


def _as_it_is(table: Any, memo: dict[int, Any]) -> Any:
    """A table to go back to, with the same items in it."""
    kept = like(table, items=table.items.copy(), **indexes.of_a_copy())
    if table.stream_shard is not None:
        kept.stream_shard = like(table.stream_shard, table=kept, items=list(table.stream_shard.items))
    return kept


def _put_apart(table: Any, item: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    hash_key = DynamoType(item[table.hash_key_attr])
    with indexes.CHANGES:
        _own_range(table, hash_key)
        old = _held(table, hash_key, item)
        new = _put(table, item, *args, **kwargs)
        indexes.replace(table, old, new)
    return new


def _delete_apart(table: Any, hash_key: DynamoType, range_key: DynamoType | None) -> Any:
    with indexes.CHANGES:
        _own_range(table, hash_key)
        deleted = _delete(table, hash_key, range_key)
        indexes.replace(table, deleted, None)
    return deleted


def _update_apart(backend: Any, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
    table = backend.get_table(table_name)
    hash_key = DynamoType(key[table.hash_key_attr])
    with indexes.CHANGES:
        _own_range(table, hash_key)
        old = _held(table, hash_key, key)
        if old is not None:
            _hold(table, hash_key, key, _item_apart(old))
        try:
            return _update(backend, table_name, key, *args, **kwargs)
        finally:  # what moto refuses halfway is changed halfway
            indexes.replace(table, old, _held(table, hash_key, key))


def _held(table: Any, hash_key: DynamoType, key: dict[str, Any]) -> Any:
    """The item of a table that has this key, if there is one."""
    if hash_key.type != table.hash_key_type:
        return None
    held = table.items.get(hash_key)
    if held is None or table.range_key_attr is None:
        return held
    range_key = DynamoType(key[table.range_key_attr]) if table.range_key_attr in key else None
    return held.get(range_key) if range_key is not None and range_key.type == table.range_key_type else None


def _hold(table: Any, hash_key: DynamoType, key: dict[str, Any], item: Any) -> None:
    if table.range_key_attr is None:
        table.items[hash_key] = item
    else:
        table.items[hash_key][DynamoType(key[table.range_key_attr])] = item


def _query_of_one_key(table: Any, hash_key: DynamoType | None, *args: Any, **kwargs: Any) -> Any:
    index_name = kwargs.get("index_name", args[6] if len(args) > 6 else None)
    if index_name is not None:
        shown = _under(table, kwargs.get("hash_key_conditions") or ())
    elif hash_key is not None:
        shown = {hash_key: table.items[hash_key]} if hash_key in table.items else {}
    else:
        return _query(table, hash_key, *args, **kwargs)
    return _query(like(table, items=shown), hash_key, *args, **kwargs)


def _under(table: Any, keys: Sequence[tuple[str, DynamoType]]) -> Any:
    """The items of a table among which those are that have these values: by one that is remembered."""
    for name, value in keys:
        if value.type in indexes.KINDS:
            return indexes.items_under(table, name, value)
    return table.items


def _all_in_order(table: Any) -> list[Any]:
    items = list(indexes.all_of(table))
    try:
        return sorted(items, key=_key_of_table)
    except _Unlike:
        return _all_items(table)


def _in_order(table: Any, hash_key_attrs: list[str], range_key_attrs: list[str | None], items: list[Any]) -> list[Any]:
    names = table._generate_attr_to_sort_by(hash_key_attrs, range_key_attrs)
    try:
        items.sort(key=lambda item: [_plain(item.attrs.get(name)) for name in names])
    except _Unlike:
        return _sorted_items(table, hash_key_attrs, range_key_attrs, items)
    return items


def _key_of_table(item: Any) -> Any:
    if item.range_key is None:
        return _plain(item.hash_key)
    return _plain(item.hash_key), _plain(item.range_key)


class _Unlike(Exception):
    """Something whose place moto has to find."""


def _plain(value: Any) -> Any:
    """What a key is sorted by, cast once."""
    if value is not None:
        if value.type == "S":
            return value.value
        if value.type == "N":
            return Decimal(value.value)
    raise _Unlike


def _weigh_once(item: Any) -> int:
    """What an item weighs: it is another item when something in it was changed."""
    known: int | None = vars(item).get(_WEIGHT)
    if known is None:
        known = vars(item)[_WEIGHT] = _weigh(item)
    return known


def _project_names(item: Any, paths: list[list[str]]) -> Any:
    """An item of the attributes of these names, each written as moto writes what it has read."""
    if not all(len(path) == 1 and "[" not in path[0] for path in paths):
        return _project(item, paths)
    values = {name: item.attrs[name] for (name,) in paths if name in item.attrs}
    return Item(item.hash_key, item.range_key, {name: _rewritten(value) for name, value in values.items()})


def _rewritten(value: Any) -> dict[str, Any]:
    if value.type == "S":
        return {"S": value.value}
    return dict(serializer.serialize(deserializer.deserialize(value.to_regular_json())))


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
    if _weigh(item) > MOST_BYTES:
        raise ItemSizeTooLarge


def _item_apart(item: Any, memo: object = None) -> Any:
    apart = like(item, attrs=_limited((name, _value_apart(value)) for name, value in item.attrs.items()))
    vars(apart).pop(_WEIGHT, None)
    return apart


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
    (Table, "all_items", _all_in_order),
    (Table, "sorted_items", _in_order),
    (DynamoDBBackend, "update_item", _update_apart),
    (Item, "__new__", staticmethod(_of_no_register)),
    (Item, "__init__", _filled_at_once),
    (Item, "__deepcopy__", _item_apart),
    (Item, "size", _weigh_once),
    (Item, "project", _project_names),
    (DynamoType, "__deepcopy__", _value_apart),
)
