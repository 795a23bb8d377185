"""What loans declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.loans import aggregate

LOANS: Final = aggregate.LOANS.swept
MACHINES: Final = (LOANS,)
