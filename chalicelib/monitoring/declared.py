"""What monitoring declares: its state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.monitoring import aggregate

ALERTS: Final = aggregate.ALERTS.swept
MACHINES: Final = (ALERTS,)
