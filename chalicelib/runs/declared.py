"""What runs declare: the state machine of what is not over."""

from __future__ import annotations

from typing import Final

from chalicelib.runs import service
from chalicelib.runs.records import ITSELF, RunRow
from chalicelib.shared.machines import Machine

RUNS: Final = Machine(name="runs", row=RunRow, range_key=str(ITSELF), settle=service.settled, due_at=service.due_at)
MACHINES: Final = (RUNS,)
