"""The log of what was sent to an endpoint, and sending it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from chalicelib.notices import queue, records, rules
from chalicelib.notices.rules import Endpoint
from chalicelib.notices.service import endpoints
from chalicelib.notices.views import DeliveriesQuery, DeliveryView, ReplayAsked, ReplayView, delivery_view
from chalicelib.shared import pages, periods
from chalicelib.shared.commit import Answer, commit, first_answer
from chalicelib.shared.http import encode
from chalicelib.shared.pages import Page
from chalicelib.shared.request import Request

MOST_ROUNDS = 10
"""A filtered list looks at so many times its limit of deliveries before it answers with what it has and a cursor."""
PAGE = 100


def listed(endpoint_id: str, query: DeliveriesQuery, request: Request) -> Page[DeliveryView]:
    """What was sent to an endpoint or waits to be, the newest first."""
    _, endpoint = endpoints.find(endpoint_id, request)
    of = f"deliveries:{endpoint_id}:{query.status}"
    after = pages.unseal(query.cursor, request.caller, of) if query.cursor else None
    items: list[DeliveryView] = []
    looked_at = 0
    places = records.placed(endpoint_id, newest_first=True, after=after)
    while keyed := list(islice(places, query.limit - len(items))):
        found = records.load_many(delivery_id for _, delivery_id in keyed)
        seen = [found[delivery_id] for _, delivery_id in keyed]
        items += [delivery_view(one, endpoint) for one in seen if query.status in (None, one.status)]
        looked_at += len(keyed)
        if len(items) == query.limit or looked_at >= MOST_ROUNDS * query.limit:
            last = {"at": keyed[-1][0], "id": keyed[-1][1]}
            more = next(places, None) is not None
            return Page(items=items, next_cursor=pages.seal(last, request.caller, of) if more else None)
    return Page(items=items)


def replay(endpoint_id: str, asked: ReplayAsked, request: Request) -> Answer:
    """Send again what was asked for, whatever became of it. Who asks twice with one key has asked once."""
    if first := first_answer(request.entry_id, request.digest):
        return first
    asked.must_name_one()
    book, was = endpoints.find_sound(endpoint_id, request)
    request.expects(was.version)
    after = rules.sent_to(was, request.now)
    wanted, next_since = _wanted(endpoint_id, asked, endpoints.policy(request.now).most_replayed)
    count = sum(_again(part, was, asked, request) for part in _parts(wanted))
    told = ReplayView(id=endpoint_id, version=after.version, replayed=count, next_since=next_since)
    made = endpoints.made_by(after, "replayed", request, encode(told), count=count)
    return commit(made, records.put_book(book.with_one(msgspec.structs.replace(after, head=made.head))))


def _wanted(endpoint_id: str, asked: ReplayAsked, most: int) -> tuple[list[str], datetime | None]:
    """The ids, the oldest first, and where a longer time goes on."""
    if asked.ids is not None:
        return list(dict.fromkeys(asked.ids)), None
    if asked.thing is not None and asked.from_seq is not None:
        last = asked.to_seq or asked.from_seq
        return [rules.delivery_id(endpoint_id, asked.thing, seq) for seq in range(asked.from_seq, last + 1)], None
    places = records.placed(endpoint_id, newest_first=False, since=asked.since, until=asked.until)
    found = list(islice(places, most + 1))
    more = periods.from_ms(found[most][0]) if len(found) > most else None
    return [delivery_id for _, delivery_id in found[:most]], more


def _again(delivery_ids: Sequence[str], endpoint: Endpoint, asked: ReplayAsked, request: Request) -> int:
    """Queue those that are there and that this request has not queued before; how many it has in all."""
    found = records.load_many(delivery_ids)
    ours = [one for one in map(found.get, delivery_ids) if one is not None and one.endpoint_id == endpoint.id]
    done = [one for one in ours if one.replayed_by == request.entry_id]
    todo = [one for one in ours if one not in done and not (asked.only_undelivered and one.status == "delivered")]
    moved = [rules.replayed(one, request.entry_id, request.now) for one in todo]
    queue.send([one for one in moved if records.replace(one)])  # what an attempt has just changed is being sent anyhow
    return len(done) + len(moved)


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(ids)
    while part := list(islice(left, PAGE)):
        yield part
