"""What firms declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.firms import aggregate

FIRMS: Final = aggregate.FIRMS.swept
MACHINES: Final = (FIRMS,)
