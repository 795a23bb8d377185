"""What claims declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.claims.records import ClaimRow
from chalicelib.claims.service import settling
from chalicelib.shared.machines import Machine

CLAIMS: Final = Machine(name="claims", row=ClaimRow, settle=settling.settled, due_at=settling.due_at)
MACHINES: Final = (CLAIMS,)
