"""What every table has in common: one engine connection for all, short time-outs, whole reads.

A slice's `records.py` declares its tables as subclasses of `Row`; `infra/tables.yaml` deploys the same ones, and a test compares
the two. Reads that decide something are consistent.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from msgspec import Struct
from pynamodb.attributes import Attribute
from pynamodb.connection.base import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.constants import NULL
from pynamodb.exceptions import AttributeNullError, DeleteError, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Between, Condition
from pynamodb.expressions.update import Action
from pynamodb.expressions.update import Update as UpdateExpression
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.shared import bodies, observe, retries
from chalicelib.shared.aws import CONNECT_SECONDS, NO_RETRIES
from chalicelib.shared.errors import Unreadable
from chalicelib.shared.settings import settings
from chalicelib.shared.store_errors import is_condition_failed
from chalicelib.shared.texts import say

AT_ONCE: Final = 100
"""Items that one round trip reads by their keys."""

WRITTEN_AT_ONCE: Final = 25
"""Items that one round trip writes outside of a transaction."""

R = TypeVar("R", bound="Row")
T = TypeVar("T")

Item = dict[str, dict[str, Any]]
"""An item in the engine's words, `{"member_id": {"S": "mem_…"}, "body": {"B": b"…"}}`."""


class _Form(Struct, frozen=True):
    """What PynamoDB asks of each attribute of a kind of row, for every row anew."""

    defaults: dict[str, Any]
    writes: tuple[tuple[str, str, str, Callable[[Any], Any], bool], ...]
    reads: tuple[tuple[str, str, str, Callable[[Any], Any]], ...]
    key: tuple[tuple[str, str, Callable[[Any], Any]], ...]


