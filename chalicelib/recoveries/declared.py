"""What recoveries declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.recoveries import aggregate

RECOVERIES: Final = aggregate.RECOVERIES.swept
MACHINES: Final = (RECOVERIES,)
