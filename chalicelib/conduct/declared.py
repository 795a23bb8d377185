"""What conduct declares: the state machine of incentives."""

from __future__ import annotations

from typing import Final

from chalicelib.conduct import aggregate

INCENTIVES: Final = aggregate.INCENTIVES.swept
MACHINES: Final = (INCENTIVES,)