class Row(Model):
    """An item of a table.

    It becomes an item of the engine and comes of one by its kind's form: PynamoDB goes through all attributes of a row once for their defaults,
    once for the values it is given and once for each conversion, half of what a row costs.
    """

    def __init__(
        self, hash_key: Any = None, range_key: Any = None, _user_instantiated: bool = True, **columns: Any
    ) -> None:
        form = _form(type(self))
        for name, value in ((self._hash_keyname, hash_key), (self._range_keyname, range_key)):
            if name and value is not None:
                columns[name] = value
        if unknown := columns.keys() - self.get_attributes().keys():
            raise ValueError(f"{type(self).__name__} has no {sorted(unknown)}")
        self.attribute_values = {**form.defaults, **columns}

    def serialize(self, null_check: bool = True) -> Item:
        values, item = self.attribute_values, {}
        for name, column, kind, write, may_be_null in _form(type(self)).writes:
            value = values.get(name)
            written = None if value is None else write(value)
            if written is not None:
                item[column] = {kind: written}
            elif null_check and not may_be_null:
                raise AttributeNullError(name)
        return item

    @classmethod
    def _get_connection(cls) -> TableConnection:
        table: TableConnection = super()._get_connection()
        shared = engine()
        if table.connection is not shared:
            mine = table.get_meta_table()
            with suppress(ValueError):  # another kind of row of the same table, or another thread, was here first
                shared.add_meta_table(mine)
            _join(shared.get_meta_table(mine.table_name).data, mine.data)
            table.connection = shared
        return table

    def save(self, condition: Condition | None = None, *, add_version_condition: bool = True) -> dict[str, Any]:
        """Write this item, if a condition holds; PutError where it does not."""
        try:
            return engine().dispatch("PutItem", self.put_action(condition))
        except (BotoCoreError, ClientError) as why:
            raise PutError(f"Failed to put item: {why}", why) from why

    def put_action(self, condition: Condition | None = None, *, tells_old: bool = False) -> dict[str, Any]:
        """What a transaction does to write this item, if a condition holds. `tells_old`: where it does not, the refusal brings the item that is there."""
        return self._action({"Item": self.serialize()}, condition, tells_old)

    def update_action(
        self, actions: Sequence[Action], condition: Condition | None = None, *, tells_old: bool = False
    ) -> dict[str, Any]:
        """The same to change some columns of the item with this one's key."""
        return self._action({"Key": self._key(self.item_key[1:])}, condition, tells_old, actions)

    def _action(
        self, action: dict[str, Any], condition: Condition | None, tells_old: bool, actions: Sequence[Action] = ()
    ) -> dict[str, Any]:
        names: dict[str, str] = {}
        values: dict[str, Any] = {}
        action["TableName"] = self.Meta.table_name
        if condition is not None:
            action["ConditionExpression"] = condition.serialize(names, values)
        if actions:
            action["UpdateExpression"] = UpdateExpression(*actions).serialize(names, values)
        if names:
            action["ExpressionAttributeNames"] = {placeholder: name for name, placeholder in names.items()}
        if values:
            action["ExpressionAttributeValues"] = values
        if tells_old:
            action["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        return action

    @classmethod
    def from_raw_data(cls: type[R], data: dict[str, Any]) -> R:
        """The item of the engine's form. Unreadable where its columns do not hold what they should."""
        try:
            form = _form(cls)
            values = dict(form.defaults)
            for name, column, kind, read in form.reads:
                value = data.get(column)
                if value and NULL not in value:
                    values[name] = read(value[kind])
            row = cls.__new__(cls)
            row.attribute_values = values
            return row
        except Exception as why:
            key = data.get(cls._hash_keyname or "")
            observe.logger.exception("a record cannot be read", extra={"table": cls.Meta.table_name, "key": key})
            observe.count("RecordUnreadable")
            raise Unreadable("A record that this needs does not hold what it should.") from why

    @classmethod
    def listed(cls: type[R], names: Iterable[str]) -> list[R]:
        """For lists: the items of these keys as they are now, in no order. What is not there, or cannot be read, is left out."""
        wanted = list(dict.fromkeys(names))
        try:
            return list(cls.find_many(wanted))
        except Unreadable:
            return [row for name in wanted if (row := cls._find_readable(name))]

    @classmethod
    def names(cls, after: str | None = None) -> Iterator[str]:
        """For lists: the keys of a table, in no order that means anything, from behind one of them on."""
        key = cls._hash_keyname or ""
        start = {key: {"S": after}} if after else None
        rows = cls.scan(attributes_to_get=[key], last_evaluated_key=start, page_size=AT_ONCE)
        return (getattr(row, key) for row in rows)

    @classmethod
    def names_in(cls, *, segment: int, segments: int, after: str = "") -> Iterator[str]:
        """For jobs: the keys of one in so many segments of the table, from behind one of them on.

        Names only, so that an item that cannot be read does not end the walk.
        """
        key = cls._hash_keyname or ""
        rows = cls.scan(
            segment=segment,
            total_segments=segments,
            page_size=AT_ONCE,
            last_evaluated_key={key: {"S": after}} if after else None,
            attributes_to_get=[key],
            consistent_read=True,
        )
        return (getattr(row, key) for row in rows)

    @classmethod
    def _find_readable(cls: type[R], name: str) -> R | None:
        with suppress(Unreadable):
            return cls.find(name)
        return None

    @classmethod
    def find(cls: type[R], hash_key: Any, range_key: Any = None) -> R | None:
        """The item as it is now, or None: one consistent read."""
        key = cls._key(hash_key if range_key is None else (hash_key, range_key))
        if not _is_named(key):
            return None
        response = engine().dispatch("GetItem", {"TableName": cls.Meta.table_name, "Key": key, "ConsistentRead": True})
        item = response.get("Item")
        return cls.from_raw_data(item) if item else None

    @classmethod
    def query(  # type: ignore[override]
        cls: type[R], hash_key: Any, range_key_condition: Condition | None = None, *args: Any, **how: Any
    ) -> Iterator[R]:
        """The items under a key whose range key is so. Where that cannot be the engine is not asked, as it refuses: under an empty key, or
        between two ends of which the first lies behind the second.
        """
        if hash_key == "" or _is_empty(range_key_condition):
            return iter(())
        return super().query(hash_key, range_key_condition, *args, **how)

    @classmethod
    def find_many(cls: type[R], names: Iterable[Any]) -> Iterator[R]:
        """The items of these keys as they are now, in no order: a consistent read for each hundred. What is not there is left out.

        A key is its only part, or (hash, range).
        """
        keys = [cls._key(name) for name in dict.fromkeys(names)]
        yield from map(cls.from_raw_data, get_many(cls.Meta.table_name, keys))

    @property
    def item_key(self) -> tuple[Any, ...]:
        """What tells this item from every other: its table and its key."""
        own: Any = type(self)
        hash_key, *range_key = (getattr(self, name) for name in (own._hash_keyname, own._range_keyname) if name)
        return own.Meta.table_name, hash_key, *range_key

    @classmethod
    def _key(cls, name: Any) -> Item:
        given = name if isinstance(name, tuple) else (name,)
        return {
            column: {kind: write(value)} for (column, kind, write), value in zip(_form(cls).key, given, strict=False)
        }


def index(hash_key: Attribute[Any], range_key: Attribute[Any], *also: Attribute[Any]) -> GlobalSecondaryIndex[Any]:
    """An index of a table by two of its columns, under the name it has there. It holds keys, and `also` these columns.

    Sparse where the first may be null: what lacks it is not in it.
    """

    class OfColumns(GlobalSecondaryIndex[Any]):
        class Meta:
            projection = KeysOnlyProjection()

        def __set_name__(self, owner: type[Any], name: str) -> None:
            """Only now do the columns have their names."""
            meta: Any = self.Meta
            meta.index_name = name
            meta.attributes = {}
            for part, role in ((hash_key, "hash_key"), (range_key, "range_key")):
                column = meta.attributes[part.attr_name] = type(part)(attr_name=part.attr_name, **{role: True})
                column.__set_name__(type(self), part.attr_name)
            if also:
                meta.projection = IncludeProjection([column.attr_name for column in also])

    return OfColumns()


@cache
def _form(row: type[Row]) -> _Form:
    attributes, keys = row.get_attributes(), (row._hash_keyname, row._range_keyname)
    assert not any(callable(each.default) or each.default_for_new for each in attributes.values()), (
        "defaults are values"
    )
    return _Form(
        defaults={name: each.default for name, each in attributes.items() if each.default is not None},
        writes=tuple(
            (name, each.attr_name, each.attr_type, each.serialize, bool(each.null)) for name, each in attributes.items()
        ),
        reads=tuple((name, each.attr_name, each.attr_type, each.deserialize) for name, each in attributes.items()),
        key=tuple(
            (each.attr_name, each.attr_type, each.serialize) for each in (attributes[name] for name in keys if name)
        ),
    )


def guarded(write: Callable[[], object]) -> bool:
    """Make a write of one item that has a condition. False where that does not hold: nothing is written then."""
    try:
        write()
    except (PutError, UpdateError, DeleteError) as failure:
        if not is_condition_failed(failure):
            raise
        return False
    return True


def once(mark: Row, is_new: Condition, change: Iterable[tuple[Row, Sequence[Action]]]) -> bool:
    """Make a change of several items with a mark that it is made. False where that mark is there: nothing is written then."""
    return bool(once_each([mark], lambda one: one, is_new, lambda _: change))


def once_each(
    items: Sequence[T],
    mark: Callable[[T], Row],
    is_new: Condition,
    change: Callable[[Sequence[T]], Iterable[tuple[Row, Sequence[Action]]]],
) -> Sequence[T]:
    """Make one change for several things, with a mark of each that it is made: in one transaction, for those whose mark is not there. Returns these.

    `change` says of such things which items are updated, and how.
    """
    try:
        transact(
            puts=[mark(one).put_action(is_new) for one in items],
            updates=[row.update_action(actions) for row, actions in change(items)],
        )
    except TransactWriteError as failure:
        reasons = failure.cancellation_reasons
        known = [reason is not None and reason.code == "ConditionalCheckFailed" for reason in reasons[: len(items)]]
        if not any(known):
            raise
        new = [one for one, is_known in zip(items, known, strict=True) if not is_known]
        return once_each(new, mark, is_new, change) if new else ()
    return items


def by_transaction(groups: Iterable[tuple[Sequence[T], Set[Hashable]]]) -> Iterator[list[T]]:
    """Things by transaction, for `once_each`: each with its mark, and each item that their change adds to, which several of them may share, once.

    A group comes with the items that it adds to, and stays together.
    """
    most = settings().bulk_actions
    batch: list[T] = []
    items: set[Hashable] = set()
    for group, own in groups:
        if batch and len(batch) + len(group) + len(items | own) > most:
            yield batch
            batch, items = [], set()
        batch += group
        items |= own
    if batch:
        yield batch


def transact(puts: Sequence[dict[str, Any]], updates: Sequence[dict[str, Any]] = ()) -> None:
    """All of these, by `put_action` and `update_action`, or nothing. TransactWriteError has the reasons of puts before those of updates."""
    engine().transact_write_items(condition_check_items=(), delete_items=(), put_items=puts, update_items=updates)


def get_many(table: str, keys: Sequence[Item]) -> Iterator[Item]:
    """The items of these keys as they are now: a consistent read for each hundred. What is not there is left out."""
    for start in range(0, len(keys), AT_ONCE):
        for _, item in read_together({table: keys[start : start + AT_ONCE]}):
            yield item


def find_together(*wanted: tuple[type[Row], str]) -> list[Any]:
    """Items of several tables as they are now, each by its only key, or None: one consistent round trip for all."""
    assert len({form for form, _ in wanted}) == len(wanted), "one item of each table"
    by_table = dict(read_together({form.Meta.table_name: [form._key(name)] for form, name in wanted}))
    return [
        form.from_raw_data(by_table[form.Meta.table_name]) if form.Meta.table_name in by_table else None
        for form, _ in wanted
    ]


def read_together(
    keys: Mapping[str, Sequence[Item]], send: Callable[[dict[str, Any]], dict[str, Any]] | None = None
) -> Iterator[tuple[str, Item]]:
    """Tables and raw items of these keys, at most a hundred in all: as many round trips as the engine needs to hand them out.

    What it leaves unprocessed is asked for again after a pause that grows. Unavailable where patience ends.
    """
    named = {table: [key for key in some if _is_named(key)] for table, some in keys.items()}
    wanted: dict[str, Any] = {table: {"Keys": some, "ConsistentRead": True} for table, some in named.items() if some}
    if not wanted:
        return
    for _ in retries.attempts(say("The store does not keep up with reading.")):
        response = (send or _batch_get)(wanted)
        for table, items in response["Responses"].items():
            yield from ((table, item) for item in items)
        wanted = response.get("UnprocessedKeys") or {}
        if not wanted:
            return


def _is_named(key: Item) -> bool:
    """An empty text names nothing: no item has it in its key, and the engine refuses to be asked for one."""
    return {"S": ""} not in key.values()


def _is_empty(condition: Condition | None) -> bool:
    """Whether nothing lies between the two ends of a condition."""
    if not isinstance(condition, Between):
        return False
    [(kind, least)], [(_, most)] = (end.value.items() for end in condition.values[1:])
    return Decimal(least) > Decimal(most) if kind == "N" else least.encode() > most.encode()


def write_together(rows: Sequence[Row]) -> None:
    """Write items of one kind, each key once, whatever is there: a round trip for each twenty-five.

    What the engine leaves unprocessed is written again after a pause that grows. Unavailable where patience ends.
    """
    for start in range(0, len(rows), WRITTEN_AT_ONCE):
        some = rows[start : start + WRITTEN_AT_ONCE]
        left: dict[str, Any] = {some[0].Meta.table_name: [{"PutRequest": {"Item": row.serialize()}} for row in some]}
        for _ in retries.attempts(say("The store does not keep up with writing.")):
            left = engine().dispatch("BatchWriteItem", {"RequestItems": left}).get("UnprocessedItems") or {}
            if not left:
                break


def _batch_get(wanted: dict[str, Any]) -> dict[str, Any]:
    response: dict[str, Any] = engine().dispatch("BatchGetItem", {"RequestItems": wanted})
    return response


def _join(known: dict[str, Any], mine: dict[str, Any]) -> None:
    """Let the engine's client know of a table what each kind of its rows declares: some know of fewer indexes than others."""
    for part, name in (("AttributeDefinitions", "AttributeName"), ("GlobalSecondaryIndexes", "IndexName")):
        there = {key[name] for key in known.setdefault(part, [])}
        known[part].extend(key for key in mine.get(part, []) if key[name] not in there)


@lru_cache(maxsize=1)
def engine() -> Connection:
    """The one client of DynamoDB in this process. A second costs a cold start 100 ms and a pool of sockets."""
    connection = Connection(
        connect_timeout_seconds=CONNECT_SECONDS,
        read_timeout_seconds=settings().store_seconds,
        retry_configuration=NO_RETRIES,
        max_pool_connections=64,
    )
    # One name for us instead of the long one botocore composes anew for every call: a tenth of a call's CPU time.
    connection.session.set_default_client_config(Config(user_agent="surety"))
    client: Any = connection.client  # made in this thread, where the session has that configuration
    retries.govern(client.meta.events)
    bodies.make(client.meta.events)
    return connection


def table(name: str) -> Any:
    """What a row's class has as `Meta`: its table as it is called here."""
    return type("Meta", (), {"table_name": table_name(name)})


def table_name(table: str) -> str:
    return settings().name(table)
