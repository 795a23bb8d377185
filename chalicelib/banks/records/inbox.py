"""The inbox of partner banks: one item for each verified event, kept for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.banks.rules.inbox import LISTED, BankEvent
from chalicelib.shared import due
from chalicelib.shared.aggregates import AggregateRow
from chalicelib.shared.columns import Instant, Packed, PackedText, WholeNumber
from chalicelib.shared.commit import Update
from chalicelib.shared.periods import to_ms
from chalicelib.shared.stream import Stream
from chalicelib.shared.tables import guarded, index, table


class BankEventRow(AggregateRow):
    Meta = table("bank-events")
    event_id = UnicodeAttribute(hash_key=True)
    status = UnicodeAttribute()
    received_at = Instant()
    shown_as = UnicodeAttribute(null=True)
    since = Instant(null=True)
    waits_for = UnicodeAttribute(null=True)
    seq = WholeNumber(null=True)
    body = Packed(BankEvent)
    raw = PackedText()
    by_status = index(shown_as, since)
    """Sparse: only events that somebody has to look at, or had to, by the moment they came into that status."""
    parked = index(waits_for, seq)
    """Sparse: only events that came before an earlier one of the same bank and aggregate."""


INBOX: Final = Stream(
    table="bank-events",
    key="event_id",
    written_at=lambda image: from_image(image)[0].received_at,
)
"""Every change of an event, for whoever settles it."""


def store(event: BankEvent, raw: bytes) -> bool:
    """Keep a new event as it came. False where an event of that name is kept already: nothing is written then."""
    row = BankEventRow(
        event.id, version=event.version, status=event.status, received_at=event.received_at, body=event, raw=raw
    )
    return guarded(lambda: row.save(condition=BankEventRow.event_id.does_not_exist()))


def load(event_id: str) -> tuple[BankEvent, bytes] | None:
    """The event and the bytes the bank signed."""
    row = BankEventRow.find(event_id)
    return (row.body, row.raw) if row else None


def listed(event_ids: Iterable[str]) -> dict[str, tuple[BankEvent, bytes]]:
    """Those of these events that can be read."""
    return {row.event_id: (row.body, row.raw) for row in BankEventRow.listed(event_ids)}


def from_image(image: dict[str, Any]) -> tuple[BankEvent, bytes]:
    """The same, from a record of the table's stream."""
    return BankEventRow.body.deserialize(image["body"]["B"]), BankEventRow.raw.deserialize(image["raw"]["B"])


def replace(event: BankEvent) -> Update:
    """The event in its new form, if it has not changed since it was read."""
    listed, waits = event.status in LISTED, event.status == "parked"
    actions: list[Action] = [
        BankEventRow.version.set(event.version),
        BankEventRow.status.set(event.status),
        BankEventRow.body.set(event),
        BankEventRow.shown_as.set(event.status) if listed else BankEventRow.shown_as.remove(),
        BankEventRow.since.set(event.since) if listed else BankEventRow.since.remove(),
        BankEventRow.waits_for.set(queue_of(event.bank_id, event.aggregate_id))
        if waits
        else BankEventRow.waits_for.remove(),
        BankEventRow.seq.set(event.number) if waits else BankEventRow.seq.remove(),
        *due.actions(event.id, event.next_look),
    ]
    return Update(BankEventRow(event.id), actions, guard=BankEventRow.version == event.version - 1)


def ids_by_status(
    status: str, after: dict[str, Any] | None = None, *, start: datetime | None = None
) -> Iterator[tuple[int, str]]:
    """Since when they are in it, and ids, oldest first: from where `after` (an earlier pair) left off, or from a moment on."""
    left_off = after and {"shown_as": {"S": status}, "since": {"N": str(after["at"])}, "event_id": {"S": after["id"]}}
    wanted = BankEventRow.since >= start if start else None
    for row in BankEventRow.by_status.query(status, wanted, last_evaluated_key=left_off, page_size=101):
        yield to_ms(row.since), row.event_id


def ids_parked(bank_id: str, aggregate_id: str) -> list[str]:
    """Events of one bank that wait for earlier ones of an aggregate, lowest number first."""
    return [row.event_id for row in BankEventRow.parked.query(queue_of(bank_id, aggregate_id))]


def queue_of(bank_id: str, aggregate_id: str) -> str:
    """Every bank numbers its events of an order or another aggregate by itself."""
    return f"{aggregate_id}#{bank_id}"
