"""What every table has in common: one engine connection for all, short time-outs, whole reads.

A slice's `records.py` declares its tables as subclasses of `Row`; `infra/tables.yaml` deploys the same ones, and a test compares
the two. Reads that decide something are consistent.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, TypeVar

from botocore.config import Config
from pynamodb.connection.base import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import DeleteError, DoesNotExist, PutError, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.shared import observe, retries
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


class Row(Model):
    """An item of a table."""

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

    @classmethod
    def from_raw_data(cls: type[R], data: dict[str, Any]) -> R:
        """The item of the engine's form. Unreadable where its columns do not hold what they should."""
        try:
            return super().from_raw_data(data)
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
        try:
            return cls.get(hash_key, range_key, consistent_read=True)
        except DoesNotExist:
            return None

    @classmethod
    def find_many(cls: type[R], names: Iterable[Any]) -> Iterator[R]:
        """The items of these keys as they are now, in no order: a consistent read for each hundred. What is not there is left out.

        A key is its only part, or (hash, range).
        """
        keys = [cls._key(name) for name in dict.fromkeys(names)]
        for start in range(0, len(keys), AT_ONCE):
            for _, item in read_together({cls.Meta.table_name: keys[start : start + AT_ONCE]}):
                yield cls.from_raw_data(item)

    @property
    def item_key(self) -> tuple[Any, ...]:
        """What tells this item from every other: its table and its key."""
        own: Any = type(self)
        hash_key, *range_key = (getattr(self, name) for name in (own._hash_keyname, own._range_keyname) if name)
        return own.Meta.table_name, hash_key, *range_key

    @classmethod
    def _key(cls, name: Any) -> Item:
        form: Any = cls
        parts = (form._hash_key_attribute(), form._range_key_attribute())
        given = name if isinstance(name, tuple) else (name,)
        return {
            part.attr_name: {part.attr_type: part.serialize(value)} for part, value in zip(parts, given, strict=False)
        }


def guarded(write: Callable[[], object]) -> bool:
    """Make a write of one item that has a condition. False where that does not hold: nothing is written then."""
    try:
        write()
    except (PutError, UpdateError, DeleteError) as failure:
        if not is_condition_failed(failure):
            raise
        return False
    return True


def once(mark: Row, is_new: Condition, change: Callable[[TransactWrite], None]) -> bool:
    """Make a change of several items with a mark that it is made. False where that mark is there: nothing is written then."""
    return bool(once_each([mark], lambda one: one, is_new, lambda transaction, _: change(transaction)))


def once_each(
    told: Sequence[T], mark: Callable[[T], Row], is_new: Condition, change: Callable[[TransactWrite, Sequence[T]], None]
) -> Sequence[T]:
    """Make one change for several things, with a mark of each that it is made: in one transaction, for those whose mark is not there. Returns these."""
    try:
        with TransactWrite(connection=engine()) as transaction:
            for one in told:
                transaction.save(mark(one), condition=is_new)
            change(transaction, told)
    except TransactWriteError as failure:
        reasons = failure.cancellation_reasons
        known = [reason is not None and reason.code == "ConditionalCheckFailed" for reason in reasons[: len(told)]]
        if not any(known):
            raise
        new = [one for one, is_known in zip(told, known, strict=True) if not is_known]
        return once_each(new, mark, is_new, change) if new else ()
    return told


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


def find_together(*wanted: tuple[type[Row], str]) -> list[Any]:
    """Items of several tables as they are now, each by its only key, or None: one consistent round trip for all."""
    assert len({form for form, _ in wanted}) == len(wanted), "one item of each table"
    found = dict(read_together({form.Meta.table_name: [form._key(name)] for form, name in wanted}))
    return [
        form.from_raw_data(found[form.Meta.table_name]) if form.Meta.table_name in found else None for form, _ in wanted
    ]


def read_together(
    keys: Mapping[str, Sequence[Item]], send: Callable[[dict[str, Any]], dict[str, Any]] | None = None
) -> Iterator[tuple[str, Item]]:
    """Tables and raw items of these keys, at most a hundred in all: as many round trips as the engine needs to hand them out.

    What it leaves unprocessed is asked for again after a pause that grows. Unavailable where patience ends.
    """
    wanted: dict[str, Any] = {table: {"Keys": list(some), "ConsistentRead": True} for table, some in keys.items()}
    for _ in retries.attempts(say("The store does not keep up with reading.")):
        told = (send or _batch_get)(wanted)
        for table, items in told["Responses"].items():
            yield from ((table, item) for item in items)
        wanted = told.get("UnprocessedKeys") or {}
        if not wanted:
            return


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
    told: dict[str, Any] = engine().dispatch("BatchGetItem", {"RequestItems": wanted})
    return told


def _join(known: dict[str, Any], mine: dict[str, Any]) -> None:
    """Let the engine's client know of a table what each kind of its rows declares: some know of fewer indexes than others."""
    for part, name in (("AttributeDefinitions", "AttributeName"), ("GlobalSecondaryIndexes", "IndexName")):
        there = {told[name] for told in known.setdefault(part, [])}
        known[part].extend(told for told in mine.get(part, []) if told[name] not in there)


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
    return connection


def table_name(table: str) -> str:
    return settings().name(table)
