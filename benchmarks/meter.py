"""Counts what commands cost: round trips at botocore's `before-send` event, and write units by DynamoDB's published rules.

An item is the bytes of its names and values; a write costs one unit for each begun kilobyte of the larger of the item before and
after, twice that in a transaction; an entry of an index costs one unit when it is written and one when it is removed. A write whose
condition fails costs what it would have written, without the indexes. A read costs a unit for each begun four kilobytes, half of it where
it need not be consistent. (DynamoDB Local reports other figures for transactions, so the meter reads the items and counts itself.)
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
    failed: int = 0
    read_units: float = 0
    items: list[tuple[str, int]] = field(default_factory=list)

    def add(self, other: Cost) -> None:
        for name in ("requests", "reads", "writes", "units", "failed", "read_units", "items"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    @property
    def in_words(self) -> str:
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
    _weight: float = 1

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
        """What is watched within it counts for both."""
        around, self._spent = self._spent, (spent := Cost())
        try:
            yield spent
        finally:
            self._spent = around
            if around is not None:
                around.add(spent)

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """What the benchmark looks at for itself."""
        around, self._spent = self._spent, None
        try:
            yield
        finally:
            self._spent = around

    def _note(self, command: str, spent: Cost) -> None:
        self.spent[command].append(spent)
        worst = self.costs[command]
        self.costs[command] = Cost(
            worst.requests + 1,
            max(worst.reads, spent.reads),
            max(worst.writes, spent.writes),
            max(worst.units, spent.units),
            max(worst.failed, spent.failed),
            max(worst.read_units, spent.read_units),
        )

    def _sent(self, request: Any, **_: Any) -> None:
        if self._spent is None:
            return
        operation = request.headers["X-Amz-Target"].decode().split(".")[-1]
        self._spent.reads += operation in READS
        self._spent.writes += operation not in READS
        parameters = json.loads(request.body)
        if operation in READS:
            self._weight = _weight(parameters)
            return
        self._factor = 2 if operation == "TransactWriteItems" else 1
        actions = list(_actions(parameters))
        keys = [(action["TableName"], self._key(action)) for action in actions]
        self._before = [(table, key, self._item(table, key)) for table, key in keys]

    def _answered(self, http_response: Any, parsed: Any, model: Any, **_: Any) -> None:
        if self._spent is None:
            return
        if model.name in READS:
            self._spent.read_units += self._weight * _read_units(parsed)
            return
        if http_response.status_code != 200:
            self._spent.failed += sum(self._factor * ceil(max(1, size(before)) / 1024) for _, _, before in self._before)
            return
        for table, key, before in self._before:
            after = self._item(table, key)
            largest = max(size(before), size(after))
            self._spent.items.append((table.removeprefix(settings().name("")), largest))
            self._spent.units += self._factor * ceil(largest / 1024)
            self._spent.units += sum(_entries(index, before, after) for index in self._indexes(table))

    def _key(self, action: dict[str, Any]) -> Item:
        if "Key" in action:
            return dict(action["Key"])
        names = [part["AttributeName"] for part in self._table(action["TableName"])["KeySchema"]]
        return {name: action["Item"][name] for name in names}

    def _item(self, table: str, key: Item) -> Item | None:
        item: Item | None = self.client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")
        return item

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


def _actions(parameters: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What a call writes: one item, several in a transaction, or several each by itself."""
    for table, puts in parameters.get("RequestItems", {}).items():
        yield from ({"TableName": table, "Item": put["PutRequest"]["Item"]} for put in puts)
    yield from (inner for action in parameters.get("TransactItems", []) for inner in action.values())
    if "TableName" in parameters:
        yield parameters


def _weight(parameters: dict[str, Any]) -> float:
    """What a read counts for: half where it need not be consistent."""
    consistent = parameters.get("ConsistentRead") or any(
        keys.get("ConsistentRead") for keys in parameters.get("RequestItems", {}).values()
    )
    return 1 if consistent else 0.5


def _read_units(parsed: dict[str, Any]) -> int:
    """Begun four kilobytes: of each item that was asked for by its key, of all that a query found together."""
    if "Items" in parsed:
        return max(1, ceil(sum(map(size, parsed["Items"])) / 4096))
    read = [item for items in parsed.get("Responses", {}).values() for item in items] or [parsed.get("Item")]
    return sum(max(1, ceil(size(item) / 4096)) for item in read)


def size(item: Item | None) -> int:
    """Bytes of names and values; a number counts half its digits and one more, which is never less than DynamoDB counts."""
    return sum(len(name) + _value_size(value) for name, value in (item or {}).items())


def _value_size(value: dict[str, Any]) -> int:
    [(kind, content)] = value.items()
    if kind == "B":
        return len(content if isinstance(content, bytes) else base64.b64decode(content))
    return ceil(len(content) / 2) + 1 if kind == "N" else len(str(content).encode())


def _entries(index: list[str], before: Item | None, after: Item | None) -> int:
    """Entries of an index that are removed and written: none where its keys stay as they are."""
    was, now = ([(item or {}).get(name) for name in index] for item in (before, after))
    if was == now:
        return 0
    return (None not in was) + (None not in now)
