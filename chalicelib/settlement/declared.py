"""What settlement declares: the state machine of what banks tell us."""

from __future__ import annotations

from typing import Final

from chalicelib.banks.records.inbox import BankEventRow
from chalicelib.banks.service import inbox
from chalicelib.settlement import jobs
from chalicelib.shared.machines import Machine

BANK_EVENTS: Final = Machine(name="bank-events", row=BankEventRow, settle=jobs.look_again, due_at=inbox.due_at)
MACHINES: Final = (BANK_EVENTS,)
