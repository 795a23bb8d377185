"""What settlement declares: the state machine of what banks tell us."""

from __future__ import annotations

from typing import Final

from chalicelib.bank_events import aggregate, jobs
from chalicelib.banks.service import inbox
from chalicelib.shared.machines import Machine

BANK_EVENTS: Final = Machine(
    name=aggregate.BANK_EVENTS.name,
    row=aggregate.BANK_EVENTS.repository.row,
    settle=jobs.look_again,
    due_at=inbox.due_at,
    rules=aggregate.BANK_EVENTS.machine,
    aggregate=aggregate.BANK_EVENTS,
)
MACHINES: Final = (BANK_EVENTS,)
