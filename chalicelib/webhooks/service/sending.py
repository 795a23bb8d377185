"""From an entry in the journal to an answer of the receiver: each step may be made twice, and the process may die between any two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from time import monotonic

from chalicelib.credit.service import telling as of_credit
from chalicelib.monitoring.service import telling as of_monitoring
from chalicelib.shared import clock, observe, webhooks
from chalicelib.shared.commit import retry_on_conflict
from chalicelib.shared.journal import Entry
from chalicelib.shared.quarantine import ChainBroken
from chalicelib.webhooks import queue, records, transport
from chalicelib.webhooks.rules import delivery as webhooks_delivery
from chalicelib.webhooks.rules import endpoint as webhooks_endpoint
from chalicelib.webhooks.rules import message
from chalicelib.webhooks.rules.delivery import GONE, Delivery, Outcome
from chalicelib.webhooks.rules.endpoint import PLATFORM, Endpoint, EndpointSet
from chalicelib.webhooks.rules.message import Audience
from chalicelib.webhooks.rules.policy import Policy
from chalicelib.webhooks.service import counting, endpoints, silence
from chalicelib.webhooks.service.counting import Change
from chalicelib.webhooks.service.parties import audiences

USER_AGENT = "surety-webhooks/1.0"
CONSENTED = (of_credit.may_be_told, of_monitoring.may_be_told)
"""What is asked before each attempt, by what a message is about: whether its bank may hear of it still."""


def notify(entries: Sequence[Entry], now: datetime) -> None:
    """Keep a message for every endpoint that subscribes to these entries, and put those into the queue that have not been sent yet."""
    pairs = list(zip(entries, audiences(entries), strict=True))
    sets = {
        endpoint_set.owner: endpoint_set
        for endpoint_set in records.endpoint_sets({PLATFORM, *(name for _, who in pairs for name in who.sides)})
    }
    kept = (
        _keep(endpoint, entry, who, now)
        for entry, who in pairs
        for endpoint in _subscribed(entry, (sets[name] for name in (*who.sides, PLATFORM) if name in sets))
    )
    queue.send([delivery for delivery in kept if delivery])


def attempt(delivery_id: str, version: int, now: datetime) -> list[Change]:
    """Send a message, if it is still what was asked for, and write down what became of it: that is left to be counted. Silent where it is not its turn."""
    delivery = records.load(delivery_id)
    return _attempt(*delivery, now) if delivery is not None and delivery[0].version == version else []


def queue_again(delivery_id: str, now: datetime) -> None:
    """Put what is due into the queue: the next attempt, or one that was lost on its way."""
    delivery = records.load(delivery_id)
    if delivery is None or delivery[0].status != "queued":
        return
    moved = webhooks_delivery.queued(delivery[0], now)
    if records.replace(moved):
        queue.send([moved])


def due_at(delivery_id: str, now: datetime) -> datetime | None:
    """When the next attempt is to be made, as the delivery is kept."""
    delivery = records.load(delivery_id)
    return delivery[0].due_at if delivery else None


def attempt_now(delivery_id: str, now: datetime) -> None:
    """Without the queue: the sandbox makes what is due happen while its clock stands there."""
    delivery = records.load(delivery_id)
    if delivery is not None:
        counting.count(_attempt(*delivery, now))


def _subscribed(entry: Entry, sets: Iterable[EndpointSet]) -> Iterator[Endpoint]:
    for endpoint_set in sets:
        yield from (
            endpoint
            for endpoint in endpoint_set.endpoints
            if webhooks_endpoint.subscribes_to(endpoint, entry.aggregate_id, entry.event.kind)
        )


def _keep(endpoint: Endpoint, entry: Entry, who: Audience, now: datetime) -> Delivery | None:
    """The delivery where an attempt is to be asked for: a new one, or one whose maker may have died before it asked."""
    delivery = webhooks_delivery.first(endpoint, entry, endpoints.policy(now), now)
    if not records.store(delivery, message.message(entry, who, endpoint.owner)) and (kept := records.load(delivery.id)):
        delivery = kept[0]
    return delivery if delivery.status == "queued" and delivery.version == 1 else None


def _attempt(delivery: Delivery, body: bytes, now: datetime) -> list[Change]:
    if delivery.status != "queued":
        return []
    endpoint, policy = records.endpoint_set(delivery.owner).get(delivery.endpoint_id), endpoints.policy(now)
    if endpoint is None:
        return _written(delivery, webhooks_delivery.dropped(delivery, "endpoint_deleted", policy, now))
    if endpoint.status == "disabled":
        return _written(delivery, webhooks_delivery.held(delivery, endpoint, policy, now))
    if delivery.owner != PLATFORM and not all(ask(delivery.kind, body, now) for ask in CONSENTED):
        return _written(delivery, webhooks_delivery.dropped(delivery, "consent_withdrawn", policy, now))
    return _attempted(delivery, _send(endpoint, delivery, body, now), policy, now)


def _written(was: Delivery, after: Delivery) -> list[Change]:
    """The change, unless somebody was faster: after an attempt the message may then have arrived twice, under one name."""
    return [(was, after)] if records.replace(after) else []


def _send(endpoint: Endpoint, delivery: Delivery, body: bytes, now: datetime) -> Outcome:
    """Signed with the wall's time: a receiver knows no other. Silent where it has to wait for its turn."""
    silence.must_not_be_silent(endpoint.url)
    signed = webhooks.sign(webhooks_endpoint.live_keys(endpoint, now), delivery.id, clock.real(), body)
    headers = {**signed, "content-type": "application/json", "user-agent": USER_AGENT}
    began = monotonic()
    outcome = transport.post(endpoint.url, headers, body)
    silence.note(endpoint.url, outcome, monotonic() - began)
    return outcome


def _attempted(delivery: Delivery, outcome: Outcome, policy: Policy, now: datetime) -> list[Change]:
    after = webhooks_delivery.attempted(delivery, outcome, policy, now)
    written = _written(delivery, after)
    if not written:
        return []
    observe.count("NoticeDelivered" if outcome.accepted else "NoticeNotTaken")
    if after.status == "dead":
        observe.count("NoticeDead")
        observe.logger.warning(
            "a receiver did not take a message",
            extra={"delivery_id": after.id, "why": outcome.why, "code": outcome.code},
        )
    if outcome.code == GONE:
        with suppress(ChainBroken):  # a marked set takes no change: the next message finds the receiver gone again
            retry_on_conflict(endpoints.gone)(delivery.owner, delivery.endpoint_id, now)
    return written
