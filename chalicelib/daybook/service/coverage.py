"""Of which days feeds and files have told. Orders of our own say nothing of that: they are known whether or not a feed comes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from chalicelib.daybook import records
from chalicelib.daybook.rules.coverage import Feed, FeedDay, told_by
from chalicelib.daybook.rules.facts import Outcome
from chalicelib.daybook.rules.items import Fact
from chalicelib.daybook.service.recording import record
from chalicelib.shared.periods import month_of


def record_told(facts: Sequence[Fact]) -> list[Outcome]:
    """Record what a feed or a file tells, and of which days that was."""
    outcomes = record(facts)
    keep(told_by(fact for fact, outcome in zip(facts, outcomes, strict=True) if outcome.result != "refused"))
    return outcomes


def keep(feed_days: Iterable[FeedDay]) -> None:
    """Keep days that a feed tells of: a write for each month of them. Once or many times, in any order."""
    months: defaultdict[tuple[Feed, str], set[str]] = defaultdict(set)
    for feed, day in feed_days:
        months[feed, month_of(day)].add(day.isoformat())
    for (feed, month), days in sorted(months.items()):
        records.add_feed_days(feed, month, days)


def days(feed: Feed, since: date, until: date) -> frozenset[date]:
    """The days of which a feed has told, from one until another, which is among them."""
    kept = map(date.fromisoformat, records.feed_days(feed, month_of(since), month_of(until)))
    return frozenset(day for day in kept if since <= day <= until)
