"""One schedule calls one slice, so that nothing that goes wrong with one keeps another from its turn; every machine has its sweep."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Final

import app
from chalicelib.registry import MACHINES
from chalicelib.shared.machines import Machine

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
        [only] = function.body
        assert isinstance(only, ast.Return), name
        assert isinstance(only.value, ast.Call | ast.Attribute), name
        used = {each.id for each in ast.walk(only) if isinstance(each, ast.Name)} - {"clock", "instant", "event"}
        assert len(used - {"sweeps"}) == 1, name


def test_every_machine_is_swept_by_a_schedule() -> None:
    swept = {
        getattr(app, call.args[0].id).name
        for function in scheduled().values()
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "sweeps.sweep"
        and isinstance(call.args[0], ast.Name)
    }
    assert swept | set(NOT_BY_THE_MINUTE) == {machine.name for machine in MACHINES}
    assert set(NOT_BY_THE_MINUTE.values()) <= set(scheduled())
    assert all(isinstance(machine, Machine) for machine in MACHINES)
