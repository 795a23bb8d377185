"""What recoveries declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.recoveries.records import RecoveryRow
from chalicelib.recoveries.service import settling
from chalicelib.shared.machines import Machine

RECOVERIES: Final = Machine(name="recoveries", row=RecoveryRow, settle=settling.settled, due_at=settling.due_at)
MACHINES: Final = (RECOVERIES,)
