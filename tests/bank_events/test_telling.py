"""Messages to banks tell of entries, and never of one another."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.bank_events import jobs
from chalicelib.bank_events.outbound import OUTBOUND
from chalicelib.banks.records.feeds import REPOSITORY
from chalicelib.banks.rules import feed
from chalicelib.shared import journal
from chalicelib.shared.journal import Entry, Event
from chalicelib.shared.request import RequestContext
from tests.world import Api

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
FEED = feed.name_of("boc")


def _of_feed(name: str) -> Entry:
    """A message that was told, as it stands in the journal."""
    request = RequestContext.of_clock(FEED, 1, NOW)
    return journal.entry(request, Event(name, {"bank_id": "boc"}), aggregate_id=FEED, seq=1, version=1, prev="", at=NOW)


@pytest.mark.parametrize("name", sorted({each.name for each in OUTBOUND.values()} | OUTBOUND.keys()))
def test_of_what_a_bank_was_told_it_is_not_told_again(api: Api, name: str) -> None:
    jobs.tell_banks(_of_feed(name))
    assert REPOSITORY.load(FEED) is None


def test_what_is_told_in_another_order_than_it_happened_says_so(api: Api) -> None:
    """The journal's stream keeps the order of one item, and every entry is one: a follower may reach the later one first."""
    for seq in (2, 1):
        happened = Event(
            "loan.draw_cancelled", {"bank_id": "boc", "line_id": "lin_1", "reason": "", "to": "draw_closed"}
        )
        request = RequestContext.of_clock("lon_1", seq, NOW)
        jobs.tell_banks(journal.entry(request, happened, aggregate_id="lon_1", seq=seq, version=seq, prev="", at=NOW))
    messages = {entry.seq: entry.event.payload["source"] for entry in _entries_of(FEED)}
    assert messages == {1: {"aggregate_id": "lon_1", "seq": 2}, 2: {"aggregate_id": "lon_1", "seq": 1}}


def _entries_of(aggregate_id: str) -> list[Entry]:
    return [entry for row in journal.JournalRow.scan() if (entry := row.entry()).aggregate_id == aggregate_id]
