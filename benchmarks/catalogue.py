"""F10: what a page of a channel's catalogue reads, at a thousand listings and at a hundred thousand.

    make bench-catalogue                 # 1,000 listings of 50 suppliers, 100,000 of 5,000
    make bench-catalogue ARGS="1000"     # so many as are named

On DynamoDB Local, in memory; the listings are put there as they are kept, by several at once. Every listing is on sale, in one of three categories, with a title in three languages. Units are those of reads that need not be
consistent: indexes know no others.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from typing import Any, Final

import boto3

from benchmarks.lambda_events import configure

configure()
os.environ["SURETY_STORE_SECONDS"] = "30"  # the engine on one machine takes that while it is filled

from benchmarks.floors.stage import BEGINS, services  # noqa: E402 - the environment comes first
from benchmarks.meter import Meter  # noqa: E402
from chalicelib.listings.examples import OFFER  # noqa: E402
from chalicelib.listings.records import REPOSITORY  # noqa: E402
from chalicelib.listings.rules.listing import Listing, Offer, Step  # noqa: E402
from chalicelib.listings.service import reading  # noqa: E402
from chalicelib.listings.views.requests import CatalogueQuery  # noqa: E402
from chalicelib.shared import ids, policies  # noqa: E402
from chalicelib.shared.request import PUBLIC, RequestContext  # noqa: E402
from chalicelib.shared.settings import settings  # noqa: E402
from chalicelib.shared.tables import engine  # noqa: E402
from infra.local import resources  # noqa: E402
from infra.local.engine import DynamoDBLocal  # noqa: E402

SIZES: Final = (1_000, 100_000)
WRITERS: Final = 6
EACH: Final = 20
"""Listings of a supplier."""
CHANNEL: Final = ids.derived_id("chn", "bench")
CATEGORIES: Final = ("clothing", "jewellery", "cosmetics")
READER: Final = RequestContext(caller=PUBLIC, now=BEGINS, request_id="bench", key="bench")
PAGES: Final[dict[str, dict[str, Any]]] = {
    "the newest": {},
    "of a category": {"category": "cosmetics"},
    "the cheapest": {"sort": "price", "currency": "KRW"},
    "of a category, the cheapest": {"category": "clothing", "sort": "price", "currency": "KRW"},
    "of a supplier": {"supplier": ids.derived_id("mem", "7")},
}
"""Each of a hundred listings, but for a supplier's, who has fewer."""


def main(sizes: tuple[int, ...]) -> int:
    """1 where any page takes more than one round trip."""
    print(f"{'':44} {'calls':>6} {'units':>9} {'CPU ms':>8}")
    return int(max(map(at, sizes)) > 1)


def at(size: int) -> int:
    """The most calls that a page takes, of the first pages and of those that follow."""
    with DynamoDBLocal.found() as running, services():
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = running.url
        client = boto3.Session().client("dynamodb")
        resources.create_tables(client, settings().stage)
        engine.cache_clear()
        _fill(size)
        meter = Meter(client)
        print(f"{size:,} listings of {size // EACH:,} suppliers")
        return max(_measured(meter, name, **asked) for name, asked in PAGES.items())


def _fill(size: int) -> None:
    """The first of each thread's share, the second, and so on: all of them write at once."""
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(_write, [(size, first) for first in range(WRITERS)]))


def _write(share: tuple[int, int]) -> None:
    size, first = share
    with REPOSITORY.row.batch_write() as batch:
        for listing in islice(_listings(size), first, None, WRITERS):
            batch.save(REPOSITORY.put(listing, listing.expires_at).row)


def _listings(size: int) -> Iterator[Listing]:
    policy = policies.versions("listings")[-1].hash
    for number in range(size):
        supplier_id, at = ids.derived_id("mem", str(number // EACH)), BEGINS - timedelta(seconds=number)
        yield Listing(
            id=ids.new_id("lst", at),
            channel_id=CHANNEL,
            supplier_id=supplier_id,
            agency_id="kotra",
            status="published",
            version=1,
            created_at=at,
            updated_at=at,
            policy=policy,
            offer=_offer(number),
            published_at=at,
            expires_at=at + timedelta(days=90),
        )


def _offer(number: int) -> Offer:
    return Offer(
        number=1,
        titles={language: f"{title} {number}" for language, title in OFFER["titles"].items()},
        texts=OFFER["texts"],
        category=CATEGORIES[number % len(CATEGORIES)],
        origin="KR",
        currency="KRW",
        steps=(Step(1, 10_000 + number * 7919 % 90_000), Step(10, 9_000)),
        minimum_quantity=1,
        unit="piece",
        lead_days=5,
        pictures=(ids.derived_id("doc", str(number)),),
    )


def _measured(meter: Meter, name: str, **asked: Any) -> int:
    """The calls of a first page and of the one that follows, whichever takes more."""
    cursor, most = "", 0
    for which in (name, f"{name}, on from there"):
        began = time.process_time()
        with meter.watched() as spent:
            page = reading.catalogue(CHANNEL, CatalogueQuery(limit=100, cursor=cursor, **asked), READER)
        took = (time.process_time() - began) * 1000
        print(f"  {which:42} {spent.reads:6} {spent.read_units:9,.1f} {took:8,.1f}   {len(page.items)} listings")
        most, cursor = max(most, spent.reads), page.next_cursor or ""
        if not cursor:
            break
    return most


if __name__ == "__main__":
    raise SystemExit(main(tuple(map(int, sys.argv[1:])) or SIZES))
