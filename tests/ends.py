"""The ends of a state machine, from its table."""

from __future__ import annotations

from typing import Any

from chalicelib.shared.state_machine import Table


def endings(table: Table[Any, Any], ends: frozenset[str] | None = None) -> set[tuple[str, str]]:
    """Every transition that leads from where something is still to be done to an end, and that end.

    `ends`: where a table has none, because whoever asks may begin again.
    """
    ends = table.ends or ends or frozenset()
    return {
        (transition.name, end)
        for transition in table.transitions
        if not transition.sources <= ends
        for end in transition.targets & ends
    }
