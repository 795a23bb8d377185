"""The daily set-off as a run: shared out by ranges of ids, each recovery looked at once, and nobody's fault another's."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import consumers
from chalicelib.recoveries import jobs, records
from chalicelib.recoveries.service import commands
from chalicelib.runs import items
from chalicelib.runs import service as runs
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from chalicelib.shared import clock
from tests.recoveries.owing import Debt
from tests.world import Pump

MANY = 11


class Killed(BaseException):
    """The worker is gone."""


@pytest.fixture
def owing(debt: Debt, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """So many recoveries of 100.00 USD of which 60.00 each are there to be taken, some at a time."""
    monkeypatch.setattr(items, "AT_ONCE", 2)
    found = [debt.advance(10_000, claim=str(number)) for number in range(MANY)]
    debt.earn(6_000 * MANY)
    return found


def begin() -> str:
    return jobs.begin_set_off(clock.now() + timedelta(days=1)).id


def test_every_recovery_is_in_one_part(owing: list[str]) -> None:
    parts = [list(jobs._taking_in(part, "")) for part in range(records.PARTS)]
    assert sorted(recovery_id for part in parts for _, recovery_id in part) == sorted(owing)
    assert sum(map(bool, parts)) > 1, "they are shared out"


def test_the_run_takes_what_is_there_and_proves_that_it_looked_at_all(debt: Debt, owing: list[str], pump: Pump) -> None:
    run_id = begin()
    pump(times=2)
    run, _, results = runs.whole(run_id)
    assert (run.status, run.counts["looked_at"], run.counts["set_aside"]) == ("done", MANY, 0)
    assert len(results) == records.PARTS
    debt.streams()
    assert debt.balances()["supplier_balance"] == "0.00"
    left = sum(round(float(debt.see(recovery_id)["remaining"]["amount"]) * 100) for recovery_id in owing)
    assert left == MANY * 10_000 - MANY * 6_000


def test_one_that_cannot_be_set_off_is_named_and_the_others_go_on(
    owing: list[str], pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = commands.set_off

    def poisoned(recovery_id: str, now: Any) -> bool:
        if recovery_id == owing[0]:
            raise RuntimeError("poison")
        return works(recovery_id, now)

    monkeypatch.setattr(commands, "set_off", poisoned)
    run_id = begin()
    pump()
    run_view = runs.shown(run_id)
    assert (run_view.status, run_view.counts["looked_at"], run_view.counts["set_aside"]) == ("done", MANY, 1)
    assert [(one.item, one.reason) for one in run_view.failures] == [(owing[0], "RuntimeError: poison")]


def test_a_worker_that_dies_is_taken_over_behind_what_it_did(
    owing: list[str], pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    works, looked_at = commands.set_off, Counter[str]()

    def dies_at_the_last(recovery_id: str, now: Any) -> bool:
        looked_at[recovery_id] += 1
        if looked_at.total() % 4 == 0:
            raise Killed
        return works(recovery_id, now)

    monkeypatch.setattr(commands, "set_off", dies_at_the_last)
    run_id = begin()
    for shard in range(1, records.PARTS + 1):
        for _ in range(MANY):
            try:
                work_on(Shard(run_id, shard), consumers.JOBS)
                break
            except Killed:
                continue
    run = runs.get(run_id)
    assert (run.status, run.counts["looked_at"]) == ("done", MANY)
    assert max(looked_at.values()) <= 3, "at most the two since the last mark are looked at again"
