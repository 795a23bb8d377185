"""The one commit: all or nothing, once, and named when it may not be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.members import records
from chalicelib.members.rules import Member, MemberExists, register
from chalicelib.shared import journal, packing, retries
from chalicelib.shared.commit import KeyReused, SameItemTwice, StoredResponse, TooManyActions, commit
from chalicelib.shared.errors import Unavailable
from chalicelib.shared.journal import Entry, Event, Unbalanced, debit
from chalicelib.shared.request import Caller, RequestContext
from chalicelib.shared.settings import Settings
from tests.faults.below import answer, failing

NOW = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


def test_the_same_entry_again_gives_the_first_answer_and_changes_nothing(aws: None) -> None:
    first, again = _register("k", answer=b'{"first":1}'), _register("k", answer=b'{"second":2}')
    assert (first.body, first.replayed) == (b'{"first":1}', False)
    assert (again.body, again.replayed) == (b'{"first":1}', True)


def test_a_key_belongs_to_the_request_it_was_used_for(aws: None) -> None:
    _register("k", digest="one")
    with pytest.raises(KeyReused):
        _register("k", digest="two")


def test_a_guard_that_fails_is_the_refusal_it_stands_for_and_nothing_is_written(aws: None) -> None:
    _register("k1")
    with pytest.raises(MemberExists):
        _register("k2")
    assert journal.read(_request("k2").entry_id) is None


def test_postings_out_of_balance_are_never_written(aws: None) -> None:
    with pytest.raises(Unbalanced):
        journal.entry(_request("k"), Event("x", {}, (debit("held", "o", "USD", 1),)), aggregate_id="o", seq=1, prev="")


def test_a_commit_of_more_actions_than_the_engine_takes_is_a_named_fault_and_writes_nothing(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as small:
        small.setattr("chalicelib.shared.commit.settings", lambda: Settings(most_actions=1))
        with pytest.raises(TooManyActions, match="needs 2 actions; a commit has at most 1"):
            _register("k")
    assert journal.read(_request("k").entry_id) is None
    assert _register("k").status == 200


def test_two_actions_on_one_item_are_a_named_fault_and_write_nothing(aws: None) -> None:
    entry, member = _entry("k")
    with pytest.raises(SameItemTwice, match=member.id):
        commit(entry, records.create(member, entry), records.create(member, entry))
    assert journal.read(entry.entry_id) is None


def test_a_conflict_with_a_transaction_in_flight_is_tried_again(aws: None) -> None:
    with failing(_conflicting, times=3) as below:
        assert _register("k").status == 200
    assert (below.met, len(below.pauses)) == (3, 3)


def test_conflicts_without_end_are_told_as_busy(aws: None) -> None:
    with failing(_conflicting) as below, retries.patience(1.0), pytest.raises(Unavailable):
        _register("k")
    assert below.met > 3
    assert sum(below.pauses) <= 1.0


def test_an_entry_reads_back_with_the_head_it_was_written_with(aws: None) -> None:
    written, _ = _entry("k", answer=b'{"a":1}')
    _register("k", answer=b'{"a":1}')
    entry = journal.read(written.entry_id)
    assert entry is not None
    assert (entry.entry_hash, entry.response, entry.event.kind) == (written.entry_hash, b'{"a":1}', "member.registered")


def test_a_packed_document_is_smaller_and_reads_back() -> None:
    member = _member()
    assert packing.unpack(packing.pack(member), Member) == member
    assert len(packing.pack(member)) < 150


def _conflicting(request: Any, execute: Any) -> Any:
    """The engine's refusal of a transaction that met another one."""
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}]
    return answer(request, 400, "TransactionCanceledException", CancellationReasons=reasons)


def _register(key: str, *, digest: str = "d", answer: bytes = b"{}") -> StoredResponse:
    entry, member = _entry(key, digest=digest, answer=answer)
    return commit(entry, records.create(member, entry))


def _entry(key: str, *, digest: str = "d", answer: bytes = b"{}") -> tuple[Entry, Member]:
    member = _member()
    event = Event("member.registered", {"country": "DE"})
    return journal.entry(
        _request(key, digest), event, aggregate_id=member.id, seq=1, prev=journal.GENESIS, response=answer
    ), member


def _member() -> Member:
    return register("acme", name="ACME GmbH", country="DE", zone="Europe/Berlin", now=NOW)


def _request(key: str, digest: str = "d") -> RequestContext:
    return RequestContext(
        caller=Caller(sub="officer-1", role="officer"), now=NOW, request_id="r", key=key, digest=digest
    )
