"""One schedule calls one slice, so that nothing that goes wrong with one keeps another from its turn; every machine has its sweep."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Final

import app
from chalicelib.registry import MACHINES
from chalicelib.shared.machines import Machine
from chalicelib.shared.settings import settings
from infra.local.pollers.schedules import tick_of
from tests.due import EVERY_MACHINE, Planter
from tests.permits import acting_as, may
from tests.world import StandingClock

APP: Final = ast.parse(Path(app.__file__).read_text())
NOT_BY_THE_MINUTE: Final = {
    "deposits": "deposits_daily",  # a run of its own for each day
}


def scheduled() -> dict[str, ast.FunctionDef]:
    return {
        each.name: each
        for each in APP.body
        if isinstance(each, ast.FunctionDef) and any("schedule" in ast.unparse(told) for told in each.decorator_list)
    }


def test_one_schedule_never_calls_two_slices_in_a_row() -> None:
    assert scheduled()
    for name, function in scheduled().items():
        imported, only = function.body
        assert isinstance(imported, ast.ImportFrom), name
        assert isinstance(only, ast.Return), name
        assert isinstance(only.value, ast.Call | ast.Attribute), name
        used = {each.id for each in ast.walk(only) if isinstance(each, ast.Name)} - {
            "clock",
            "instant",
            "event",
            "_sweep",
        }
        assert used == {imported.names[0].asname or imported.names[0].name}, name


def test_every_machine_is_swept_by_a_schedule() -> None:
    swept = {machine for _, machine in swept_by_schedule()}
    assert swept | set(NOT_BY_THE_MINUTE) == {machine.name for machine in MACHINES}
    assert set(NOT_BY_THE_MINUTE.values()) <= set(scheduled())
    assert all(isinstance(machine, Machine) for machine in MACHINES)


def test_who_sweeps_a_machine_may_ask_its_index_and_push_its_items_back() -> None:
    """The schedule, the queue of work that goes on with it, and the API, whose sandbox sweeps all of them."""
    by_schedule = {machine: name for name, machine in swept_by_schedule()}
    for machine in MACHINES:
        table = machine.row.Meta.table_name.removeprefix(settings().name(""))
        swept = machine.name in by_schedule
        for function in ("api_handler", *((by_schedule[machine.name], "shards_waiting") if swept else ())):
            assert may(function, "dynamodb:Query", f"{table}/index/due"), (function, table)
            assert may(function, "dynamodb:UpdateItem", table), (function, table)
            assert may(function, "dynamodb:GetItem", table), (function, table)
        if swept:
            assert may(by_schedule[machine.name], "sqs:SendMessage", "work"), machine.name


@EVERY_MACHINE
def test_what_a_schedule_does_it_may(machine: Machine, planter: Planter, time: StandingClock) -> None:
    """The schedule settles a real item of its machine, and asks nothing of AWS that its policy does not grant."""
    by_schedule = {name: schedule for schedule, name in swept_by_schedule()} | NOT_BY_THE_MINUTE
    name = planter(machine)
    due_at = machine.due_at(name, time.at)
    assert due_at is not None
    time.at = due_at
    with acting_as(by_schedule[machine.name]):
        app.app.handler_map[by_schedule[machine.name]](tick_of(by_schedule[machine.name], due_at), None)


def swept_by_schedule() -> list[tuple[str, str]]:
    """Functions and the machines they sweep."""
    return [
        (name, _imported(function, call.args[0].id).name)
        for name, function in scheduled().items()
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "_sweep" and isinstance(call.args[0], ast.Name)
    ]


def _imported(function: ast.FunctionDef, name: str) -> Machine:
    """What a function imports under a name."""
    [told] = [each for each in function.body if isinstance(each, ast.ImportFrom) and each.names[0].name == name]
    machine: Machine = getattr(import_module(str(told.module)), name)
    return machine
