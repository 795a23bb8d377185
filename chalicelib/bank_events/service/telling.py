"""Telling banks what concerns them: an entry of the journal becomes a message in the feed of each bank that it names."""

from __future__ import annotations

from datetime import datetime

from chalicelib.bank_events.outbound import OUTBOUND
from chalicelib.banks.rules.feed import PREFIX
from chalicelib.banks.service import feeds
from chalicelib.shared import ids
from chalicelib.shared.journal import Entry


def tell(entry: Entry, now: datetime) -> None:
    """Put the message that an entry becomes, if it does, into the feeds of its banks. Once in each, however often it is called.

    The message is an entry of its feed, of a kind that another message may follow from: of messages nobody is told. Its `source` says which
    change it tells of: the journal is followed in any order, so the feed's numbers are not those of what happened to one aggregate.
    """
    message = OUTBOUND.get(entry.event.kind)
    if message is None or ids.is_id(entry.aggregate_id, PREFIX):
        return
    data = {**message.data(entry), "source": {"aggregate_id": entry.aggregate_id, "seq": entry.seq}}
    for bank_id in message.banks(entry, now) if message.banks else _banks_of(entry):
        feeds.tell(bank_id, message.name, data, of=entry.entry_id, at=entry.at, now=now)


def _banks_of(entry: Entry) -> tuple[str, ...]:
    """Under `private` where nobody else is to know which they are."""
    payload = {**entry.event.payload, **entry.event.payload.get("private", {})}
    return tuple(payload["bank_ids"]) if "bank_ids" in payload else (payload["bank_id"],)
