"""F10: what a trial balance and a statement of a whole code read after years of bookings in every code, carried and not.

    make bench-books                     # after one year and after ten
    make bench-books ARGS="1"            # YEARS, as many as are named

On DynamoDB Local. Every code of the chart is booked on one day of each month, in two currencies and all parts: about 10^5 months in ten
years. Units are those of consistent reads.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Final

import boto3

from benchmarks.lambda_events import configure

configure()
os.environ["SURETY_STORE_SECONDS"] = "30"  # the engine on one machine takes that for a page of a megabyte

from benchmarks.floors.stage import services  # noqa: E402 - the environment comes first
from benchmarks.meter import Meter  # noqa: E402
from chalicelib.ledger.records.books import ALL, TotalRow  # noqa: E402
from chalicelib.ledger.rules.accounts import MOST_SHARDS  # noqa: E402
from chalicelib.ledger.rules.chart import CHART  # noqa: E402
from chalicelib.ledger.service import statements  # noqa: E402
from chalicelib.ledger.views import StatementQuery  # noqa: E402
from chalicelib.shared.periods import months_between, start_of  # noqa: E402
from chalicelib.shared.request import Caller, RequestContext  # noqa: E402
from chalicelib.shared.settings import settings  # noqa: E402
from chalicelib.shared.tables import WRITTEN_AT_ONCE, Item, engine  # noqa: E402
from infra.local import resources  # noqa: E402
from infra.local.engine import DynamoDBLocal  # noqa: E402

TODAY: Final = date(2026, 11, 28)
YEARS: Final = (1, 10)
CURRENCIES: Final = ("USD", "CNY")
MOST_READS: Final = 60
"""Calls for a trial balance: eight parts, each in a page or a few."""
OFFICER: Final = RequestContext(
    caller=Caller(sub="officer", role="officer"), now=start_of(TODAY), request_id="bench", key="bench"
)


def main(years: tuple[int, ...]) -> int:
    """1 where the longest history takes more calls, once months are carried, than a trial balance may."""
    print(f"{'':44} {'calls':>6} {'units':>9} {'CPU ms':>8}")
    return int(max(map(after, years)) > MOST_READS)


def after(years: int) -> int:
    """The calls of a trial balance after so many years."""
    of_month = StatementQuery(since=TODAY.replace(day=1), until=TODAY, currency="USD")
    of_all = StatementQuery(currency="USD", limit=20)
    with DynamoDBLocal.found() as running, services():
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = running.url
        client = boto3.Session().client("dynamodb")
        resources.create_tables(client, settings().stage)
        engine.cache_clear()
        meter = Meter(client)
        print(f"{years} years, {fill(years):,} months of codes")
        measure(meter, "trial balance, nothing carried", lambda: statements.totals_on(TODAY))
        statements.carry(TODAY)
        calls = measure(meter, "trial balance", lambda: statements.totals_on(TODAY))
        measure(meter, "statement of a code, a month", lambda: statements.statement("held", of_month, OFFICER))
        measure(meter, "its first 20 days", lambda: statements.statement("held", of_all, OFFICER))
    return calls


def fill(years: int) -> int:
    rows, written = _rows(years), 0
    while some := list(islice(rows, WRITTEN_AT_ONCE)):
        puts = [{"PutRequest": {"Item": item}} for item in some]
        engine().dispatch("BatchWriteItem", {"RequestItems": {TotalRow.Meta.table_name: puts}})
        written += len(some)
    return written


def _rows(years: int) -> Iterator[Item]:
    for month in months_between(f"{TODAY.year - years}-12", f"{TODAY.year}-11"):
        for code in CHART:
            for currency in CURRENCIES:
                for part in range(MOST_SHARDS):
                    key = {"account": {"S": f"{ALL}#{part}"}, "page": {"S": f"{month}#{code}#{currency}"}}
                    yield key | {"d05": {"N": "100"}, "c05": {"N": "100"}}


def measure(meter: Meter, name: str, look: Callable[[], object]) -> int:
    began = time.process_time()
    with meter.watched() as spent:
        look()
    print(f"  {name:42} {spent.reads:6} {spent.read_units:9,.0f} {(time.process_time() - began) * 1000:8,.0f}")
    return spent.reads


if __name__ == "__main__":
    raise SystemExit(main(tuple(map(int, sys.argv[1:])) or YEARS))
