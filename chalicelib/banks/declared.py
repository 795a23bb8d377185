"""What banks declare: the state machine of the instructions they are given. That of their events belongs to who applies them."""

from __future__ import annotations

from typing import Final

from chalicelib.banks import aggregate
from chalicelib.banks.records.outbox import InstructionRow
from chalicelib.banks.rules import timers
from chalicelib.banks.service import outbox
from chalicelib.shared.machines import Machine

INSTRUCTIONS: Final = Machine(
    name="bank-instructions",
    row=InstructionRow,
    settle=lambda instruction_id, now: outbox.dispatch(instruction_id),
    due_at=outbox.due_at,
    rules=timers.MACHINE,
    aggregate=aggregate.INSTRUCTIONS,
)
MACHINES: Final = (INSTRUCTIONS,)
