"""What must hold of the sweep of every state machine: one bad item leaves the others untouched."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import msgspec
import pytest

from chalicelib.registry import MACHINES
from chalicelib.runs import sweeps
from chalicelib.shared import due, machines, quarantine
from chalicelib.shared.errors import Unreadable, WriteConflict
from chalicelib.shared.machines import Due, Machine
from chalicelib.shared.pauses import pause
from chalicelib.shared.periods import to_ms
from chalicelib.shared.quarantine import Quarantine
from chalicelib.shared.tables import engine
from tests.due import EVERY_MACHINE, EVERY_MARKED_MACHINE, PLANTS, Planter, failures_of, key, raw
from tests.size import at_size
from tests.stopping import counted
from tests.world import START, Pump, StandingClock

AT_ONCE = 5
"""So many items a sweep takes from the index at once here, instead of 200."""
CROWD = at_size(1_000, 3 * AT_ONCE)
"""Sound items that are due."""
BAD = AT_ONCE + 1
"""Items that cannot be read stand in front of all others, more than a sweep takes at once."""
MINUTE = timedelta(minutes=1)
FEW = 24
"""Entries in ten years: of a ring that doubles there are some ten."""


class Yard:
    """The items of one machine, real ones among a crowd of others that are settled by being removed."""

    def __init__(self, machine: Machine, planter: Planter, time: StandingClock) -> None:
        self.plain, self.time = machine, time
        self.healthy, self.marked, self.poisoned = planter.stock(machine, 3)
        self.all_due()
        self.crowd = {self.add(f"crowd-{number}", time.at) for number in range(CROWD)}
        self.unreadable = [self.add(f"bad-{number}", time.at - timedelta(days=900)) for number in range(BAD)]
        self.machine = replace(machine, settle=self.settle)

    def all_due(self) -> None:
        """Let the moment have come that the last of the real ones waits for."""
        waits = [self.plain.due_at(name, self.time.at) for name in (self.healthy, self.marked, self.poisoned)]
        self.time.at = max(self.time.at, *(at for at in waits if at is not None))

    def add(self, name: str, at: datetime) -> str:
        """An item that cannot be read."""
        place = {"due_shard": {"N": str(due.shard_of(name))}, "due_at": {"N": str(to_ms(at))}}
        rubbish = {"version": {"N": "1"}, "body": {"B": b"\xff\x00rubbish"}}
        self._engine.put_item(TableName=self._table, Item=key(self.plain, name) | place | rubbish)
        return name

    def mark(self, name: str) -> None:
        """Quarantine an item, and leave it where it stands in the index."""
        checkpoint = Quarantine(
            aggregate_id=name, seq=1, entry_id="ent_1", why="it was tampered with", quarantined_at=self.time.at
        )
        self._engine.update_item(
            TableName=self._table,
            Key=key(self.plain, name),
            UpdateExpression=f"SET {quarantine.COLUMN} = :mark",
            ExpressionAttributeValues={":mark": {"B": msgspec.json.encode(checkpoint)}},
        )

    def settle(self, name: str, now: datetime) -> object:
        if name in self.crowd:
            return self._engine.delete_item(TableName=self._table, Key=key(self.plain, name))
        if name == self.poisoned:
            raise ZeroDivisionError(name)
        return self.plain.settle(name, now)

    def still_there(self) -> set[str]:
        pages = self._engine.get_paginator("scan").paginate(TableName=self._table)
        return {item[self.plain.row._hash_keyname]["S"] for page in pages for item in page["Items"]}

    @property
    def _table(self) -> str:
        return str(self.plain.row.Meta.table_name)

    @property
    def _engine(self) -> Any:
        return engine().client


@pytest.fixture
def yard(machine: Machine, planter: Planter, time: StandingClock, monkeypatch: pytest.MonkeyPatch) -> Yard:
    monkeypatch.setattr(machines, "AT_ONCE", AT_ONCE)
    return Yard(machine, planter, time)


@EVERY_MACHINE
def test_poisoned_quarantined_and_unreadable_items_leave_all_others_untouched(yard: Yard) -> None:
    if yard.plain.may_be_quarantined:
        yard.mark(yard.marked)
    was = {name: raw(yard.plain, name) for name in (yard.healthy, yard.poisoned, *yard.unreadable)}
    now = yard.time.at
    swept = yard.machine.sweep(now)
    assert set(swept.failed) == {yard.poisoned, *yard.unreadable}
    assert swept.quarantined == ([yard.marked] if yard.plain.may_be_quarantined else [])
    assert not swept.left
    assert not yard.still_there() & yard.crowd
    assert int(raw(yard.plain, yard.healthy)["version"]["N"]) > int(was[yard.healthy]["version"]["N"])
    assert yard.machine.due(now, 1) == []
    for name in swept.failed:
        is_now = raw(yard.plain, name)
        changed = {column for column in is_now if is_now[column] != was[name].get(column)}
        assert changed == {"due_shard", "due_at", "due_failures"}, name


@EVERY_MACHINE
def test_what_failed_is_looked_at_again_after_growing_pauses_and_no_clock_waits_for_it(yard: Yard) -> None:
    now = yard.time.at
    yard.machine.sweep(now)
    waited_for = yard.machine.next_due()
    assert waited_for is None or waited_for > now
    for failures in (1, 2, 3):
        assert failures_of(yard.machine, yard.poisoned) == failures
        now += pause(failures)
        assert yard.poisoned not in yard.machine.sweep(now - timedelta(milliseconds=1)).failed
        assert yard.poisoned in yard.machine.sweep(now).failed


@EVERY_MACHINE
def test_what_is_repaired_goes_on_where_it_was(yard: Yard) -> None:
    yard.machine.sweep(yard.time.at)
    assert int(raw(yard.plain, yard.poisoned)["due_shard"]["N"]) == due.PUSHED_BACK
    swept = yard.plain.sweep(yard.time.advance(minutes=1))
    assert yard.poisoned not in swept.failed
    assert "due_failures" not in raw(yard.plain, yard.poisoned)
    assert int(raw(yard.plain, yard.poisoned).get("due_shard", {"N": "0"})["N"]) < due.SHARDS


@EVERY_MARKED_MACHINE
def test_what_is_quarantined_is_looked_at_no_more(yard: Yard) -> None:
    yard.mark(yard.marked)
    yard.machine.sweep(yard.time.at)
    with counted() as calls:
        assert yard.machine.sweep(yard.time.at) == machines.Swept()
    assert all(call == "Query" for call in calls)
    assert int(raw(yard.plain, yard.marked)["due_shard"]["N"]) == due.QUARANTINED


@EVERY_MACHINE
def test_a_sweep_adds_no_call_to_what_settling_an_item_takes(
    machine: Machine, planter: Planter, time: StandingClock
) -> None:
    first, second, _ = planter.stock(machine, 3)
    waits = [machine.due_at(name, time.at) for name in (first, second)]
    time.at = max(at for at in waits if at is not None)
    alone: list[str] = []

    def settle(name: str, now: datetime) -> None:
        with counted() as calls:
            machine.settle(name, now)
        alone.extend(calls)

    with counted() as calls:
        swept = replace(machine, settle=settle).sweep(time.at)
    assert swept.looked_at >= 2
    assert [call for call in calls if call != "Query"] == [call for call in alone if call != "Query"]
    assert calls.count("Query") - alone.count("Query") <= 2 * len(due.PARTS)


@EVERY_MACHINE
def test_a_sweep_whose_time_is_over_says_that_something_is_left(
    machine: Machine, planter: Planter, time: StandingClock
) -> None:
    planter.due(machine)
    assert machine.sweep(time.at, seconds=-1) == machines.Swept(left=True)
    assert machine.sweep(time.at).looked_at >= 1


@EVERY_MACHINE
def test_columns_that_say_another_moment_than_the_item_are_put_right(
    machine: Machine, planter: Planter, time: StandingClock
) -> None:
    (name,) = planter.stock(machine, 1)
    waits_for = machine.due_at(name, time.at)
    assert waits_for is not None
    place = Due(waits_for, name)
    assert machine.reschedule(place, time.at)
    swept = machine.sweep(time.at)
    assert (swept.failed, swept.left) == ([], False)
    assert Due(machine.due_at(name, time.at) or time.at, name) in machine.due(waits_for + timedelta(days=900), 99)


@EVERY_MACHINE
def test_an_item_that_settles_without_being_written_is_pushed_back(
    machine: Machine, planter: Planter, time: StandingClock
) -> None:
    name = planter.due(machine)
    idle = replace(machine, settle=lambda name, now: None)
    assert name in idle.sweep(time.at).failed
    assert failures_of(machine, name) == 1


@EVERY_MACHINE
def test_whoever_lost_a_race_is_not_at_fault(machine: Machine, planter: Planter, time: StandingClock) -> None:
    name = planter.due(machine)

    def beaten(name: str, now: datetime) -> None:
        machine.settle(name, now)
        raise WriteConflict("Somebody else was faster.")

    assert replace(machine, settle=beaten).sweep(time.at).failed == []
    assert failures_of(machine, name) == 0


@EVERY_MACHINE
def test_an_item_that_moved_on_meanwhile_is_left_where_it_is(
    machine: Machine, planter: Planter, time: StandingClock
) -> None:
    (name,) = planter.stock(machine, 1)
    was = machine.due_at(name, time.at)
    assert was is not None
    earlier = Due(was - timedelta(hours=1), name)
    assert machine.push_back(earlier, time.at) is None
    assert not machine.leave_index(earlier)
    assert not machine.reschedule(earlier, time.at)
    assert machine.push_back(Due(was, "nobody"), time.at) is None
    assert machine.due(was, 9) == [Due(was, name)]


def test_pauses_grow_to_a_day_and_no_further() -> None:
    assert [pause(failures) for failures in (1, 2, 3, 11)] == [MINUTE, 2 * MINUTE, 4 * MINUTE, 1024 * MINUTE]
    assert pause(12) == pause(10_000) == timedelta(days=1)


def test_every_machine_is_planted_here() -> None:
    assert set(PLANTS) == {machine.name for machine in MACHINES}
    assert len({machine.row for machine in MACHINES}) == len(MACHINES)


@EVERY_MACHINE
def test_a_record_that_cannot_be_read_is_a_named_fault_of_one_item(
    machine: Machine, planter: Planter, time: StandingClock
) -> None:
    bad = f"{planter.stock(machine, 1)[0].partition('_')[0]}_00000000000000000000000000"
    client: Any = engine().client
    client.put_item(
        TableName=machine.row.Meta.table_name,
        Item=key(machine, bad) | {"version": {"N": "1"}, "body": {"B": b"\xff"}},
    )
    with pytest.raises(Unreadable):
        machine.due_at(bad, time.at)


@EVERY_MACHINE
def test_what_a_sweep_has_no_time_for_goes_on_at_the_queue_of_work(
    machine: Machine, planter: Planter, time: StandingClock, pump: Pump, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name,) = planter.stock(machine, 1)
    waits_for = machine.due_at(name, time.at)
    assert waits_for is not None
    time.at = max(time.at, waits_for)
    with monkeypatch.context() as hurried:
        hurried.setattr(machines, "SECONDS", -1.0)
        assert sweeps.sweep(machine, time.at) == 0
    assert Due(waits_for, name) in machine.due(time.at, 99)
    while pump.turn("work"):
        pass
    assert Due(waits_for, name) not in machine.due(time.at, 99)


def test_parts_that_go_on_ask_for_no_more_parts(aws: None, pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machines, "SECONDS", -1.0)
    monkeypatch.setattr(Machine, "due", lambda *_: [Due(START, "ord_1")])
    assert sweeps.sweep(MACHINES[0], START) == 0
    assert sum(pump.turn("work") for _ in range(3)) == len(due.PARTS)
    assert pump.turn("work") == 0


@pytest.mark.parametrize("machine", [each for each in MACHINES if each.rules], ids=lambda machine: machine.name)
def test_what_nobody_attends_to_is_a_few_entries_in_ten_years(
    machine: Machine, planter: Planter, time: StandingClock
) -> None:
    """What rings while nobody comes rings after waits that grow."""
    name, *_ = planter.stock(machine, 3)
    loaded = machine.aggregate.load(name, time.at)
    context = machine.aggregate.gather(loaded.state, loaded.context, time.at)
    written = list(islice(machine.rules.overdue(loaded.state, context, time.at + timedelta(days=3650)), FEW + 1))
    assert len(written) <= FEW
