"""What deposits declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.deposits import aggregate

DEPOSITS: Final = aggregate.DEPOSITS.swept
MACHINES: Final = (DEPOSITS,)
