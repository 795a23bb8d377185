"""Whole happy orders with everything they cause: write units and CPU of their commands and of all that reads the streams.

Each order has a supplier and a buyer of its own, so that nothing is saved by meeting on one account; what consumers save by taking entries
together shows between orders. Streams are handed to the functions of `app.py` as Lambda does, in batches.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from unittest.mock import patch

from benchmarks.floors import factories, orders
from benchmarks.floors.stage import Stage
from benchmarks.meter import Meter
from chalicelib.daybook.records import PageRow
from chalicelib.orders.declared import ORDERS
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry, JournalRow
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import engine

AT_ONCE: Final = 14
"""Orders in one go: their seven entries each fill a batch of the books."""
DEPLOYED: Final = 50
"""Actions of one bulk transaction in the cloud: see `infra/`."""
FOLLOWERS: Final = {"journal_written": 100, "journal_followed": 10}
"""Who reads the journal's stream, and how many records each takes at a time: see `app.py`."""
Step = Callable[[Stage, str, str, str], None]
"""Something that becomes of an order, by its id, of a buyer and a supplier."""
TERMS: Final = {"amount": "1500.00", "currency": "USD"}


@dataclass
class Spent:
    """Of one order on average: write units and milliseconds of CPU by what they were spent on."""

    units: dict[str, float] = field(default_factory=dict)
    reads: dict[str, float] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)


class Story(Protocol):
    """How orders are made and go on. What `parties` does is not measured."""

    def parties(self, stage: Stage) -> tuple[str, str]:
        """A new buyer and a new supplier."""

    def place(self, stage: Stage, buyer: str, supplier: str) -> str:
        """The id of an order."""

    def steps(self) -> Sequence[Step]:
        """Until it is received."""

    def later(self) -> Sequence[tuple[int, Step]]:
        """What the days bring, after so many of them."""


def measure(stage: Stage, story: Story | None = None, how: str = "", *, goes: int = 1) -> dict[str, Spent]:
    """Orders one by one, each entry in a batch of its own, and many together. CPU is counted apart from units, which cost looks of their own."""
    story = story or ByTransfer()
    with _large_transactions():
        return {
            f"one order{how} by itself": _spent(stage, story, 1, goes * AT_ONCE),
            f"{AT_ONCE} orders{how} at a time": _spent(stage, story, AT_ONCE, goes),
        }


@contextmanager
def _large_transactions() -> Iterator[None]:
    """The books' transactions as they are deployed. DynamoDB Local takes ten actions in one, so it is handed them by tens: they cost the same."""
    connection: Any = engine()
    write, deployed = connection.transact_write_items, settings()._replace(bulk_actions=DEPLOYED)

    def by_tens(*given: Sequence[Any], **more: Any) -> Any:
        if given:  # what was put together as one body is no larger than DynamoDB Local takes
            return write(*given, **more)
        puts, updates = more.pop("put_items"), more.pop("update_items")
        answer = None
        for start in range(0, max(1, len(puts) + len(updates)), 10):
            end = start + 10
            later = updates[max(0, start - len(puts)) : max(0, end - len(puts))]
            answer = write(put_items=puts[start:end], update_items=later, **more)
        return answer

    with (
        patch("chalicelib.shared.tables.settings", lambda: deployed),
        patch.object(connection, "transact_write_items", by_tens),
    ):
        yield


def _spent(stage: Stage, story: Story, together: int, goes: int) -> Spent:
    spent = Spent()
    for by_units in (True, False):
        watch = _Watch(stage.meter if by_units else None)
        for _ in range(goes):
            _go(stage, story, together, watch)
        if by_units:
            spent.units = {name: total / goes / together for name, total in watch.units.items()}
            spent.reads = {name: total / goes / together for name, total in watch.reads.items()}
        else:
            spent.milliseconds = {name: total / goes / together for name, total in watch.milliseconds.items()}
    return spent


@dataclass
class _Watch:
    meter: Meter | None
    units: dict[str, float] = field(default_factory=dict)
    reads: dict[str, float] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, name: str) -> Iterator[None]:
        if self.meter is None:
            began = time.process_time()
            yield
            spent = 1000 * (time.process_time() - began)
            self.milliseconds[name] = self.milliseconds.get(name, 0) + spent
            return
        with self.meter.watched() as cost:
            yield
        self.units[name] = self.units.get(name, 0) + cost.units
        self.reads[name] = self.reads.get(name, 0) + cost.reads


def _go(stage: Stage, story: Story, together: int, watch: _Watch) -> None:
    """So many orders side by side, step by step; after each step, or after all of them, what was written is followed."""
    stage.heard.clear()
    stage.time.begin()
    parties = [story.parties(stage) for _ in range(together)]
    follow = _Followers(stage, watch, [supplier for _, supplier in parties])
    stage.heard.clear()
    order_ids: list[str] = []
    for buyer, supplier in parties:
        with watch.of("commands"):
            order_ids.append(story.place(stage, buyer, supplier))
        follow.unless(together)

    def each(step: Step) -> None:
        for order_id, (buyer, supplier) in zip(order_ids, parties, strict=True):
            with watch.of("commands"):
                step(stage, order_id, buyer, supplier)
            follow.unless(together)

    for step in story.steps():
        each(step)
    for days, step in story.later():
        follow.all()
        stage.time.advance(days=days)
        each(step)
    follow.all()
    stage.time.begin()


