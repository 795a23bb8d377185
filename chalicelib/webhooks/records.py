"""Three tables: every owner's endpoints in one item, a row for each message to each endpoint, and what became of messages by day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from math import ceil
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.shared import due
from chalicelib.shared.columns import Document, Instant, Packed, PackedText, WholeNumber
from chalicelib.shared.commit import Put
from chalicelib.shared.periods import to_ms
from chalicelib.shared.quarantine import Quarantine, quarantined
from chalicelib.shared.tables import Row, guarded, index, table
from chalicelib.webhooks.rules.delivery import Delivery
from chalicelib.webhooks.rules.endpoint import EndpointSet
from chalicelib.webhooks.rules.figures import FIGURES

FIRST_PLACE: Final = "01"
LAST_PLACE: Final = "13"
"""Before and after all places of a year."""


class EndpointSetRow(Row):
    """An owner's endpoints, secrets among them: the table is encrypted, and no answer is made of this but a view."""

    Meta = table("webhook-endpoints")
    owner = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    body = Packed(EndpointSet)
    quarantine = Document[Quarantine](Quarantine, null=True)


class DeliveryRow(Row):
    """A message with its body as it is signed: the same bytes at each attempt, and at a replay a year later.

    `expires_at` is in whole seconds of Unix time: some days after it the engine removes the item.
    """

    Meta = table("deliveries")
    delivery_id = UnicodeAttribute(hash_key=True)
    version = WholeNumber()
    endpoint_id = UnicodeAttribute()
    created_at = Instant()
    due_shard = WholeNumber(null=True)
    due_at = Instant(null=True)
    expires_at = WholeNumber(null=True)
    body = Packed(Delivery)
    message = PackedText()

    by_endpoint = index(endpoint_id, created_at)
    """The messages of an endpoint by the moment their entries were written. Its keys never change."""
    due = index(due_shard, due_at)


class CountRow(Row):
    """What became of the messages of a family of events on a day: `place` is the month, the day and the family.

    Added to without transactions, so that no sender breaks off another's.
    """

    Meta = table("webhook-counts")
    year = UnicodeAttribute(hash_key=True)
    place = UnicodeAttribute(range_key=True)
    vars().update({figure: WholeNumber(null=True) for figure in FIGURES})


def endpoint_set(owner: str) -> EndpointSet:
    """An owner's endpoints as they are now; an empty set where it has none."""
    return body(EndpointSetRow.find(owner), owner)


def body(row: EndpointSetRow | None, owner: str) -> EndpointSet:
    return row.body if row else EndpointSet(owner=owner)


def sound_endpoint_set(owner: str) -> EndpointSet:
    """The same for one who is about to change it. ChainBroken where one of its endpoints is marked."""
    row = EndpointSetRow.find(owner)
    if row and row.quarantine:
        raise quarantined(row.quarantine)
    return body(row, owner)


def endpoint_sets(owners: Iterable[str]) -> list[EndpointSet]:
    """Those of several owners who have any: one round trip."""
    return [row.body for row in EndpointSetRow.find_many(owners)]


def put_endpoint_set(after: EndpointSet) -> Put:
    """An owner's endpoints in their new form, if nobody has changed them since they were read."""
    row = EndpointSetRow(after.owner, version=after.version, body=after)
    new = after.version == 1
    return Put(row, guard=EndpointSetRow.owner.does_not_exist() if new else EndpointSetRow.version == after.version - 1)


def store(delivery: Delivery, message: bytes) -> bool:
    """Keep a new message. False where it is kept already: nothing is written then."""
    row = DeliveryRow(
        delivery.id,
        version=delivery.version,
        endpoint_id=delivery.endpoint_id,
        created_at=delivery.created_at,
        **due.columns(delivery.id, delivery.due_at),
        expires_at=_expires_at(delivery),
        body=delivery,
        message=message,
    )
    return guarded(lambda: row.save(condition=DeliveryRow.delivery_id.does_not_exist()))


def replace(after: Delivery) -> bool:
    """The delivery in its new form; False where somebody else has changed it since it was read."""
    expires_at = _expires_at(after)
    actions: list[Action] = [
        DeliveryRow.version.set(after.version),
        DeliveryRow.body.set(after),
        *due.actions(after.id, after.due_at),
        DeliveryRow.expires_at.set(expires_at) if expires_at else DeliveryRow.expires_at.remove(),
    ]
    guard = DeliveryRow.version == after.version - 1
    return guarded(lambda: DeliveryRow(after.id).update(actions=actions, condition=guard))


def load(delivery_id: str) -> tuple[Delivery, bytes] | None:
    """The delivery and the body that is sent."""
    row = DeliveryRow.find(delivery_id)
    return (row.body, row.message) if row else None


def listed(delivery_ids: Iterable[str]) -> dict[str, Delivery]:
    """Those of these messages that can be read."""
    return {row.delivery_id: row.body for row in DeliveryRow.listed(delivery_ids)}


def placed(
    endpoint_id: str,
    *,
    newest_first: bool,
    after: dict[str, Any] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[tuple[int, str]]:
    """Moments and ids of an endpoint's messages, from where `after` (an earlier pair) left off, of `since <= moment < until`."""
    start = after and {
        "endpoint_id": {"S": endpoint_id},
        "created_at": {"N": str(after["at"])},
        "delivery_id": {"S": after["id"]},
    }
    within = DeliveryRow.created_at >= since if since else None
    rows = DeliveryRow.by_endpoint.query(
        endpoint_id, within, scan_index_forward=not newest_first, last_evaluated_key=start, page_size=101
    )
    for row in rows:
        if until is not None and row.created_at >= until:
            return
        yield to_ms(row.created_at), row.delivery_id


def count(day: str, family: str, numbers: Mapping[str, int]) -> None:
    """Add to the figures of a day."""
    actions = [getattr(CountRow, figure).add(number) for figure, number in numbers.items()]
    CountRow(day[:4], f"{day[5:]}#{family}").update(actions=actions)


def counted(first: str, end: str) -> Iterator[tuple[str, str, dict[str, int]]]:
    """Days, families and their figures, from one day or month up to but not including another."""
    for year in map(str, range(int(first[:4]), int(end[:4]) + 1)):
        since = first[5:] if first.startswith(year) else FIRST_PLACE
        until = end[5:] if end.startswith(year) else LAST_PLACE
        for row in CountRow.query(year, CountRow.place.between(since, until), consistent_read=True):
            date, family = row.place.split("#", 1)
            yield f"{year}-{date}", family, {name: row.attribute_values.get(name, 0) for name in FIGURES}


def _expires_at(delivery: Delivery) -> int | None:
    """The first second at which it is not kept any more."""
    return ceil(delivery.kept_until.timestamp()) if delivery.kept_until else None
