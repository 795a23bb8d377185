"""What claims declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.claims import aggregate

CLAIMS: Final = aggregate.CLAIMS.swept
MACHINES: Final = (CLAIMS,)
