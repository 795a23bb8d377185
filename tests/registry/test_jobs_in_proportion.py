"""What a job reads grows with what it does, and not with what there is besides: every sweep, every schedule, every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import pytest
from chalice.app import ScheduledEventConfig

import app
from chalicelib.consumers import JOBS
from chalicelib.credit import jobs as credit_jobs
from chalicelib.deposits import jobs as deposit_jobs
from chalicelib.recoveries import jobs as recovery_jobs
from chalicelib.registry import MACHINES
from chalicelib.runs import records as run_records
from chalicelib.runs.jobs import work_on
from chalicelib.runs.messages import Shard
from chalicelib.runs.rules import Run
from chalicelib.shared import due
from chalicelib.shared.machines import Machine
from chalicelib.shared.periods import business_date, to_ms, wire
from chalicelib.shared.tables import engine
from tests.credit.borrowing import Borrower, register
from tests.credit.seeking import seeking
from tests.due import EVERY_MACHINE, Planter, key, raw
from tests.machine import machine as embedded
from tests.round_trips import listening
from tests.size import at_size
from tests.world import Api, StandingClock

TIMES: Final = at_size(10, 3)
"""So many times as much is due."""
CROWD: Final = at_size(1_000, 25)
"""Items that wait for a moment which has not come."""
LATER: Final = timedelta(days=3_000)
BY_WHAT_THEY_DO: Final = {"deposits-daily", "pre-offers-monthly", "recoveries-set-off", "redrive"}
WHOLE: Final = {
    "trade_history": "every row of a file",
    "nominations": "every row of a file",
    "exports": "every row of a file",
    "books-close": "every entry is verified",
    "credit-limits": "every firm that ever applied is decided on",
    "peers-monthly": "every firm of the register is compared",
    "scores-monthly": "every firm that ever applied is looked at",
    "portfolio-monthly": "every loan of a bank is looked at",
    "contagion-nightly": "every group of a bank is looked at",
    "monitoring-shadow": "every loan that was watched is replayed",
    "monitoring-daily": "every loan that is not over has its place in the index, with the day on which it wakes",
    "qualification-monthly": "every supplier of the programme is decided on",
    "deposits-rehearsal": "every seller is decided on",
    "deposits-monthly": "every seller is decided on",
    "deposits-departures": "every seller is decided on",
    "deposits-preview": "every seller is tried out",
}
"""Jobs whose work is a whole table or file: they are cut into shards."""
SCHEDULES: Final = sorted(source.name for source in app.app.event_sources if isinstance(source, ScheduledEventConfig))


@contextmanager
def reading() -> Iterator[Counter[str]]:
    """How many calls that read are made meanwhile, and how many items the engine goes through for them."""
    read = Counter[str]()

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in ("GetItem", "BatchGetItem", "Query", "Scan"):
            read["calls"] += 1
            read["items"] += parsed.get("ScannedCount", 0) + ("Item" in parsed)
            read["items"] += sum(len(items) for items in parsed.get("Responses", {}).values())

    with listening("after-call.dynamodb", note):
        yield read


def read_by(work: Callable[[], object]) -> Counter[str]:
    """What some work reads. The world is put back as it was."""
    before = embedded().snapshot()
    with reading() as read:
        work()
    embedded().restore(before)
    return read


def not_due(machine: Machine, name: str, time: StandingClock) -> None:
    """Let an item's moment be far off, as far as the index knows."""
    item = raw(machine, name) | {"due_at": {"N": str(to_ms(time.at + LATER))}}
    client: Any = engine().client
    client.put_item(TableName=machine.row.Meta.table_name, Item=item)


def crowd(machine: Machine, time: StandingClock) -> None:
    """Many items in the index whose moment has not come."""
    client: Any = engine().client
    for number in range(CROWD):
        name = f"crowd-{number}"
        place = {"due_shard": {"N": str(due.shard_of(name))}, "due_at": {"N": str(to_ms(time.at + LATER))}}
        item = key(machine, name) | place | {"version": {"N": "1"}, "body": {"B": b"\xff\x00rubbish"}}
        client.put_item(TableName=machine.row.Meta.table_name, Item=item)


