"""What cases declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.cases import aggregate

CASES: Final = aggregate.CASES.swept
MACHINES: Final = (CASES,)
