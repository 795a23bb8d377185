"""What listings declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.listings import aggregate

LISTINGS: Final = aggregate.LISTINGS.swept
MACHINES: Final = (LISTINGS,)
