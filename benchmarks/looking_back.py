"""F10: what a page of suppliers in one status reads, and what is asked before a deposit is released, at 10^3, 10^4 and 10^5 suppliers or trades.

    make bench-reads                     # 1,000 suppliers and as many trades of one seller, 10,000, 100,000
    make bench-reads ARGS="1000"         # so many as are named

On DynamoDB Local, in memory. A supplier and ten years of a seller's trades, one in three days, are written by the application; the others are
copies of them under other keys. Units are those of consistent reads.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Final

import boto3

from benchmarks.lambda_events import configure

configure()
os.environ["SURETY_STORE_SECONDS"] = "30"  # the engine on one machine takes that while it is filled

from benchmarks.floors.stage import BEGINS, Stage, services  # noqa: E402 - the environment comes first
from benchmarks.meter import Meter  # noqa: E402
from benchmarks.trades import DAYS, SELLER, completed  # noqa: E402
from chalicelib.daybook.service import recording  # noqa: E402
from chalicelib.shared.request import Caller, RequestContext  # noqa: E402
from chalicelib.shared.settings import settings  # noqa: E402
from chalicelib.shared.tables import WRITTEN_AT_ONCE, Item, engine  # noqa: E402
from chalicelib.suppliers.service import reading  # noqa: E402
from chalicelib.suppliers.views.programme import SuppliersQuery  # noqa: E402
from infra.local import resources  # noqa: E402
from infra.local.engine import DynamoDBLocal  # noqa: E402

SIZES: Final = (1_000, 10_000, 100_000)
WRITERS: Final = 4
OFFICER: Final = RequestContext(
    caller=Caller(sub="officer", role="officer"), now=BEGINS, request_id="bench", key="bench"
)


def main(sizes: tuple[int, ...]) -> int:
    """1 where anything takes more calls or units with more than with few."""
    print(f"{'':44} {'calls':>6} {'units':>9} {'CPU ms':>8}")
    with services():
        measured = [at(size) for size in sizes]
    return int(any(each > measured[0] for each in measured))


def at(size: int) -> list[tuple[int, float]]:
    """The calls and units of each thing that is asked."""
    with DynamoDBLocal.found() as running:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = running.url
        client: Any = boto3.Session().client("dynamodb")
        resources.create_tables(client, settings().stage)
        engine.cache_clear()
        meter = Meter(client)
        with Stage.opened(meter, random.Random(size)) as stage:
            supplier_id = stage.supplier("first")
            _copy(client, "suppliers", "member_id", supplier_id, size)
            recording.record([completed(day, day) for day in range(0, DAYS, 3)])
            _copy_trades(client, size)
            print(f"{size:,} suppliers of one status, {size:,} trades of one seller in ten years")
            first = SuppliersQuery(status="active", limit=100)
            page, spent = _measured(meter, "suppliers by status, a hundred", lambda: reading.listed(first, OFFICER))
            on = SuppliersQuery(status="active", limit=100, cursor=page.next_cursor)
            left, cost = _measured(meter, "release of a deposit", lambda: recording.unfinished(SELLER))
            if len(page.items) != 100 or left.trades:
                raise SystemExit(f"{len(page.items)} suppliers were shown, {left.trades} trades are open")
            return [
                spent,
                _measured(meter, "suppliers by status, on from there", lambda: reading.listed(on, OFFICER))[1],
                cost,
            ]


def _copy(client: Any, table: str, key: str, name: str, size: int) -> None:
    item = client.get_item(TableName=settings().name(table), Key={key: {"S": name}})["Item"]
    _write(client, table, (item | {key: {"S": f"{name[:-6]}{number:06}"}} for number in range(size)))


def _copy_trades(client: Any, size: int) -> None:
    name = settings().name("trades")
    parameters = {
        "TableName": name,
        "Limit": 1,
        "KeyConditionExpression": "member_id = :m AND begins_with(trade_id, :t)",
    }
    item = client.query(**parameters, ExpressionAttributeValues={":m": {"S": SELLER}, ":t": {"S": "T-"}})["Items"][0]
    _write(client, "trades", (item | {"trade_id": {"S": f"T-X{number:06}"}} for number in range(size)))


def _write(client: Any, table: str, items: Iterator[Item]) -> None:
    def put(some: list[Item]) -> None:
        left: Any = {settings().name(table): [{"PutRequest": {"Item": item}} for item in some]}
        while left:
            left = client.batch_write_item(RequestItems=left)["UnprocessedItems"]

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(put, iter(lambda: list(islice(items, WRITTEN_AT_ONCE)), [])))


def _measured(meter: Meter, name: str, look: Callable[[], Any]) -> tuple[Any, tuple[int, float]]:
    began = time.process_time()
    with meter.watched() as spent:
        result = look()
    took = (time.process_time() - began) * 1000
    print(f"  {name:42} {spent.reads:6} {spent.read_units:9,.1f} {took:8,.0f}")
    return result, (spent.reads, spent.read_units)


if __name__ == "__main__":
    raise SystemExit(main(tuple(map(int, sys.argv[1:])) or SIZES))
