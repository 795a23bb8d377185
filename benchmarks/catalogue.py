"""F10: what a page of a channel's catalogue reads at 10^3, 10^4 and 10^5 listings, and what it takes until one more is in it.

    make bench-catalogue                 # 1,000 listings of 50 suppliers, 10,000 of 500, 100,000 of 5,000
    make bench-catalogue ARGS="1000"     # so many as are named

On DynamoDB Local, in memory; the listings are put there as they are kept, by several at once. One more goes through the API, from its draft on: it
is published by one commit, and heads the page that is read next. Every listing is on sale, in one of three categories, with a title in three languages. Units are those of reads that need not be
consistent: indexes know no others.
"""

from __future__ import annotations

import os
import random
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

from benchmarks.floors import listings as floors  # noqa: E402 - the environment comes first
from benchmarks.floors.stage import BEGINS, Stage, services  # noqa: E402
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

SIZES: Final = (1_000, 10_000, 100_000)
WRITERS: Final = 6
EACH: Final = 20
"""Listings of a supplier."""
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
    """1 where any page takes more than one round trip, or more units than one of the smallest catalogue, or a publication more than one commit."""
    print(f"{'':44} {'calls':>6} {'units':>9} {'CPU ms':>8}")
    with services():
        pages, commits = zip(*map(at, sizes), strict=True)
    calls, units = zip(*pages, strict=True)
    return int(max(calls) > 1 or max(units) > units[0] or max(commits) > 1)


def at(size: int) -> tuple[tuple[int, float], int]:
    """The most calls and units that a page takes, of the first pages and of those that follow; the commits of a publication."""
    with DynamoDBLocal.found() as running:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = running.url
        client = boto3.Session().client("dynamodb")
        resources.create_tables(client, settings().stage)
        engine.cache_clear()
        meter = Meter(client)
        with Stage.opened(meter, random.Random(size)) as stage:
            channel = floors.open_channel(stage)
            _fill(channel, size)
            print(f"{size:,} listings of {size // EACH:,} suppliers")
            pages = [_measured(meter, channel, name, **filters) for name, filters in PAGES.items()]
            return max(pages), _published(stage, channel)


def _published(stage: Stage, channel: str) -> int:
    """The commits of one more publication. It has to head the page that is read next."""
    listing = floors.put_on_sale(stage, channel, stage.supplier("one-more"))
    cost = stage.meter.costs["publish a listing"]
    print(
        f"  {'one more is published, by an officer':42} {cost.reads:6} {cost.read_units:9,.1f}{'':10}   {cost.writes} commit of {cost.units} units"
    )
    newest = reading.catalogue(channel, CatalogueQuery(limit=1), READER).items[0].id
    if newest != listing:
        raise SystemExit(f"{listing} was published, and the catalogue shows {newest}")
    return cost.writes


def _fill(channel: str, size: int) -> None:
    """The first of each thread's share, the second, and so on: all of them write at once."""
    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(_write, [(channel, size, first) for first in range(WRITERS)]))


def _write(share: tuple[str, int, int]) -> None:
    channel, size, first = share
    with REPOSITORY.row.batch_write() as batch:
        for listing in islice(_listings(channel, size), first, None, WRITERS):
            batch.save(REPOSITORY.put(listing, listing.expires_at).row)


def _listings(channel: str, size: int) -> Iterator[Listing]:
    policy = policies.versions("listings")[-1].hash
    for number in range(size):
        supplier_id, at = ids.derived_id("mem", str(number // EACH)), BEGINS - timedelta(seconds=number)
        yield Listing(
            id=ids.new_id("lst", at),
            channel_id=channel,
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


def _measured(meter: Meter, channel: str, name: str, **filters: Any) -> tuple[int, float]:
    """The calls and units of a first page and of the one that follows, whichever takes more."""
    cursor, most = "", (0, 0.0)
    for which in (name, f"{name}, on from there"):
        began = time.process_time()
        with meter.watched() as spent:
            page = reading.catalogue(channel, CatalogueQuery(limit=100, cursor=cursor, **filters), READER)
        took = (time.process_time() - began) * 1000
        print(f"  {which:42} {spent.reads:6} {spent.read_units:9,.1f} {took:8,.1f}   {len(page.items)} listings")
        most, cursor = max(most, (spent.reads, spent.read_units)), page.next_cursor or ""
        if not cursor:
            break
    return most


if __name__ == "__main__":
    raise SystemExit(main(tuple(map(int, sys.argv[1:])) or SIZES))
