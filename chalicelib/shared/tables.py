"""What every table has in common: one engine connection for all, short time-outs, whole reads.

A slice's `records.py` declares its tables as subclasses of `Row`; `infra/tables.yaml` deploys the same ones, and a test compares
the two. Reads that decide something are consistent.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar

from botocore.config import Config
from pynamodb.connection.base import Connection
from pynamodb.connection.table import TableConnection
from pynamodb.exceptions import DoesNotExist
from pynamodb.models import Model

from chalicelib.shared.settings import settings

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
