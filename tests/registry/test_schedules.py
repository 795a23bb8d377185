"""One schedule calls one slice, so that nothing that goes wrong with one keeps another from its turn; every machine has its sweep."""

from __future__ import annotations

import ast
import json
from importlib import import_module
from pathlib import Path
from typing import Final

import app
from chalicelib.registry import MACHINES
from chalicelib.shared.machines import Machine
from chalicelib.shared.settings import settings

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
            allowed = permissions(function)
            assert f"{table}/index/due" in allowed["dynamodb:Query"], (function, table)
            assert table in allowed["dynamodb:UpdateItem"] & allowed["dynamodb:GetItem"], (function, table)
        if swept:
            assert "work" in permissions(by_schedule[machine.name])["sqs:SendMessage"], machine.name


def permissions(function: str) -> dict[str, set[str]]:
    """What a function may do, and to what, by the short names of tables, indexes and queues."""
    found: dict[str, set[str]] = {}
    policy = json.loads((Path(app.__file__).parent / ".chalice" / f"policy-{function}.json").read_text())
    for statement in policy["Statement"]:
        told = statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]
        names = {resource["Fn::Sub"].rpartition("surety-${Stage}-")[2] for resource in told}
        for action in statement["Action"]:
            found.setdefault(action, set()).update(names)
    return found


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
