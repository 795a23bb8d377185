"""The log of what was sent to an endpoint, and sending it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice

import msgspec

from chalicelib.shared import pages, periods
from chalicelib.shared.commit import StoredResponse, commit, find_replay
from chalicelib.shared.http import encode
from chalicelib.shared.journal import Entry
from chalicelib.shared.pages import Page
from chalicelib.shared.request import RequestContext
from chalicelib.webhooks import queue, records
from chalicelib.webhooks.rules import delivery
from chalicelib.webhooks.rules import endpoint as webhooks_endpoint
from chalicelib.webhooks.rules.delivery import Delivery, MessagesGone
from chalicelib.webhooks.rules.endpoint import PLATFORM, Endpoint
from chalicelib.webhooks.rules.policy import Policy
from chalicelib.webhooks.service import endpoints, parties
from chalicelib.webhooks.views import DeliveriesQuery, DeliveryView, ReplayRequest, ReplayView, delivery_view

PAGE = 100


def listed(endpoint_id: str, query: DeliveriesQuery, request: RequestContext) -> Page[DeliveryView]:
    """What was sent to an endpoint or waits to be, the newest first."""
    _, endpoint = endpoints.find(endpoint_id, request)
    of = f"deliveries:{endpoint_id}:{query.status}"
    after = pages.decode_cursor(query.cursor, request.caller, of) if query.cursor else None

    def seen(one: Delivery) -> DeliveryView | None:
        wanted = one.is_kept(request.now) and query.status in (None, one.status)
        return delivery_view(one, endpoint) if wanted else None

    places = pages.by_moment(records.placed(endpoint_id, newest_first=True, after=after))
    return pages.filtered(places, records.listed, seen, query, request, of)


def of_entry(entry: Entry) -> list[Delivery]:
    """The messages of an entry to the endpoints that there are now, kept still. For slices above."""
    [who] = parties.audiences([entry])
    sets = records.endpoint_sets({PLATFORM, *who.sides})
    names = [
        delivery.name_of(endpoint.id, entry.aggregate_id, entry.seq) for each in sets for endpoint in each.endpoints
    ]
    return list(records.listed(names).values())


def replay(endpoint_id: str, body: ReplayRequest, request: RequestContext) -> StoredResponse:
    """Send again what was asked for, whatever became of it. Who asks twice with one key has asked once.

    MessagesGone where a time reaches back too far, or where nothing of what was named is kept.
    """
    if first := find_replay(request.entry_id, request.digest):
        return first
    body.must_name_one()
    endpoint_set, was = endpoints.find_sound(endpoint_id, request)
    request.expects(was.version)
    after = webhooks_endpoint.sent_to(was, request.now)
    wanted, next_since = _wanted(endpoint_id, body, endpoints.policy(request.now), request.now)
    kept = [one for part in _parts(wanted) for one in _kept(part, was, request.now)]
    not_kept = len(wanted) - len(kept) if body.since is None else 0
    if not_kept and not kept:
        raise MessagesGone("None of these messages is kept.", not_kept=not_kept)
    count = _again(kept, body, request)
    replay_view = ReplayView(
        id=endpoint_id, version=after.version, replayed=count, not_kept=not_kept, next_since=next_since
    )
    entry = endpoints.made_by(after, "replayed", request, encode(replay_view), count=count)
    return commit(
        entry,
        records.put_endpoint_set(endpoint_set.with_one(msgspec.structs.replace(after, entry_hash=entry.entry_hash))),
    )


def _wanted(endpoint_id: str, body: ReplayRequest, policy: Policy, now: datetime) -> tuple[list[str], datetime | None]:
    """The ids, the oldest first, and where a longer time goes on."""
    if body.ids:
        return list(dict.fromkeys(body.ids)), None
    if body.aggregate_id is not None and body.from_seq is not None:
        last = body.to_seq or body.from_seq
        return [delivery.name_of(endpoint_id, body.aggregate_id, seq) for seq in range(body.from_seq, last + 1)], None
    assert body.since is not None, "one of the three is named"
    delivery.must_be_kept(body.since, policy, now)
    most = policy.most_replayed
    places = records.placed(endpoint_id, newest_first=False, since=body.since, until=body.until)
    page_of_places = list(islice(places, most + 1))
    more = periods.from_ms(page_of_places[most][0]) if len(page_of_places) > most else None
    return [delivery_id for _, delivery_id in page_of_places[:most]], more


def _kept(delivery_ids: Sequence[str], endpoint: Endpoint, now: datetime) -> list[Delivery]:
    """Those of these messages that the endpoint has, and has still."""
    deliveries = records.listed(delivery_ids)
    there = filter(None, map(deliveries.get, delivery_ids))
    return [one for one in there if one.endpoint_id == endpoint.id and one.is_kept(now)]


def _again(kept: Sequence[Delivery], body: ReplayRequest, request: RequestContext) -> int:
    """Queue those that this request has not queued before; how many it has in all."""
    done = [one for one in kept if one.replayed_by == request.entry_id]
    todo = [one for one in kept if one not in done and not (body.only_undelivered and one.status == "delivered")]
    moved = [delivery.replayed(one, request.entry_id, request.now) for one in todo]
    queue.send([one for one in moved if records.replace(one)])  # what an attempt has just changed is being sent anyhow
    return len(done) + len(moved)


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    left = iter(ids)
    while part := list(islice(left, PAGE)):
        yield part