class ByTransfer:
    """Agreed, paid to a bank, shipped, delivered and received; completed by the clock."""

    def parties(self, stage: Stage) -> tuple[str, str]:
        number = next(stage.numbers)
        return stage.register(f"whole-buyer-{number}"), stage.supplier(f"whole-supplier-{number}")

    def place(self, stage: Stage, buyer: str, supplier: str) -> str:
        body = {"buyer_id": buyer, "supplier_id": supplier, "terms": _terms(stage)}
        order_id: str = stage.call("/v1/orders", buyer, body, expect=201)["id"]
        return order_id

    def steps(self) -> Sequence[Step]:
        return _STEPS

    def later(self) -> Sequence[tuple[int, Step]]:
        return ((31, completes),)


def completes(stage: Stage, order_id: str, buyer: str, supplier: str) -> None:
    ORDERS.settle(order_id, stage.time.at)


def _terms(stage: Stage) -> dict[str, Any]:
    """Always the same dates, on which depends in which months the day-book is told of an order."""
    return factories.terms(
        stage.chance, items=[_LINE], instalments=[{"name": "all", "money": TERMS}], cover="total", **_DATES
    )


def acts(action: str, by: str, body: Any) -> Step:
    def step(stage: Stage, order_id: str, buyer: str, supplier: str) -> None:
        stage.call(f"/v1/orders/{order_id}/{action}", buyer if by == "buyer" else supplier, body)

    return step


def _pays(stage: Stage, order_id: str, buyer: str, supplier: str) -> None:
    orders.pay(stage, order_id, 1, 150_000)


_LINE: Final = {
    "name": "Oak table",
    "quantity": 10,
    "unit": "piece",
    "unit_price": {"amount": "150.00", "currency": "USD"},
}
_DATES: Final[dict[str, Any]] = {
    "ship_by": {"kind": "after_payment", "days": 20, "payment": "full"},
    "transport": "sea",
}
_SHIPMENT: Final = {
    "carrier": "COSCO",
    "tracking_number": "COSU6123456789",
    "documents": [{"kind": "bill_of_lading", "reference": "B/L 1"}],
}
_STEPS: Final = (
    acts("accept", "supplier", {"version": 1}),
    _pays,
    acts("ship", "supplier", _SHIPMENT),
    acts("deliver", "supplier", {"reference": "POD-1"}),
    acts("receive", "buyer", None),
)


class _Followers:
    """Hands what was written since to those who read the streams."""

    def __init__(self, stage: Stage, watch: _Watch, suppliers: Sequence[str]) -> None:
        import app

        self._functions = app.app.handler_map
        self._stage, self._watch, self._suppliers = stage, watch, suppliers
        self._days: dict[str, list[int]] = {}

    def unless(self, together: int) -> None:
        """At once, where an order goes by itself."""
        if together == 1:
            self.all()

    def all(self) -> None:
        while self._stage.heard:
            entries = list(self._stage.heard)
            self._stage.heard.clear()
            records = [_record(entry) for entry in entries]
            for function, size in FOLLOWERS.items():
                for batch in _parts(records, size):
                    self._hand(function, batch)
            if days := self._changed_days():
                self._hand("days_changed", [_change(member_id) for member_id in days])

    def _changed_days(self) -> list[str]:
        """Suppliers whose days of trade have changed since this was last asked."""
        now = {name: [row.version for row in PageRow.query(name, consistent_read=True)] for name in self._suppliers}
        changed = [name for name, versions in now.items() if versions != self._days.get(name, [])]
        self._days = now
        return changed

    def _hand(self, function: str, records: list[dict[str, Any]]) -> None:
        with self._watch.of(function):
            answer = self._functions[function]({"Records": records}, None)
        if answer["batchItemFailures"]:
            raise SystemExit(f"{function} could not take {answer}")


def _parts(records: Sequence[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(records), size):
        yield list(records[start : start + size])


def _record(entry: Entry) -> dict[str, Any]:
    """An entry as Lambda tells of it: bytes in base 64."""
    image = JournalRow.of(entry).serialize()
    return _stream_record(
        {"entry_id": image["entry_id"]},
        {name: {"B": b64encode(value["B"]).decode()} if "B" in value else value for name, value in image.items()},
    )


def _change(member_id: str) -> dict[str, Any]:
    return _stream_record({"member_id": {"S": member_id}}, {})


def _stream_record(keys: dict[str, Any], image: dict[str, Any]) -> dict[str, Any]:
    change = {
        "SequenceNumber": str(time.monotonic_ns()),
        "Keys": keys,
        "ApproximateCreationDateTime": clock.real().timestamp(),
        "NewImage": image,
    }
    return {
        "eventSource": "aws:dynamodb",
        "eventName": "INSERT",
        "eventID": change["SequenceNumber"],
        "dynamodb": change,
    }
