"""Whatever disturbs a run, its end is the end of one that nothing disturbed: the same deposits, the same journal, the same certificate.

Stopping: see `tests/stopping.py`.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib.deposits import records
from chalicelib.deposits.monthly import engine, jobs, service, writing
from chalicelib.deposits.rulebooks import rulebook_repository
from chalicelib.deposits.rules.deposit import Deposit
from chalicelib.deposits.rules.snapshots import with_snapshots
from chalicelib.runs import jobs as run_jobs
from chalicelib.runs import service as runs
from chalicelib.runs.messages import Shard
from chalicelib.runs.rules import Checkpoint, Run, id_of
from chalicelib.shared import clock, retries
from chalicelib.shared.store_errors import STORE_ERRORS
from tests.deposits.monthly.sellers import PERIOD, keep, month, some, world
from tests.faults import below
from tests.machine import Snapshot, machine
from tests.round_trips import listening
from tests.stopping import try_every_stop

__all__ = ["month"]

SELLERS = 24
COMMANDS: list[tuple[str, Callable[[], Any]]] = [
    ("begin", lambda: service.begin(PERIOD)),
    ("first shard", lambda: work(1)),
    ("last shard", lambda: work(2)),
]


@pytest.fixture
def small(month: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two shards, pages of three sellers, a mark after every five."""
    monkeypatch.setattr(service, "SHARDS", 2)
    monkeypatch.setattr(engine, "LINES_A_MARK", 5)
    monkeypatch.setattr(clock, "_offset", timedelta)  # what the sandbox bends is read again every few moments
    with pages_of(3):
        keep(*some(SELLERS))
        yield


def work(shard: int) -> None:
    run_jobs.work_on(Shard(run().id, shard), jobs.JOBS)


def run() -> Run:
    return runs.get(id_of(service.MONTHLY, PERIOD))


@contextmanager
def pages_of(items: int) -> Iterator[None]:
    """The engine answers so many items of a deposits' scan at once."""

    def limit(params: dict[str, Any], **_: Any) -> None:
        if params["TableName"] == records.DepositRow.Meta.table_name and "Segment" in params:
            params["Limit"] = items

    with listening("before-parameter-build.dynamodb.Scan", limit):
        yield


def undisturbed() -> tuple[str, dict[str, Any]]:
    for _, command in COMMANDS:
        command()
    return run().certificate, world()


def test_stopping_anywhere_and_going_on_changes_nothing(small: None) -> None:
    stops = sum(2 * len(try_every_stop(name, command, compared=_comparable)) for name, command in COMMANDS)
    assert run().status == "done"
    assert stops > 80


def _comparable(end: Snapshot) -> dict[str, dict[Any, Any]]:
    """Marks may be cut elsewhere where a shard was redone: they lead to the same result."""
    return {
        table: {key: item for key, item in items.items() if "checkpoint" not in item.attrs}
        for table, items in end.items().items()
    }


@pytest.mark.parametrize("seed", range(3))
def test_messages_that_come_twice_and_in_disorder_change_nothing(small: None, seed: int) -> None:
    before = machine().snapshot()
    expected = undisturbed()
    machine().restore(before)
    chance = random.Random(seed)
    asked = [1, 2] * 3
    chance.shuffle(asked)
    service.begin(PERIOD)
    for shard in asked:
        work(shard)
    assert (run().certificate, world()) == expected


def test_two_workers_on_one_shard_come_to_the_same_end(small: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one works on the shard from its beginning between any two checkpoints of the first."""
    before = machine().snapshot()
    expected = undisturbed()
    machine().restore(before)
    service.begin(PERIOD)
    save, inside = runs.save_checkpoint, list[int]()

    def overtaken(run_id: str, shard: int, checkpoint: Checkpoint) -> Checkpoint:
        if not inside:
            inside.append(shard)
            engine.decide_shard(runs.get(run_id), shard)
            inside.pop()
        return save(run_id, shard, checkpoint)

    monkeypatch.setattr(runs, "save_checkpoint", overtaken)
    work(1)
    work(2)
    assert (run().certificate, world()) == expected


def test_sellers_who_pay_and_trade_while_the_run_goes_on_are_decided_as_of_the_cut_off(
    small: None, month: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each seller is given money between the moment it is read and the moment it is written."""
    before = machine().snapshot()
    expected, ends = undisturbed()
    machine().restore(before)
    service.begin(PERIOD)
    put, paid = writing.write, set[str]()

    def meddled(group: Any, task: Any) -> Any:
        for deposit, _ in group:
            if deposit.id not in paid:
                paid.add(deposit.id)
                _pay(deposit, month.at)
        return put(group, task)

    monkeypatch.setattr(engine, "write", meddled)
    work(1)
    work(2)
    assert run().certificate == expected
    assert paid
    for seller_id, deposit in world().items():
        assert deposit.base_minor == ends[seller_id].base_minor
        assert deposit.adjustment == ends[seller_id].adjustment
        assert deposit.available_minor == ends[seller_id].available_minor + (900_000 if seller_id in paid else 0)


def _pay(deposit: Deposit, now: Any) -> None:
    seen = with_snapshots(deposit, now, rulebook_repository.books(now))
    richer = replace(seen, available_minor=seen.available_minor + 900_000, version=deposit.version + 1, updated_at=now)
    records.save(richer, None)


def test_throttling_for_minutes_changes_nothing(small: None) -> None:
    before = machine().snapshot()
    expected = undisturbed()
    machine().restore(before)
    service.begin(PERIOD)
    with throttled(times=40) as waited:
        work(1)
        work(2)
    assert (run().certificate, world()) == expected
    assert 60 < sum(waited) < 2 * retries.OUTLAST_SECONDS


def test_a_store_that_never_recovers_leaves_the_shard_to_come_again(small: None) -> None:
    service.begin(PERIOD)
    with throttled(times=10_000) as waited, pytest.raises(STORE_ERRORS):
        work(1)
    assert 200 < sum(waited) <= retries.OUTLAST_SECONDS
    work(1)
    work(2)
    assert run().status == "done"


@contextmanager
def throttled(*, times: int) -> Iterator[list[float]]:
    """The first scan and the first transaction are refused so many times each, in the ways the engine has. Yields the pauses that were made."""
    number = itertools.count(1)

    def refuse(request: Any, execute: Any) -> Any:
        return _WAYS[next(number) % 3](request, execute)

    with (
        below.failing(refuse, times=times, only=lambda request: "Scan" in below.operation(request)) as scans,
        below.failing(refuse, times=times, only=lambda request: "Transact" in below.operation(request)) as writes,
    ):
        waited: list[float] = []
        scans.pauses = writes.pauses = waited
        yield waited


def _conflicting(request: Any, execute: Any) -> Any:
    reasons = [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "busy"}]
    return below.answer(request, 400, "TransactionCanceledException", CancellationReasons=reasons)


_WAYS = (below.silent, below.throttled, _conflicting)
