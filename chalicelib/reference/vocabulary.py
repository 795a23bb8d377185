"""The words for codes of state machines, alerts and sanctions: what a client shows people where the API says `part_funded`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, get_args

from chalicelib import slices
from chalicelib.claims.rules.claim import FileStatus, Kind, OfferStatus
from chalicelib.conduct.rules.sanction import Ground, Measure
from chalicelib.guarantees.rules.call import ShareStatus
from chalicelib.monitoring.rules.alert import SubjectKind
from chalicelib.monitoring.rules.finding import Level, Rule
from chalicelib.office.rules.task import waiting_names
from chalicelib.office.rules.things import THINGS
from chalicelib.receivables.rules.receivable import Kind as ReceivableKind
from chalicelib.registry import MACHINES
from chalicelib.runs.rules import RunStatus
from chalicelib.shared.state_machine import BY_ITSELF, StateMachine, Table
from chalicelib.suppliers.rules.coverage import STATUSES

_OF_PARTS: Final = [code for form in (FileStatus, OfferStatus, ShareStatus, RunStatus) for code in get_args(form)]
"""Statuses of what is no machine: a claim's files and offers, the shares of a call, runs."""
_DONE_TO_A_THING: Final = re.compile(r"/v1/.*\}/([a-z-]+)")
"""The last word of a path below an id: what its POST does."""


def codes() -> dict[str, list[str]]:
    """Kinds of things, their statuses and what else becomes of them, who acts, what deadlines are called, and so on; each in order."""
    machines = [machine.rules for machine in MACHINES if machine.rules is not None]
    found = {
        "kind": {
            *(machine.table.kind for machine in machines),
            *(thing.kind for thing in THINGS.values()),
            *get_args(ReceivableKind),
            *get_args(SubjectKind),
        },
        "status": {*(code for machine in machines for code in _statuses(machine)), *_OF_PARTS},
        "action": {*_actions(machines), *_commands()},
        "actor": {actor for machine in machines for each in machine.table.transitions for actor in each.actors},
        "deadline": {timer.name for machine in machines for timer in machine.timers} | waiting_names(),
        "rule": set(get_args(Rule)),
        "level": set(get_args(Level)),
        "measure": set(get_args(Measure)),
        "ground": set(get_args(Ground)),
        "programme": set(STATUSES),
        "remedy": set(get_args(Kind)),
    }
    return {context: sorted(filter(None, words)) for context, words in found.items()}


def _actions(machines: list[StateMachine[Any, Any]]) -> Iterator[str]:
    """What `allowed_actions` name: transitions that people make. Other machines and the clock make theirs unasked."""
    unasked = BY_ITSELF | {machine.table.kind for machine in machines}
    for machine in machines:
        yield from (each.name for each in machine.table.transitions if each.actors - unasked)


def _commands() -> Iterator[str]:
    for endpoint in (endpoint for routes in slices.every() for endpoint in routes.endpoints):
        found = _DONE_TO_A_THING.fullmatch(endpoint.path)
        if found and endpoint.keyed:
            yield found[1]


def _statuses(machine: StateMachine[Any, Any]) -> Iterator[str]:
    table: Table[Any, Any] = machine.table
    for transition in table.transitions:
        yield from transition.sources
        yield from () if callable(transition.targets) else transition.targets
    yield from table.ends
    yield from (timer.outcome for timer in machine.timers if isinstance(timer.outcome, str))
