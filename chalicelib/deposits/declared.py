"""What deposits declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.deposits.records import DepositRow
from chalicelib.deposits.service import settling
from chalicelib.shared.machines import Machine

DEPOSITS: Final = Machine(name="deposits", row=DepositRow, settle=settling.settled, due_at=settling.due_at)
MACHINES: Final = (DEPOSITS,)
