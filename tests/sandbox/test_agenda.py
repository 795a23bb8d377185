"""The sandbox's clock finds its next stop by a query for what has changed, however many things wait."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.registry import MACHINES
from chalicelib.sandbox import agenda as agendas
from chalicelib.sandbox import service
from chalicelib.sandbox.agenda import Agenda
from chalicelib.shared import due
from chalicelib.shared.machines import Due, Machine
from chalicelib.shared.periods import to_ms
from chalicelib.shared.tables import engine
from tests.due import EVERY_MACHINE, Planter, bank, debt, desk, key, outbox, planter, receiver, shop
from tests.size import at_size
from tests.stopping import counted
from tests.trade import Trade
from tests.world import StandingClock

__all__ = ["bank", "debt", "desk", "outbox", "planter", "receiver", "shop"]

WAITING = at_size(1_000, 300)
"""Things that wait for a moment after the target, of all machines together."""
CLOSE = at_size(150, 40)
"""Things that fall due within seconds of each other."""
MONTH = timedelta(days=30)


def wait(machine: Machine, number: int, at: datetime) -> None:
    """Something that waits, and of which nothing is known but when."""
    name = f"waiting-{number}"
    place = {"due_shard": {"N": str(due.shard_of(name))}, "due_at": {"N": str(to_ms(at))}}
    client: Any = engine().client
    client.put_item(TableName=machine.row.Meta.table_name, Item=key(machine, name) | place | {"version": {"N": "1"}})


def test_a_month_with_many_things_waiting_costs_queries_for_what_happens_and_not_for_what_waits(
    trade: Trade, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agendas, "ANEW_AFTER", 3600.0)
    monkeypatch.setattr(service, "SCHEDULES", ())
    for _ in range(3):
        trade.propose()
        trade.time.advance(hours=1)

    def move() -> tuple[Counter[str], int]:
        with counted() as calls:
            moved = trade.api.post("/v1/sandbox/clock", {"advance_hours": MONTH / timedelta(hours=1)}, officer)
        assert moved["arrived"] is True
        return Counter(calls), len(moved["happened"])

    for number in range(WAITING):
        wait(MACHINES[number % len(MACHINES)], number, trade.time.at + 3 * MONTH)
    calls, stops = move()
    assert stops == 3
    everything = due.SHARDS * len(MACHINES)
    assert calls["Query"] <= everything + 2 * len(MACHINES) + 6 * stops
    assert calls["GetItem"] <= 5 + 5 * stops


def test_things_that_fall_due_close_to_each_other_share_their_stop(
    trade: Trade, officer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one more costs is what it takes itself, a look for what is lent against it, what waits for officers in it: no stop, and one look at its
    part of the index. A report counts a batch at once.
    """
    monkeypatch.setattr(agendas, "ANEW_AFTER", 3600.0)
    monkeypatch.setattr(service, "SCHEDULES", ())

    def expire(number: int) -> Counter[str]:
        for _ in range(number):
            trade.propose()
            trade.time.advance(milliseconds=43)
        with counted() as calls:
            moved = trade.api.post("/v1/sandbox/clock", {"advance_hours": MONTH / timedelta(hours=1)}, officer)
        assert [(stop["what"], stop["count"]) for stop in moved["happened"]] == [("orders", number)]
        return Counter(calls)

    few, many = expire(CLOSE // 4), expire(CLOSE)
    more = CLOSE - CLOSE // 4
    assert many["Query"] <= few["Query"] + due.SHARDS
    assert many["UpdateItem"] == few["UpdateItem"] <= 3, "the clock, where it stops and where it arrives"
    ends = many["TransactWriteItems"] - few["TransactWriteItems"]
    assert more < ends <= more * 5 // 4, "its end; what is counted of several shares a transaction"
    assert many["BatchGetItem"] - few["BatchGetItem"] <= 2 * (more // service.AT_ONCE + 1)
    assert many.total() - few.total() <= 5.5 * more + due.SHARDS


@EVERY_MACHINE
def test_what_is_written_on_the_way_is_stopped_for(
    machine: Machine, aws: None, planter: Planter, time: StandingClock
) -> None:
    agenda = Agenda({machine.name: machine})
    with agenda.kept():
        assert agenda.waiting() == []
        name = planter(machine)
        [(moment, what)] = agenda.waiting()
        assert (moment, what) == (machine.due_at(name, time.at), machine.name)
        time.at = max(time.at, moment)
        machine.sweep(time.at, look=lambda: agenda.due(machine.name, moment))
        assert [at for at, _ in agenda.waiting() if at <= moment] == []
    assert machine.next_due() == next((at for at, _ in agenda.waiting()), None)


def test_what_another_thread_writes_while_it_is_asked_is_asked_for_again(aws: None, time: StandingClock) -> None:
    machine = MACHINES[0]
    asking, written = threading.Event(), threading.Event()

    class Slow(Machine):
        def due_in(self, part: int, until: datetime | None = None, limit: int | None = None) -> Iterator[Due]:
            before = list(super().due_in(part, until, limit))
            asking.set()
            assert written.wait(10)
            yield from before

    agenda = Agenda({machine.name: Slow(**vars(machine))})
    with agenda.kept(), ThreadPoolExecutor() as pool:
        looking = pool.submit(agenda.waiting)
        assert asking.wait(10)
        wait(machine, 1, time.at)
        written.set()
        assert looking.result() in ([], [(time.at, machine.name)])
        assert agenda.waiting() == [(time.at, machine.name)]


@EVERY_MACHINE
def test_nobody_stops_for_what_was_pushed_back_or_is_quarantined(
    machine: Machine, aws: None, time: StandingClock
) -> None:
    wait(machine, 1, time.at)
    wait(machine, 2, time.at)
    [one, two] = machine.due(time.at, 9)
    machine.push_back(one, time.at)
    machine.leave_index(two)
    assert Agenda({machine.name: machine}).waiting() == []
    assert machine.next_due() is None


def test_what_others_write_is_found_when_everything_is_asked_anew(
    aws: None, time: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [100.0]
    monkeypatch.setattr("chalicelib.sandbox.agenda.monotonic", lambda: seconds[0])
    agenda = Agenda({machine.name: machine for machine in MACHINES})
    assert agenda.waiting() == []
    wait(MACHINES[0], 1, time.at)
    for later, found in ((agendas.ANEW_AFTER, []), (0.1, [(time.at, MACHINES[0].name)])):
        seconds[0] += later
        agenda.refresh()
        assert agenda.waiting() == found


def test_what_is_worked_out_from_items_is_worked_out_again_when_one_is_written_or_it_is_over(
    aws: None, planter: Planter, time: StandingClock
) -> None:
    machine = MACHINES[0]
    answers = iter([time.at, None, time.at + MONTH, time.at + MONTH])
    agenda = Agenda({machine.name: machine})

    def moment() -> datetime | None:
        return agenda.worked_out(machine.name, lambda: next(answers), time.at)

    with agenda.kept():
        assert [moment(), moment(), moment()] == [time.at, None, None]
        planter(machine)
        assert [moment(), moment()] == [time.at + MONTH, time.at + MONTH]
