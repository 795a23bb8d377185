"""A run whose messages were lost is found by the sweep and goes on, whatever died and wherever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import consumers
from chalicelib.runs import messages, records, rules, service
from chalicelib.runs.declared import RUNS
from chalicelib.runs.jobs import Job
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.shared.commit import commit
from chalicelib.shared.journal import GENESIS, Event, entry
from chalicelib.shared.request import RequestContext
from tests.world import Api, Pump, StandingClock

AS_OF = date(2026, 3, 1)


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """What was sent to the queue of work, which loses it."""
    sent: list[tuple[str, int]] = []
    monkeypatch.setattr(messages, "send", lambda run_id, shards: sent.extend((run_id, shard) for shard in shards))
    return sent


@pytest.mark.parametrize("job", sorted(consumers.JOBS))
@pytest.mark.parametrize("status", ["running", "preparing"])
def test_what_a_run_of_any_job_waits_for_is_sent_again_by_the_sweep(
    api: Api, time: StandingClock, queue: list[tuple[str, int]], job: str, status: Any
) -> None:
    run = replace(rules.opened(job, "lost", AS_OF, 3, time.at), status=status)
    written = entry(
        RequestContext.of_clock(run.id, 1, time.at), Event("run.started"), aggregate_id=run.id, seq=1, prev=GENESIS
    )
    commit(written, records.create(run, written))
    expected = [(run.id, 0)] if status == "preparing" else [(run.id, 1), (run.id, 2), (run.id, 3)]
    for pause in (1, 2, 4, 8, 16, 24, 24):
        queue.clear()
        assert RUNS.sweep(time.advance(hours=pause) - timedelta(seconds=1)).looked_at == 0
        swept = RUNS.sweep(time.at)
        assert (swept.looked_at, swept.failed, queue) == (1, [], expected)


def test_a_run_whose_last_worker_died_before_it_was_closed_is_closed(
    api: Api, time: StandingClock, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    def finish(run: Run, results: Mapping[int, ShardResult]) -> None:
        closed.append(run.id)
        service.finish(run.id, proof="proof")

    monkeypatch.setitem(consumers.JOBS, "closing", Job(lambda run, shard: ShardResult(), finish=finish))
    with monkeypatch.context() as lost:
        lost.setattr(messages, "send", lambda run_id, shards: None)
        run = service.begin("closing", "2026-03", AS_OF, 2)
    for shard in (1, 2):
        service.shard_done(run.id, shard, ShardResult())
    RUNS.sweep(time.advance(hours=1))
    pump()
    assert closed == [run.id]
    assert (service.get(run.id).status, service.get(run.id).certificate) == ("done", "proof")


def test_a_run_that_is_over_leaves_the_index(api: Api, time: StandingClock, pump: Pump) -> None:
    run = service.begin(next(iter(consumers.JOBS)), "empty", AS_OF, 0)
    assert service.get(run.id).status == "done"
    assert RUNS.next_due() is None
