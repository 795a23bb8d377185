"""A lever of the sandbox answers when its time is over, whatever is under way; time is told here by the calls that were made."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest

from chalicelib.orders.records import REPOSITORY
from chalicelib.registry import MACHINES
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import Job
from chalicelib.runs.messages import Shard
from chalicelib.runs.rules import Run, ShardResult
from chalicelib.sandbox import agenda, hourglass, service
from chalicelib.sandbox.hourglass import TimeIsOver
from chalicelib.sandbox.rules import DEPOSITS_DAILY, SET_OFFS, Schedule
from chalicelib.sandbox.views import HappenedView
from chalicelib.sandbox.way import Stop
from chalicelib.shared import due, machines
from chalicelib.shared.periods import business_date
from tests.stopping import counted
from tests.trade import Trade
from tests.world import START, Api, Pump

AROUND = 25
"""Calls that a job's request makes beside its time: who asks, the first answer, the run that begins, and the answer that is kept."""
A_THING = 30
"""Calls that a few things and their consequences take: so many more than its time a way may cost."""


@contextmanager
def a_second_a_call(monkeypatch: pytest.MonkeyPatch, most: float) -> Iterator[list[str]]:
    """Every call takes a second, and a request has so many."""
    with counted() as calls, monkeypatch.context() as patch:

        def monotonic() -> float:
            return float(len(calls))

        for module in (service, hourglass, agenda):
            patch.setattr(module, "monotonic", monotonic)
        patch.setattr(machines, "time", SimpleNamespace(monotonic=monotonic))
        patch.setattr(service, "MOST_SECONDS", most)
        yield calls


@pytest.mark.parametrize("job", ["books-close", "deposits-daily", "qualification-monthly"])
def test_a_job_that_does_not_end_in_time_is_left_to_the_queue_wherever_it_is(
    job: str, trade: Trade, officer: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    trade.propose()
    seen = set()
    for seconds in range(0, 120, 7):
        as_of = business_date(START) - timedelta(days=32 * seconds)
        with a_second_a_call(monkeypatch, seconds) as calls:
            reply = trade.api.post(f"/v1/sandbox/jobs/{job}", {"as_of": as_of.isoformat()}, officer)
            assert len(calls) <= seconds + AROUND
        assert reply.status == 200, reply.body
        seen.add(reply["status"])
        pump()
        assert runs.get(reply["id"]).status == "done"
    assert seen == {"running", "done"}


def test_a_run_is_worked_on_from_its_end_where_the_queue_has_not_been(
    api: Api, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked: list[int] = []

    def work(run: Run, shard: int) -> ShardResult:
        if not worked:  # the queue is as quick
            run_jobs.work_on(Shard(run.id, 1), {run.job: Job(shard=lambda run, shard: ShardResult())})
        worked.append(shard)
        return ShardResult()

    monkeypatch.setattr(service, "WORK", {DEPOSITS_DAILY: Job(shard=work)})
    answer = api.post("/v1/sandbox/jobs/deposits-daily", {}, officer)
    assert answer["status"] == "done"
    assert worked == list(range(len(due.PARTS), 1, -1))


def test_a_way_ends_within_its_time_and_one_thing_more_and_is_gone_on_with(
    trade: Trade, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_ids = [trade.propose()["id"] for _ in range(30)]
    monkeypatch.setattr(service, "FOR_CONSEQUENCES", 0.0)
    target, looks = "2026-04-02T00:00:00Z", 0
    while True:
        with a_second_a_call(monkeypatch, most := due.SHARDS * len(MACHINES) + 100.0) as calls:
            moved = trade.api.post("/v1/sandbox/clock", {"now": target}, officer)
            assert len(calls) <= most + A_THING
        assert moved.status == 200, moved.body
        looks += 1
        if moved["arrived"]:
            break
    assert looks > 1
    assert {trade.see(order_id)["status"] for order_id in order_ids} == {"expired"}


def test_a_run_that_is_left_to_the_queue_is_named_in_the_answer(
    api: Api, officer: str, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "SCHEDULES", (Schedule("deposits-daily", 16, 5),))
    first_look = due.SHARDS * len(MACHINES)
    with a_second_a_call(monkeypatch, first_look + 40) as calls:
        moved = api.post("/v1/sandbox/clock", {"advance_hours": 24}, officer)
        assert len(calls) <= first_look + 40 + A_THING
    assert (moved["arrived"], moved["now"]) == (False, "2026-03-02T16:05:00Z")
    [happened] = moved["happened"]
    assert (happened["what"], happened["left_to_queue"]) == ("deposits-daily", True)
    pump()
    assert runs.get(happened["run_id"]).status == "done"


def test_set_offs_that_do_not_end_in_time_become_a_run(api: Api, pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Stop(START, START, SET_OFFS)
    with a_second_a_call(monkeypatch, 0.0):
        left = service._set_off(stop, 1.0)
        done = service._set_off(stop, 1_000.0)
    assert left.run_id
    assert (left.left_to_queue, done) == (True, HappenedView(at=START, what=SET_OFFS, count=0))
    pump()
    assert runs.get(left.run_id).status == "done"


def test_only_the_thread_that_has_no_time_left_is_stopped(aws: None) -> None:
    found: list[object] = []
    with hourglass.until(0.0):
        other = threading.Thread(target=lambda: found.append(REPOSITORY.load("ord_1")))
        other.start()
        other.join()
        with pytest.raises(TimeIsOver):
            REPOSITORY.load("ord_1")
    assert [*found, REPOSITORY.load("ord_1")] == [None, None]
