"""What conduct declares: its state machines, of incentives and of sanctions."""

from __future__ import annotations

from typing import Final

from chalicelib.conduct.aggregate import incentives, sanctions

INCENTIVES: Final = incentives.INCENTIVES.swept
SANCTIONS: Final = sanctions.SANCTIONS.swept
MACHINES: Final = (INCENTIVES, SANCTIONS)
