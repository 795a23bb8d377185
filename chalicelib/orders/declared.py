"""What orders declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.orders import aggregate

ORDERS: Final = aggregate.ORDERS.swept
MACHINES: Final = (ORDERS,)
