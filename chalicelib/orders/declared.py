"""What orders declare: their state machine."""

from __future__ import annotations

from typing import Final

from chalicelib.orders.records import OrderRow
from chalicelib.orders.service import settling
from chalicelib.shared.machines import Machine

ORDERS: Final = Machine(name="orders", row=OrderRow, settle=settling.settled, due_at=settling.due_at)
MACHINES: Final = (ORDERS,)
