"""What quotes declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.quotes import aggregate

QUOTES: Final = aggregate.QUOTES.swept
MACHINES: Final = (QUOTES,)
