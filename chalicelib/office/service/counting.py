"""What reports count: entries of the journal and waits of bank events, as streams tell of them, each once."""

from __future__ import annotations

from itertools import groupby

from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.service import inbox
from chalicelib.office.records import counts as records
from chalicelib.office.records import places
from chalicelib.office.records.places import PlaceRow
from chalicelib.office.rules import reports as rules
from chalicelib.office.rules.found import found_by
from chalicelib.shared.journal import Entry


def follow(*entries: Entry) -> None:
    """Count entries in every report they belong to. Each once, whenever and however often it is told."""
    records.add([(_mark(entry), facts) for entry in entries if (facts := rules.facts_of(entry))])


def follow_bank_event(event: BankEvent) -> None:
    """Count how long an event waited, and its money lay in suspense: each once it is over, and once."""
    policy = inbox.policy(event.suspended_at or event.received_at)
    facts = rules.facts_of_bank_event(event, policy.suspense)
    by_report = groupby(facts, lambda fact: fact.report)
    by_mark = ((f"counted:{event.id}#{report}", list(facts)) for report, facts in by_report)
    records.add([(places.counted(of, event.received_at, event.id), facts) for of, facts in by_mark])


def _mark(entry: Entry) -> PlaceRow:
    """The first place of an entry, which `indexing` then leaves to its count; what the clock does has none."""
    of = next(iter(found_by(entry)), f"counted:{entry.entry_id}")
    return places.counted(of, entry.at, entry.entry_id)