def must_be_in_proportion(machine: Machine, planter: Planter, time: StandingClock, work: Callable[[], object]) -> None:
    """One due thing costs the same in whatever crowd; many cost at most so many times as much as one."""
    names = planter.stock(machine, TIMES)
    time.at = max(time.at, *(machine.due_at(name, time.at) or time.at for name in names))
    many = read_by(work)
    for name in names[1:]:
        not_due(machine, name, time)
    one = read_by(work)
    crowd(machine, time)
    assert read_by(work) == one
    assert one["calls"] > 0
    assert all(many[what] <= TIMES * one[what] for what in ("calls", "items")), (one, many)
    assert many["items"] > one["items"], "all of them were due"


@EVERY_MACHINE
def test_a_sweep_reads_in_proportion_to_what_is_due(machine: Machine, planter: Planter, time: StandingClock) -> None:
    must_be_in_proportion(machine, planter, time, lambda: machine.sweep(time.at, here=machine.settle_here is not None))


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_reads_nothing_of_what_is_not_due(name: str, api: Api, time: StandingClock) -> None:
    """With every table full of what waits. What begins a run reads what it needs to cut it, and no more."""
    tick = {"time": wire(time.at), "detail": {}, "source": "aws.events", "id": "1", "account": "1", "version": "0"}
    tick |= {"detail-type": "Scheduled Event", "region": "us-east-1", "resources": []}
    read_by(lambda: app.app.handler_map[name](tick, None))  # which reads once what a process then knows
    quiet = read_by(lambda: app.app.handler_map[name](tick, None))
    for machine in MACHINES:
        crowd(machine, time)
    assert read_by(lambda: app.app.handler_map[name](tick, None)) == quiet


def test_every_job_reads_by_what_it_does_or_is_cut_into_shards_for_a_reason() -> None:
    assert set(JOBS) == BY_WHAT_THEY_DO | set(WHOLE)


def run_through(run: Run) -> None:
    """Every shard of a run, as the queue of work would have it worked on."""
    for shard in range(1, run.shards + 1):
        work_on(Shard(run.id, shard), JOBS)
    loaded = run_records.load(run.id)
    assert loaded is not None
    assert loaded.status == "done"


def machine_of(name: str) -> Machine:
    return next(machine for machine in MACHINES if machine.name == name)


def test_the_daily_run_of_deposits_reads_in_proportion_to_what_is_due(planter: Planter, time: StandingClock) -> None:
    must_be_in_proportion(
        machine_of("deposits"),
        planter,
        time,
        lambda: run_through(deposit_jobs.begin_day(business_date(time.at))),
    )


def test_looking_for_pre_offers_reads_in_proportion_to_who_consents(
    borrower: Borrower, api: Api, time: StandingClock
) -> None:
    """One firm that consents, then as many again, beside those that do not."""

    def work() -> None:
        run_through(credit_jobs.start_pre_offers(business_date(time.at)))

    for number in range(TIMES):
        register(api, time, f"silent-{number}").consent("boc")
    seeking(borrower)
    one = read_by(work)
    for number in range(TIMES - 1):
        seeking(register(api, time, f"seeking-{number}"))
    many = read_by(work)
    assert all(one[what] < many[what] <= TIMES * one[what] for what in ("calls", "items")), (one, many)


def test_setting_off_reads_in_proportion_to_what_is_owed(planter: Planter, time: StandingClock) -> None:
    """One that is owed by a supplier, then as many again."""
    recoveries = machine_of("recoveries")

    def work() -> None:
        run_through(recovery_jobs.start_set_off(business_date(time.at)))

    planter(recoveries)
    recoveries.sweep(time.at)
    one = read_by(work)
    for _ in range(TIMES - 1):
        planter(recoveries)
    recoveries.sweep(time.at)
    many = read_by(work)
    assert all(one[what] < many[what] <= TIMES * one[what] for what in ("calls", "items")), (one, many)
