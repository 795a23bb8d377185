"""Counts what commands cost: round trips at botocore's `before-send` event, and write units by DynamoDB's published rules.

An item is the bytes of its names and values; a write costs one unit for each begun kilobyte of the larger of the item before and
after, twice that in a transaction; an entry of an index costs one unit when it is written and one when it is removed. (DynamoDB
Local reports other figures for transactions, so the meter reads the items and counts itself.)
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine

READS: Final = frozenset({"GetItem", "BatchGetItem", "Query", "Scan"})
Item = dict[str, dict[str, Any]]


@dataclass
class Cost:
    """What one request cost, or the worst of several; `items` are the bytes of those it wrote, by table."""

    requests: int = 0
    reads: int = 0
    writes: int = 0
    units: int = 0
    items: list[tuple[str, int]] = field(default_factory=list)

    @property
    def told(self) -> str:
        """In words, the items it wrote with their bytes: what is above 1,024 costs twice."""
        items = ", ".join(f"{table} {size:,}" for table, size in self.items)
        return f"{self.reads} reads, {self.writes} writes, {self.units} units: {items or 'nothing written'}"


@dataclass
class Meter:
    """Watches the application's connection; `client` is another one, to look at items with.

    `costs` holds the worst of each command, `spent` every single request.
    """

    client: Any
    costs: dict[str, Cost] = field(default_factory=lambda: defaultdict(Cost))
    spent: dict[str, list[Cost]] = field(default_factory=lambda: defaultdict(list))
    _spent: Cost | None = None
    _before: list[tuple[str, Item, Item | None]] = field(default_factory=list)
    _factor: int = 1

    def __post_init__(self) -> None:
        events = engine().client.meta.events
        events.register("before-send.dynamodb", self._sent)
        events.register("after-call.dynamodb", self._answered)

    @contextmanager
    def of(self, command: str) -> Iterator[None]:
        with self.watched() as spent:
            yield
        self._note(command, spent)

    @contextmanager
    def where_written(self, command: str) -> Iterator[None]:
        """The same for work that may find that there is nothing to do: it counts where something was written."""
        with self.watched() as spent:
            yield
        if spent.writes:
            self._note(command, spent)

    @contextmanager
    def watched(self) -> Iterator[Cost]:
        self._spent = spent = Cost()
        try:
            yield spent
        finally:
            self._spent = None

    def _note(self, command: str, spent: Cost) -> None:
        self.spent[command].append(spent)
        worst = self.costs[command]
        self.costs[command] = Cost(
            worst.requests + 1,
            max(worst.reads, spent.reads),
            max(worst.writes, spent.writes),
            max(worst.units, spent.units),
        )

    def _sent(self, request: Any, **_: Any) -> None:
        if self._spent is None:
            return
        operation = request.headers["X-Amz-Target"].decode().split(".")[-1]
        self._spent.reads += operation in READS
        self._spent.writes += operation not in READS
        if operation in READS:
            return
        told = json.loads(request.body)
        self._factor = 2 if operation == "TransactWriteItems" else 1
        actions = [inner for action in told.get("TransactItems", []) for inner in action.values()] or [told]
        keys = [(action["TableName"], self._key(action)) for action in actions]
        self._before = [(table, key, self._item(table, key)) for table, key in keys]

    def _answered(self, http_response: Any, model: Any, **_: Any) -> None:
        if self._spent is None or http_response.status_code != 200 or model.name in READS:
            return
        for table, key, before in self._before:
            after = self._item(table, key)
            largest = max(size(before), size(after))
            self._spent.items.append((table.removeprefix(settings().name("")), largest))
            self._spent.units += self._factor * ceil(largest / 1024)
            self._spent.units += sum(_entries(index, before, after) for index in self._indexes(table))

    def _key(self, told: dict[str, Any]) -> Item:
        if "Key" in told:
            return dict(told["Key"])
        names = [part["AttributeName"] for part in self._table(told["TableName"])["KeySchema"]]
        return {name: told["Item"][name] for name in names}

    def _item(self, table: str, key: Item) -> Item | None:
        found: Item | None = self.client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return found

    def _indexes(self, table: str) -> list[list[str]]:
        return [
            [part["AttributeName"] for part in index["KeySchema"]]
            for index in self._table(table).get("GlobalSecondaryIndexes", [])
        ]

    def _table(self, name: str) -> dict[str, Any]:
        if name not in _TABLES:
            _TABLES[name] = self.client.describe_table(TableName=name)["Table"]
        return _TABLES[name]


_TABLES: dict[str, dict[str, Any]] = {}


def size(item: Item | None) -> int:
    """Bytes of names and values; a number counts half its digits and one more, which is never less than DynamoDB counts."""
    return sum(len(name) + _value_size(value) for name, value in (item or {}).items())


def _value_size(value: dict[str, Any]) -> int:
    [(kind, told)] = value.items()
    if kind == "B":
        return len(told if isinstance(told, bytes) else base64.b64decode(told))
    return ceil(len(told) / 2) + 1 if kind == "N" else len(str(told).encode())


def _entries(index: list[str], before: Item | None, after: Item | None) -> int:
    """Entries of an index that are removed and written: none where its keys stay as they are."""
    was, now = ([(item or {}).get(name) for name in index] for item in (before, after))
    if was == now:
        return 0
    return (None not in was) + (None not in now)
