"""What every table has in common: one engine connection for all, short time-outs, whole reads.

A slice's `records.py` declares its tables as subclasses of `Row`; `infra/tables.yaml` deploys the same ones, and a test compares
the two. Reads that decide something are consistent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from typing import Any, Final, TypeVar

from botocore.config import Config
from pynamodb.connection.base import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import DoesNotExist
from pynamodb.models import Model

from chalicelib.shared import observe
from chalicelib.shared.refusal import Unreadable
from chalicelib.shared.settings import settings

AT_ONCE: Final = 100
"""Items that one round trip reads by their keys."""

R = TypeVar("R", bound="Row")


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
            return list(cls.batch_get(wanted, consistent_read=True))
        except Unreadable:
            return [row for name in wanted if (row := cls._find_readable(name))]

    @classmethod
    def walk(cls: type[R], after: str | None = None) -> Iterator[R]:
        """For lists: every item of the table that can be read, in no order that means anything, from behind a key on."""
        key = cls._hash_keyname or ""
        start = {key: {"S": after}} if after else None
        rows = cls.scan(attributes_to_get=[key], last_evaluated_key=start, page_size=AT_ONCE)
        names = (getattr(row, key) for row in rows)
        while batch := list(islice(names, AT_ONCE)):
            found = {getattr(row, key): row for row in cls.listed(batch)}
            yield from (found[name] for name in batch if name in found)

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


def find_together(*wanted: tuple[type[Row], str]) -> list[Any]:
    """Items of several tables as they are now, each by its only key, or None: one consistent round trip for all."""
    assert len({form for form, _ in wanted}) == len(wanted), "one item of each table"
    asked = {
        form.Meta.table_name: {"Keys": [{form._hash_keyname: {"S": name}}], "ConsistentRead": True}
        for form, name in wanted
    }
    client: Any = engine().client
    told = client.batch_get_item(RequestItems=asked)
    if told.get("UnprocessedKeys"):  # the engine had no room for all at once
        return [form.find(name) for form, name in wanted]
    found = told["Responses"]
    return [
        form.from_raw_data(found[form.Meta.table_name][0]) if found.get(form.Meta.table_name) else None
        for form, _ in wanted
    ]


def _join(known: dict[str, Any], mine: dict[str, Any]) -> None:
    """Let the engine's client know of a table what each kind of its rows declares: some know of fewer indexes than others."""
    for part, name in (("AttributeDefinitions", "AttributeName"), ("GlobalSecondaryIndexes", "IndexName")):
        there = {told[name] for told in known.setdefault(part, [])}
        known[part].extend(told for told in mine.get(part, []) if told[name] not in there)


@lru_cache(maxsize=1)
def engine() -> Connection:
    """The one client of DynamoDB in this process. A second costs a cold start 100 ms and a pool of sockets."""
    connection = Connection(
        connect_timeout_seconds=1,
        read_timeout_seconds=3,
        retry_configuration={"total_max_attempts": 3, "mode": "standard"},
        max_pool_connections=64,
    )
    # One name for us instead of the long one botocore composes anew for every call: a tenth of a call's CPU time.
    connection.session.set_default_client_config(Config(user_agent="surety"))
    assert connection.client, "made in this thread, where the session has that configuration"
    return connection


def table_name(table: str) -> str:
    return settings().name(table)
