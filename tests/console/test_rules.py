"""An allowed action of a thing is one command: for every action that every machine lets officers do."""

from __future__ import annotations

from typing import Any, Final

import pytest

from chalicelib.console import rules
from chalicelib.registry import MACHINES
from chalicelib.route_table import ROUTES

OFFICERS: Final = frozenset({"officer", "supervisor", "lawyer"})
COMMANDS: Final = [path for method, path, *_ in ROUTES if method == "POST"]
FOLDERS: Final = {
    "acquirer_payment": "payments",
    "application": "credit-applications",
    "instruction": "bank-instructions",
    "line": "credit-lines",
    "offer": "credit-offers",
    "group": "guarantee-groups",
    "pool": "risk-pools",
    "recovery": "recoveries",
}
"""Where things are read whose folder is not the plural of their kind."""


def actions_of_officers() -> list[tuple[str, str]]:
    machines: list[Any] = [machine.rules for machine in MACHINES if machine.rules is not None]
    return sorted(
        {
            (machine.table.kind, each.name)
            for machine in machines
            for each in machine.table.transitions
            if each.actors & OFFICERS
        }
    )


def commands_for(kind: str, action: str) -> list[str]:
    folder = FOLDERS.get(kind, f"{kind.replace('_', '-')}s")
    return [
        path
        for path in COMMANDS
        if rules.thing_of(path).split("/")[:3] == ["", "v1", folder] and action in rules.actions_of(path)
    ]


@pytest.mark.parametrize(("kind", "action"), actions_of_officers())
def test_every_action_that_officers_may_be_allowed_is_a_command_of_its_thing(kind: str, action: str) -> None:
    assert commands_for(kind, action)


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (
            "/v1/claims/{claim_id}/decide-appeal",
            ["decide-appeal", "decide_appeal", "add-decide-appeal", "propose-decide-appeal"],
        ),
        ("/v1/deposits/{seller_id}/risks/{risk_id}/close", ["close-risk", "close"]),
        ("/v1/orders", []),
    ],
)
def test_a_command_is_called_after_its_path_below_the_thing(path: str, names: list[str]) -> None:
    assert rules.actions_of(path) == names
