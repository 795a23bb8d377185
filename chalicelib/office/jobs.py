"""What streams tell officers' lists. It may come twice, late and out of order: each thing is looked at as it is then."""

from __future__ import annotations

from typing import Final

from chalicelib.banks.service import inbox
from chalicelib.office.service import counting, following, indexing
from chalicelib.shared import clock
from chalicelib.shared.journal import Entry
from chalicelib.shared.stream import Consumer, Record


def follow_work(entry: Entry) -> None:
    """Keep what waits for officers in what an entry changed."""
    following.follow_work(entry, clock.now())


def follow_terms(*entries: Entry) -> None:
    """Keep what the things of entries are found by."""
    indexing.follow_terms(*entries)


def follow_entries(*entries: Entry) -> None:
    """Keep where entries are found by who acted."""
    indexing.follow_places(*entries)


def follow_reports(*entries: Entry) -> None:
    """Count entries in the reports they belong to."""
    counting.follow(*entries)


def _bank_event_changed(record: Record) -> None:
    following.look_at(record.key, record.key, clock.now())
    indexing.index({record.key: record.key})
    counting.follow_bank_event(inbox.from_image(record.image)[0])


BANK_EVENTS: Final = Consumer(
    name="office.bank-events", stream=inbox.INBOX, consume=_bank_event_changed, coalesces=True
)
"""What a bank told too early waits without an entry."""
