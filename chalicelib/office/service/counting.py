"""What reports count: entries of the journal and waits of bank events, as streams tell of them, each once."""

from __future__ import annotations

from itertools import groupby

from chalicelib.banks.rules.inbox import BankEvent
from chalicelib.banks.service import inbox
from chalicelib.office.records import counts as records
from chalicelib.office.rules import reports as rules
from chalicelib.shared.journal import Entry


def follow(*entries: Entry) -> None:
    """Count entries in every report they belong to. Each once, whenever and however often it is told."""
    records.add([(entry.entry_id, facts) for entry in entries if (facts := rules.facts_of(entry))])


def follow_bank_event(event: BankEvent) -> None:
    """Count how long an event waited, and its money lay in suspense: each once it is over, and once."""
    policy = inbox.policy(event.suspended_at or event.received_at)
    facts = rules.facts_of_bank_event(event, policy.suspense)
    by_report = groupby(facts, lambda fact: fact.report)
    records.add([(f"{event.id}#{report}", list(of_it)) for report, of_it in by_report])
