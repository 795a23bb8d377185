"""The clock stops for everything in order, and as seldom as that allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.monitoring import jobs as monitoring
from chalicelib.orders.declared import ORDERS
from chalicelib.recoveries import jobs as recoveries
from chalicelib.sandbox import way as ways
from chalicelib.sandbox.agenda import Agenda
from chalicelib.sandbox.rules import BOOKS_CLOSE, Schedule
from chalicelib.sandbox.way import ARRIVAL, TOGETHER, Stop, Way
from chalicelib.shared.machines import Due, Machine
from chalicelib.webhooks.declared import DELIVERIES
from tests.world import START

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
NAMES = ("orders", "claims", "bank-events")
DUES = st.lists(st.tuples(st.sampled_from(NAMES), st.integers(0, 600)), max_size=40)


class Waiting(Machine):
    """Things that fall due at these moments."""

    dues: list[datetime]

    def due_in(self, part: int, until: datetime | None = None, limit: int | None = None) -> Iterator[Due]:
        yield from (Due(moment, "aggregate_id") for moment in sorted(self.dues) if part == 0)


def machine(name: str, dues: list[datetime]) -> Machine:
    waiting = Waiting(**vars(ORDERS) | {"name": name})
    object.__setattr__(waiting, "dues", dues)
    return waiting


Travel = Callable[..., list[Stop]]


@pytest.fixture(scope="module")
def travel() -> Iterator[Travel]:
    def travel(dues: dict[str, list[datetime]], *schedules: Schedule, until: datetime = START + DAY) -> list[Stop]:
        """All stops on the way to a moment. What is due at one is done there."""
        agenda = Agenda({name: machine(name, moments) for name, moments in dues.items()})
        way, stops = Way(until, agenda, schedules, patience=1.0), [Stop(START, START, "")]
        while stops[-1].what != ARRIVAL:
            stops.append(way.next_stop(stops[-1].at))
            if left := dues.get(stops[-1].what):
                left[:] = [moment for moment in left if moment > stops[-1].at]
                agenda.ask_again(stops[-1].what)
        return stops[1:]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recoveries, "next_set_off", lambda: None)
        patch.setattr(monitoring, "next_decision", lambda: None)
        yield travel


def test_what_falls_due_of_one_machine_within_a_minute_takes_one_stop_at_the_last_of_it(travel: Travel) -> None:
    dues = [START + number * SECOND for number in range(1, 60)]
    lone = START + timedelta(hours=5)
    assert [(stop.at, stop.due, stop.what) for stop in travel({"orders": [*dues, lone]})[:-1]] == [
        (dues[-1], dues[0], "orders"),
        (lone, lone, "orders"),
    ]


def test_no_stop_passes_by_what_another_machine_or_a_schedule_waits_for(travel: Travel) -> None:
    close = Schedule(BOOKS_CLOSE, START.hour, START.minute + 1)
    orders = [START + SECOND * seconds for seconds in (10, 20, 40, 50, 70)]
    stops = travel({"orders": orders, "claims": [START + 30 * SECOND]}, close, until=START + 65 * SECOND)
    assert [((stop.at - START) // SECOND, stop.what) for stop in stops] == [
        (20, "orders"),
        (30, "claims"),
        (50, "orders"),
        (60, BOOKS_CLOSE),
        (65, ARRIVAL),
    ]


@given(DUES)
def test_everything_is_taken_within_a_minute_and_in_order(travel: Travel, told: list[tuple[str, int]]) -> None:
    dues = {name: [START + seconds * SECOND for each, seconds in told if each == name] for name in NAMES}
    things = sorted((moment, name) for name, moments in dues.items() for moment in moments)
    stops = travel(dues)
    taken = {
        (moment, name): next(stop.at for stop in stops if stop.what == name and stop.at >= moment)
        for moment, name in things
    }
    assert all(moment <= at <= moment + TOGETHER for (moment, _), at in taken.items())
    for (moment, name), at in taken.items():
        assert not [later for later in things if later[1] != name and later[0] > moment and taken[later] < at]
    assert len(stops) <= 1 + len(set(things))
    assert (dues, stops[-1].what) == ({name: [] for name in NAMES}, ARRIVAL)


def test_nobody_waits_for_messages_when_patience_is_spent(travel: Travel) -> None:
    due = {DELIVERIES.name: START + DAY / 2, "orders": START + DAY / 2 + timedelta(minutes=5)}
    way = Way(START + DAY, Agenda({name: machine(name, [at]) for name, at in due.items()}), (), patience=0.0)
    assert way.next_stop(START).what == "orders"
    way.patience = 0.1
    assert way.next_stop(START).what == DELIVERIES.name


def test_nobody_waits_at_one_moment_for_ever(travel: Travel) -> None:
    agenda = Agenda({"orders": machine("orders", [START])})
    way = Way(START + DAY, agenda, (), patience=1.0)
    assert [way.next_stop(START).what for _ in range(ways.MOST_STOPS + 1)] == ["orders"] * ways.MOST_STOPS + [ARRIVAL]
