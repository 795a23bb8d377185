"""Timelines are read from the books: whole, in order, at once for who has just written, and never with a hole in the middle."""

from __future__ import annotations

import random
from typing import Any

import pytest
from msgspec import Struct

from chalicelib.ledger import jobs
from chalicelib.ledger.service import timelines
from chalicelib.shared import clock, journal
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import RECENT, Also, Entry, Event
from chalicelib.shared.pages import Page, Paging
from chalicelib.shared.request import CLOCK, PUBLIC, RequestContext
from chalicelib.shared.timelines import TimelineEntry, entry
from tests.dispute import Dispute
from tests.ledger.books import entries_of
from tests.world import StandingClock

PARENT, CHILD = "ord_1", "clm_1"


class Item(Struct):
    """What a timeline needs of an aggregate's item."""

    id: str
    version: int = 0
    seq: int = 0
    head: str = journal.GENESIS
    recent: tuple[str, ...] = ()


class Writer:
    """An order and a claim on it: some entries of the claim change the order too."""

    def __init__(self) -> None:
        self.parent, self.child = Item(PARENT), Item(CHILD)
        self.entries: list[Entry] = []

    def write(self, of: Item, *, also: Item | None = None) -> Entry:
        of.version, of.seq = of.version + 1, of.seq + 1
        if also:
            also.version += 1
        written = journal.entry(
            RequestContext(caller=CLOCK, now=clock.now(), request_id="r", key=f"{of.id}:{of.seq}"),
            Event(f"{of.id}.{of.seq}"),
            aggregate_id=of.id,
            seq=of.seq,
            version=of.version,
            prev=of.head,
            also=(Also(also.id, also.version),) if also else (),
        )
        commit(written)
        of.head = written.entry_hash
        for item in filter(None, (of, also)):
            item.recent = journal.recent(item.recent, written)
        self.entries.append(written)
        return written


@pytest.fixture
def writer(aws: None, time: StandingClock) -> Writer:
    return Writer()


def read(of: Item, limit: int = 100, cursor: str = "") -> Page[TimelineEntry]:
    request = RequestContext(caller=PUBLIC, now=clock.now(), request_id="r")
    return timelines.timeline(
        of, Paging(limit=limit, cursor=cursor), request, lambda written: entry(written, None, "USD")
    )


def walk(of: Item, limit: int) -> list[str]:
    kinds: list[str] = []
    page = read(of, limit)
    while True:
        kinds += [item.kind for item in page.items]
        if page.next_cursor is None or not page.items:
            return kinds
        page = read(of, limit, page.next_cursor)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_a_timeline_holds_every_entry_once_in_the_order_of_versions(writer: Writer, seed: int, limit: int) -> None:
    """Its own and those of others, whoever wrote them and in whatever order, and however often, the books heard of them."""
    chance = random.Random(seed)
    wanted: list[str] = []
    for _ in range(25):
        of, also = chance.choice([(writer.parent, None), (writer.child, None), (writer.child, writer.parent)])
        made = writer.write(of, also=also)
        if PARENT in (of.id, also and also.id):
            wanted.append(made.event.kind)
    for made in chance.sample(writer.entries * 2, len(writer.entries) * 2):
        jobs.book(made)
    assert walk(writer.parent, limit) == wanted
    assert walk(writer.child, limit) == [made.event.kind for made in writer.entries if made.aggregate_id == CHILD]


def test_who_has_just_written_reads_it_before_the_books_have_it(writer: Writer) -> None:
    for number in range(RECENT):
        writer.write(writer.parent)
        assert len(read(writer.parent).items) == number + 1


def test_a_page_ends_before_a_hole_and_goes_on_once_it_is_filled(writer: Writer) -> None:
    made = [writer.write(writer.parent) for _ in range(10)]
    for known in (*made[:3], *made[4:]):
        jobs.book(known)
    page = read(writer.parent)
    assert [item.seq for item in page.items] == [1, 2, 3]
    assert page.next_cursor is not None, "there is more, as soon as the books have it"
    waiting = read(writer.parent, cursor=page.next_cursor)
    assert (waiting.items, waiting.next_cursor) == ([], page.next_cursor)
    jobs.book(made[3])
    assert [item.seq for item in read(writer.parent, cursor=page.next_cursor).items] == [4, 5, 6, 7, 8, 9, 10]


def test_what_stands_in_no_timeline_leaves_no_hole(writer: Writer) -> None:
    for _ in range(6):
        jobs.book(writer.write(writer.parent))
    request = RequestContext(caller=PUBLIC, now=clock.now(), request_id="r")

    def tell(made: Entry) -> TimelineEntry | None:
        return entry(made, None, "USD") if made.seq > 4 else None

    page = timelines.timeline(writer.parent, Paging(limit=3), request, tell)
    assert page.items == []
    assert page.next_cursor is not None
    page = timelines.timeline(writer.parent, Paging(limit=3, cursor=page.next_cursor), request, tell)
    assert ([item.seq for item in page.items], page.next_cursor) == ([5, 6], None)


def test_an_item_names_its_last_entries_only_however_many_there_are(writer: Writer) -> None:
    for _ in range(3 * RECENT):
        writer.write(writer.parent)
    assert writer.parent.recent == tuple(made.entry_id for made in writer.entries[-RECENT:])


def test_a_claims_steps_stand_in_its_orders_timeline(dispute: Dispute) -> None:
    order_id = dispute.late()
    claim_id = dispute.claim(order_id)
    dispute.act(claim_id, "withdraw", "buyer")
    reply = dispute.trade.see(order_id, "/timeline?limit=100")
    kinds = [item["kind"] for item in reply["items"]]
    assert [kind for kind in kinds if kind.startswith("claim.")] == ["claim.filed", "claim.withdrawn"]
    assert len(kinds) == len(entries_of(order_id)) == dispute.trade.see(order_id)["version"]


def test_the_books_verify_with_the_rows_of_others_among_them(dispute: Dispute, officer: str) -> None:
    order_id = dispute.late()
    dispute.claim(order_id)
    dispute.trade.see(order_id, "/timeline")
    api: Any = dispute.trade.api
    whole = api.get("/v1/ledger/verification", officer)
    assert (whole["ok"], whole["complete"]) == (True, True)
    assert api.get(f"/v1/ledger/verification?aggregate_id=also:{order_id}", officer).status == 404
