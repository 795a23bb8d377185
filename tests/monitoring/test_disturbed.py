"""Whatever disturbs a daily run, its end is that of one that nothing disturbed: the same watches, the same alerts, the same certificate.

Stopping: see `tests/monitoring/test_daily.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib import consumers
from chalicelib.monitoring import jobs
from chalicelib.monitoring.records import watches as records
from chalicelib.monitoring.service import daily
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from chalicelib.runs.rules import Checkpoint, Run, id_of
from chalicelib.shared.errors import Unavailable
from chalicelib.shared.journal import JournalRow
from chalicelib.shared.periods import start_of
from chalicelib.shared.store_errors import STORE_ERRORS
from tests.faults import below
from tests.machine import machine
from tests.monitoring.watched import DAY, Watched, bank, lender, watched

__all__ = ["bank", "lender", "watched"]

DUE = date(2026, 3, 4)
DECIDED = DUE + 8 * DAY
"""One loan is eight days late; of all of them the firm is silent for ten days."""
PARTS = 2


@pytest.fixture
def two_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loans are in one part and the other by turns, with a mark after every second: before `watched`."""
    parts = dict[str, int]()
    monkeypatch.setattr(records, "part_of", lambda loan_id: parts.setdefault(loan_id, len(parts) % PARTS))
    for module in (records, jobs):
        monkeypatch.setattr(module, "PARTS", PARTS)
    monkeypatch.setattr(daily, "MARK_AFTER", 2)
    monkeypatch.setattr(daily, "AT_ONCE", 1)


@pytest.fixture
def late(two_parts: None, watched: Watched) -> Watched:
    """Five loans of a firm, of which nothing is decided since the draw."""
    for number in range(4):
        watched.draws((str(DUE + number * DAY), 10_000_00, 0))
    watched.time.at = start_of(DECIDED + DAY) + timedelta(hours=2)
    watched.told(DECIDED, 30)
    return watched


def run() -> Run:
    return runs.get(id_of(jobs.DAILY, DECIDED.isoformat()))


def begin() -> None:
    jobs.begin_at_once(DECIDED)


def work(shard: int) -> None:
    work_on(Shard(run().id, shard), consumers.JOBS)


def end(late: Watched) -> tuple[str, Any]:
    """The certificate, what is watched, and what the journal says of alerts, each by what it is about."""
    alerts = {loan: late.alerts(loan) for loan in late.loans}
    entries = [row.entry() for row in JournalRow.scan()]
    events = sorted(
        (entry.aggregate_id, entry.seq, entry.event.kind)
        for entry in entries
        if entry.event.kind.startswith(("alert.", "monitoring."))
    )
    watches = {loan: records.load(loan) for loan in late.loans}
    assert {alert.rule for of in alerts.values() for alert in of} == {"login_silence", "repayment"}
    assert "alert.held" in {kind for _, _, kind in events}
    return run().certificate, (watches, alerts, events)


@pytest.fixture
def expected(late: Watched) -> tuple[str, Any]:
    """The end of a run that nothing disturbs; everything is put back as it was before."""
    before = machine().snapshot()
    begin()
    for shard in range(1, PARTS + 1):
        work(shard)
    undisturbed = end(late)
    assert run().status == "done"
    machine().restore(before)
    return undisturbed


@pytest.mark.parametrize("seed", range(3))
def test_messages_that_come_twice_and_in_disorder_change_nothing(late: Watched, expected: Any, seed: int) -> None:
    shards = [*range(1, PARTS + 1)] * 3
    random.Random(seed).shuffle(shards)
    begin()
    for shard in shards:
        work(shard)
    assert end(late) == expected


def test_two_schedulers_and_two_workers_at_once_come_to_the_same_end(
    late: Watched, expected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second one begins the day, and works on the shard from where it stands, between any two marks of the first."""
    save, inside, overtaken = runs.save_checkpoint, list[int](), list[int]()

    def overtakes(run_id: str, shard: int, checkpoint: Checkpoint) -> Checkpoint:
        if not inside:
            inside.append(shard)
            overtaken.append(shard)
            begin()
            daily.decide_part(runs.get(run_id), shard)
            inside.pop()
        return save(run_id, shard, checkpoint)

    monkeypatch.setattr(runs, "save_checkpoint", overtakes)
    begin()
    begin()
    for shard in range(1, PARTS + 1):
        work(shard)
    assert {*overtaken} == {*range(1, PARTS + 1)}
    assert end(late) == expected


def test_throttling_for_a_moment_changes_nothing(late: Watched, expected: Any) -> None:
    begin()
    for shard in range(1, PARTS + 1):
        with throttled("Query", times=2) as reads, throttled("Transact", times=2) as writes:
            work(shard)
        assert (reads.met, writes.met) == (2, 2)
    assert end(late) == expected


@pytest.mark.parametrize(("call", "after"), [("", 0), ("", 12), ("Transact", 0), ("Transact", 3), ("Put", 1)])
def test_throttling_that_does_not_end_leaves_the_shard_to_come_again(
    late: Watched, expected: Any, call: str, after: int
) -> None:
    """Wherever it begins: no loan is set aside for it, and whoever comes next goes on from there."""
    begin()
    for shard in range(1, PARTS + 1):
        with throttled(call, after=after) as met, pytest.raises((*STORE_ERRORS, Unavailable)):
            work(shard)
        assert met.met
        work(shard)
    assert end(late) == expected
    assert run().counts["set_aside"] == 0


@contextmanager
def throttled(call: str, *, after: int = 0, times: int | None = None) -> Iterator[below.Below]:
    """Calls of that name are refused from so many on: so often, or all of them."""
    with below.failing(
        below.throttled, after=after, times=times, only=lambda request: call in below.operation(request)
    ) as met:
        yield met
