"""The words for codes of state machines, alerts and sanctions: what a client shows people where the API says `part_funded`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from chalicelib.conduct.rules.sanction import Ground, Measure
from chalicelib.monitoring.rules.finding import Level, Rule
from chalicelib.office.rules.task import waiting_names
from chalicelib.office.rules.things import THINGS
from chalicelib.registry import MACHINES
from chalicelib.shared.state_machine import StateMachine, Table
from chalicelib.suppliers.rules.coverage import STATUSES


def codes() -> dict[str, list[str]]:
    """Kinds of things, their statuses and what else becomes of them, who acts, what deadlines are called, and so on; each in order."""
    machines = [machine.rules for machine in MACHINES if machine.rules is not None]
    found = {
        "kind": {machine.table.kind for machine in machines} | {thing.kind for thing in THINGS.values()},
        "status": {code for machine in machines for code in _statuses(machine)},
        "actor": {actor for machine in machines for each in machine.table.transitions for actor in each.actors},
        "deadline": {timer.name for machine in machines for timer in machine.timers} | waiting_names(),
        "rule": set(get_args(Rule)),
        "level": set(get_args(Level)),
        "measure": set(get_args(Measure)),
        "ground": set(get_args(Ground)),
        "programme": set(STATUSES),
    }
    return {context: sorted(filter(None, words)) for context, words in found.items()}


def _statuses(machine: StateMachine[Any, Any]) -> Iterator[str]:
    table: Table[Any, Any] = machine.table
    for transition in table.transitions:
        yield from transition.sources
        yield from () if callable(transition.targets) else transition.targets
    yield from table.ends
    yield from (timer.outcome for timer in machine.timers if isinstance(timer.outcome, str))
