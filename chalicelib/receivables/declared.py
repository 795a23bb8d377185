"""What receivables declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.receivables import aggregate

RECEIVABLES: Final = aggregate.RECEIVABLES.swept
MACHINES: Final = (RECEIVABLES,)
