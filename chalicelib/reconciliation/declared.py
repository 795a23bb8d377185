"""What reconciliation declares: the state machine of items."""

from __future__ import annotations

from typing import Final

from chalicelib.reconciliation import aggregate

ITEMS: Final = aggregate.ITEMS.swept
MACHINES: Final = (ITEMS,)
