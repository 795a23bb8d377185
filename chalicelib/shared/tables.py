"""What every table has in common: one engine connection for all, short time-outs, whole reads.

A slice's `records.py` declares its tables as subclasses of `Row`; `infra/tables.yaml` deploys the same ones, and a test compares
the two. Reads that decide something are consistent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, TypeVar

from botocore.config import Config
from pynamodb.connection.base import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import DoesNotExist
from pynamodb.models import Model

from chalicelib.shared import retries
from chalicelib.shared.aws import CONNECT_SECONDS, NO_RETRIES
from chalicelib.shared.settings import settings

R = TypeVar("R", bound="Row")

Item = dict[str, dict[str, Any]]
"""An item in the engine's words, `{"member_id": {"S": "mem_…"}, "body": {"B": b"…"}}`."""

MOST_KEYS: Final = 100
"""Items one BatchGetItem answers."""


class Row(Model):
    """An item of a table."""

    @classmethod
    def _get_connection(cls) -> TableConnection:
        table: TableConnection = super()._get_connection()
        shared = engine()
        if table.connection is not shared:
            with suppress(ValueError):  # another kind of row of the same table, or another thread, was here first
                shared.add_meta_table(table.get_meta_table())
            table.connection = shared
        return table

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
        for start in range(0, len(keys), MOST_KEYS):
            for _, item in read_together({cls.Meta.table_name: keys[start : start + MOST_KEYS]}):
                yield cls.from_raw_data(item)

    @classmethod
    def _key(cls, name: Any) -> Item:
        form: Any = cls
        parts = (form._hash_key_attribute(), form._range_key_attribute())
        given = name if isinstance(name, tuple) else (name,)
        return {
            part.attr_name: {part.attr_type: part.serialize(value)} for part, value in zip(parts, given, strict=False)
        }


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

    What it leaves unprocessed is asked for again after a pause that grows. Busy where patience ends.
    """
    wanted: dict[str, Any] = {table: {"Keys": list(some), "ConsistentRead": True} for table, some in keys.items()}
    for _ in retries.attempts("The store does not keep up with reading."):
        told = (send or _batch_get)(wanted)
        for table, items in told["Responses"].items():
            yield from ((table, item) for item in items)
        wanted = told.get("UnprocessedKeys") or {}
        if not wanted:
            return


def _batch_get(wanted: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = engine().dispatch("BatchGetItem", {"RequestItems": wanted})
    return told


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
