"""What the journal's stream and the daily close call. Each may run twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec

from chalicelib.ledger.records import books, closes, evidence
from chalicelib.ledger.rules import chain
from chalicelib.ledger.rules.chain import Link
from chalicelib.ledger.rules.close import Lag
from chalicelib.ledger.service import verifying
from chalicelib.ledger.service.verifying import Itemised
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Failure, Run, ShardResult
from chalicelib.shared import calendars, clock, observe, periods
from chalicelib.shared.journal import Entry
from chalicelib.shared.stream import JOURNAL, Consumer, Record

CLOSE: Final = "books-close"


class Unreadable(Exception):
    """A record whose entry cannot be read: a fault of ours, kept as a dead letter."""


def measure(records: Sequence[dict[str, Any]]) -> None:
    """Tell how far the books are behind the journal, from the records of its stream that come now."""
    if records:
        now = clock.real()
        written_ms = round(float(records[-1]["dynamodb"]["ApproximateCreationDateTime"]) * 1000)
        closes.keep_lag(Lag(max(0, periods.to_ms(now) - written_ms), now))


def book(*entries: Entry) -> None:
    """Put entries into the books, where they need not wait for the stream."""
    books.book(Link(entry, entry.entry_hash) for entry in entries)


def close_books(fired_at: datetime) -> Run:
    """Close the business date before the one on which a schedule fires, and warn of calendars that end soon."""
    today = periods.business_date(fired_at)
    run = begin_close(today - timedelta(days=1))
    calendars.warn_if_ending(today)
    return run


def begin_close(on: date) -> Run:
    """Close a business date, in as many parts as the journal needs. May be called twice."""
    return runs.begin(CLOSE, on.isoformat(), on, verifying.close_parts())


def closing(itemised: Itemised) -> Job:
    """The job that closes a business date, with the accounts whose items slices above keep."""
    return Job(shard=lambda run, shard: _close_part(run, shard, itemised))


def _close_part(run: Run, shard: int, itemised: Itemised) -> ShardResult:
    """One part of the close of a business date. What is wrong is counted, and so alarms."""
    findings = verifying.close(run.as_of, clock.now(), part=shard - 1, parts=run.shards, itemised=itemised)
    closed = verifying.last_closing(run.as_of)
    for off in closed.unitemised if closed else ():
        observe.logger.error("items do not add up to their account", extra=msgspec.to_builtins(off))
        observe.count("ItemsDiffer")
    bad = findings.first_bad
    if bad is not None:
        observe.logger.error(
            "books do not hold", extra={"bad": findings.bad, "aggregate_id": bad.aggregate_id, "seq": bad.seq}
        )
        observe.count("BadEntries", findings.bad)
    return ShardResult(
        counts={
            "entries": findings.entries,
            "chains": findings.chains,
            "bad": findings.bad,
            "unbooked": findings.unbooked,
        },
        failures=(Failure(bad.entry_id, f"{bad.aggregate_id} {bad.seq}: {bad.why}"),) if bad else (),
    )


def _book(record: Record) -> None:
    """Only new entries: nobody changes or removes one but for its answer, and what somebody did is for the verification to find."""
    if record.is_new:
        return _book_together([record])
    link, kept_since = evidence.read_image(record.image), verifying.answers_kept_since(clock.now())
    if not (isinstance(link, Link) and chain.has_lost_answer(link, kept_since)):
        observe.count("JournalTouched")
    return None


def _book_together(records: Sequence[Record]) -> None:
    """The same for many at once. Unreadable where one cannot be read: nothing is booked then."""
    links = list(map(_link, records))
    for displaced in books.book(links):
        observe.logger.error("place taken", extra={"aggregate_id": displaced.aggregate_id, "seq": displaced.seq})
        observe.count("PlaceTaken")


def _link(record: Record) -> Link:
    link = evidence.read_image(record.image)
    if not isinstance(link, Link):
        raise Unreadable(link)
    return link


BOOKS: Final = Consumer(name="ledger.books", stream=JOURNAL, consume=_book, together=_book_together)
